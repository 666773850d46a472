"""A case: names, references and the dated list of places."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise


class PlaceKind(StrEnum):
    """What a place was to the person."""

    HOME = "home"
    CARE_OF = "care of"
    NO_FIXED_ABODE = "no fixed abode"
    FORMER_HOME = "former home"
    DETENTION = "detention"


PLACE_WORDS = {
    PlaceKind.HOME: "Home",
    PlaceKind.CARE_OF: "Staying with somebody (care of)",
    PlaceKind.NO_FIXED_ABODE: "No fixed address: where they usually slept or can be reached",
    PlaceKind.FORMER_HOME: "A former home, even if nobody knows the dates",
    PlaceKind.DETENTION: "Place of detention",
}


@dataclass(frozen=True)
class ReferenceKind:
    """A kind of number that an office knows a person by, with what it usually looks like.

    The shapes are general knowledge and nobody has checked them with the offices, so an unusual number is
    remarked on and never refused.
    """

    key: str
    label: str
    hint: str
    shape: str


REFERENCE_KINDS = {
    key: ReferenceKind(key, label, hint, shape)
    for key, label, hint, shape in (
        (
            "home_office",
            "Home Office reference",
            "a letter and seven digits, like A1234567",
            r"[A-Z]\d{6,8}(/\d+)?",
        ),
        (
            "port",
            "Port reference",
            "letters, digits and slashes, like ABC/1234567",
            r"[A-Z]{2,4}/\d{5,9}(/.*)?",
        ),
        ("cid", "Case ID (CID)", "up to nine digits", r"\d{5,9}"),
        (
            "uan",
            "Application number (UAN)",
            "groups of four digits, like 1234-5678-9012-3456",
            r"(\d{4}-){3}\d{4}",
        ),
        ("tribunal", "Tribunal number", "like PA/12345/2026 or HU/12345/2026", r"[A-Z]{2}/\d{4,6}/\d{4}"),
        ("bail", "Bail number", "like BAIL/12345 or a tribunal number", r"[A-Z]{2,4}/\d{3,}(/\d{2,4})?"),
        (
            "prison",
            "Prison or detention number",
            "like A1234BC; centres have their own",
            r"[A-Z]\d{4}[A-Z]{2}",
        ),
    )
}


def looks_unusual(kind: str, value: str) -> bool:
    """Whether a reference has another shape than its kind usually has: worth a second look, no more."""
    return not re.fullmatch(REFERENCE_KINDS[kind].shape, value.strip().upper())


@dataclass(frozen=True)
class Stay:
    """A time at one place: from a day to a day, either end unknown or open."""

    label: str
    kind: PlaceKind
    since: date | None
    until: date | None

    @property
    def is_detention(self) -> bool:
        return self.kind is PlaceKind.DETENTION

    def covers(self, day: date) -> bool:
        """Whether the person was there on this day; an unknown beginning counts as long ago."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def remarks_on_stays(stays: list[Stay]) -> list[str]:
    """Overlaps and gaps in a list of places, in sentences. They are shown and never refused.

    A home and a place of detention may run side by side: somebody detained still has a home.
    """
    remarks = []
    for held in (True, False):
        dated = [stay for stay in stays if stay.is_detention == held and stay.since]
        dated.sort(key=lambda stay: stay.since or date.min)
        for earlier, later in pairwise(dated):
            remarks += _remark(earlier, later)
    backwards = [stay for stay in stays if stay.since and stay.until and stay.until < stay.since]
    return remarks + [f"{stay.label} ends before it begins." for stay in backwards]


def _remark(earlier: Stay, later: Stay) -> list[str]:
    assert later.since
    if earlier.until is None:
        return [f"{earlier.label} has no last day, and {later.label} begins later. Is the first one over?"]
    if later.since < earlier.until:
        return [f"{earlier.label} and {later.label} overlap."]
    gap = (later.since - earlier.until).days - 1
    if gap > 0:
        days = "1 day is" if gap == 1 else f"{gap:,} days are"
        return [f"{days} not covered between {earlier.label} and {later.label}."]
    return []
