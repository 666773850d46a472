"""The tick boxes of what is to be done, on the board and among what everybody has in hand: what each of them names."""

from flask import request

from casework.domain.case.hands import ThingKind
from casework.services.case.hands import MOST_AT_ONCE, Pick
from casework.web.fields import whole_number


def picked(name: str) -> list[Pick]:
    """What the tick boxes of this name that were sent name, as many as go at once."""
    return [pick for text in request.form.getlist(name)[:MOST_AT_ONCE] if (pick := _pick(text))]


def _pick(text: str) -> Pick | None:
    """What a tick box named: "d12.3" is date 12, of which person 3 took care then. None for anything else."""
    row, seen = (whole_number(part) or None for part in text[1:].partition(".")[::2])
    return Pick(ThingKind(text[:1]), row, seen) if row and text[:1] in set(ThingKind) else None
