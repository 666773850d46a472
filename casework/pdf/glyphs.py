"""Which characters no font of this machine can draw, so that nobody issues a letter full of boxes."""

import subprocess
import unicodedata
from bisect import bisect_right
from functools import cache

from casework.domain.errors import SettingsError

_FC_LIST = ("fc-list", "--format", "%{charset}\n")
_DRAWS_NOTHING = {"Zs", "Zl", "Zp", "Cf"}  # spaces and the invisible marks that steer direction and joining
_PLAIN = {"\n", "\t", "\r"}


def unprintable(text: str) -> list[str]:
    """The characters of the text that would print as empty boxes, each once, in order.

    Raises SettingsError when the machine cannot say which fonts it has.
    """
    return [character for character in dict.fromkeys(text) if not _can_draw(character)]


def _can_draw(character: str) -> bool:
    if character in _PLAIN or unicodedata.category(character) in _DRAWS_NOTHING:
        return True
    starts, ends = _drawable()
    at = bisect_right(starts, ord(character)) - 1
    return at >= 0 and ord(character) <= ends[at]


@cache
def _drawable() -> tuple[list[int], list[int]]:
    """The first and last code points of the runs that some installed font can draw, in order."""
    try:
        listed = subprocess.run(_FC_LIST, capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise SettingsError(
            "This machine cannot say which fonts it has. Put in what is missing with: "
            "sudo apt-get install fontconfig fonts-noto-core"
        ) from error
    runs = sorted({_run(part) for line in set(listed.splitlines()) for part in line.split()})
    joined: list[list[int]] = []
    for first, last in runs:
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return [first for first, _ in joined], [last for _, last in joined]


def _run(part: str) -> tuple[int, int]:
    first, _, last = part.partition("-")
    return int(first, 16), int(last or first, 16)
