"""Packs: several papers of a case bound into one PDF. Of which kind, for whom, and what can go in."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from casework.domain.consent.publicity import Audience


class PackKind(StrEnum):
    """A pack to take along or hand in, one for the first hour, or one that proves what was written and answered."""

    FIRST = "first"
    PACK = "pack"
    EVIDENCE = "evidence"


AUDIENCES: dict[PackKind, tuple[Audience, ...]] = {
    PackKind.FIRST: (Audience.LAWYER,),
    PackKind.PACK: (Audience.LAWYER, Audience.OFFICE, Audience.SUPPORTERS),
    PackKind.EVIDENCE: (Audience.LAWYER, Audience.OFFICE),
}


@dataclass(frozen=True)
class Item:
    """Something that can go into a pack. `stops` says why it cannot, `is_original` that it is attached as it came."""

    key: str
    title: str
    about: str = ""
    stops: str = ""
    is_chosen: bool = True
    is_original: bool = False


def asks_to_look(items: Iterable[Item], audience: Audience) -> bool:
    """Whether somebody has to look through these first: what a scan tells, only the lawyer may hear unseen."""
    return audience is not Audience.LAWYER and any(one.is_original for one in items)
