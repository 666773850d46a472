"""Room to write: what only the signer can say, as ruled lines for their own hand in place of a gap."""

import re
from collections.abc import Callable

OWN = "in my own words"
_GAP = re.compile(rf"\[([^\[\]\n]{{0,100}}{OWN})\]")
_ROOM = re.compile("\ue010([^\ue010\ue011]*)\ue011")


def own_gaps(text: str) -> list[str]:
    """The gaps that only the signer can fill: "why this matters to me, in my own words"."""
    return [found.group(1) for found in _GAP.finditer(text)]


def with_room(text: str) -> str:
    """The text with a mark in place of each gap that only the signer can fill; `drawn` turns it into lines."""
    return _GAP.sub("\ue010\\1\ue011", text)


def drawn(text: str, room: Callable[[str], str]) -> str:
    """The text with what `room` makes of each mark."""
    return _ROOM.sub(lambda found: room(found.group(1)), text)
