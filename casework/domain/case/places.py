"""Where somebody was and is: their homes and places of detention over time, and which of them counts on a day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, TypeVar


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


class DatedPlace(Protocol):
    """A place from a day to a day, either end unknown or open: a row of a case, or anything of that shape."""

    @property
    def kind(self) -> str: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...


Place = TypeVar("Place", bound=DatedPlace)


def is_there(place: DatedPlace, day: date) -> bool:
    """Whether the days of this place include the day; an unknown beginning counts as long ago."""
    return _has_begun(place, day) and (place.until is None or day <= place.until)


def held_on(places: Iterable[Place], day: date) -> list[Place]:
    """The places of detention on this day, the newest first."""
    return _present([place for place in places if place.kind == PlaceKind.DETENTION], day)


def detention_began(places: Iterable[Place], day: date) -> date | None:
    """The day on which the detention of this day began, through every transfer; None when it is not known.

    A new place counts as a transfer when it begins by the day after the one before it ended.
    """
    places = list(places)
    began = next((place.since for place in held_on(places, day)), None)
    while began is not None:
        before = [
            place.since
            for place in places
            if place.kind == PlaceKind.DETENTION and place.since and place.since < began
            and (place.until is None or place.until >= began - timedelta(days=1))
        ]  # fmt: skip
        if not before:
            return began
        began = min(before)
    return None


def homes_on(places: Iterable[Place], day: date) -> list[Place]:
    """The homes on this day, the newest first.

    A former home is never one of them. Somebody who is detained and has no other keeps the home they left last.
    """
    places = list(places)
    homes = _known_homes(places, day)
    now = _present([home for home in homes if home.kind != PlaceKind.FORMER_HOME], day)
    if now or not held_on(places, day):
        return now
    return sorted(homes, key=_left, reverse=True)[:1]


def home_on(places: Iterable[Place], day: date) -> Place | None:
    """The home on this day, the newest where there are several; None when none is known."""
    return next(iter(homes_on(places, day)), None)


def may_have_been_on(places: Iterable[Place], day: date) -> list[Place]:
    """Every place where the person may have been on this day, the likeliest first: on the day of a move both.

    Whoever is held is not at home, but on the day on which that begins or ends they may have been.
    """
    places = list(places)
    there = [place for place in places if is_there(place, day)]
    held = [place for place in there if place.kind == PlaceKind.DETENTION]
    moved = [
        place
        for place in there
        if place not in held and (place.kind != PlaceKind.FORMER_HOME or place.until == day)
    ]
    homes = list(dict.fromkeys((*homes_on(places, day), *moved)))
    if not held:
        return homes
    at_home_too = all(place.since == day for place in held) or all(place.until == day for place in held)
    return list(dict.fromkeys((*held_on(places, day), *held, *(homes if at_home_too else ()))))


def former_homes_on(places: Iterable[Place], day: date) -> list[Place]:
    """The homes that were left by this day, the last one left first; those with no known last day come last."""
    places = list(places)
    homes = homes_on(places, day)
    return sorted((home for home in _known_homes(places, day) if home not in homes), key=_left, reverse=True)


def has_home(places: Iterable[DatedPlace], day: date) -> bool:
    """Whether any home up to this day is known, a former one too."""
    return bool(_known_homes(places, day))


def _known_homes(places: Iterable[Place], day: date) -> list[Place]:
    return [place for place in places if place.kind != PlaceKind.DETENTION and _has_begun(place, day)]


def _has_begun(place: DatedPlace, day: date) -> bool:
    return place.since is None or place.since <= day


def left_since(
    places: Iterable[Place], counts: Callable[[Place], bool], begun: date, day: date
) -> Place | None:
    """Where the person was when something was begun, and is not on this day; None where they still are there.

    `counts` says of which places this is asked: those of one constituency. A place of detention comes before a home.
    """
    every = list(places)
    for now, is_held in ((held_on(every, day), True), (homes_on(every, day), False)):
        left = [
            one
            for one in every
            if counts(one)
            and (one.kind == PlaceKind.DETENTION) is is_held
            and (one.until and begun <= one.until <= day)
            and one not in now
        ]
        if left and not any(map(counts, now)):
            return max(left, key=_left)
    return None


def _present(places: Iterable[Place], day: date) -> list[Place]:
    """Where the person is on this day. On the day of a move it is the new place, not the old one too."""
    here = [place for place in places if is_there(place, day)]
    arrived = [place for place in here if place.since == day]
    if arrived:
        reached = [place for place in arrived if place.until != day] or arrived
        here = [place for place in here if place.until != day or place in reached]
    return sorted(here, key=lambda place: place.since or date.min, reverse=True)


def _left(home: DatedPlace) -> tuple[date, date]:
    """When a home was left, for putting homes in order; a former home with no last day counts as left long ago."""
    unknown = date.min if home.kind == PlaceKind.FORMER_HOME else date.max
    return home.until or unknown, home.since or date.min


@dataclass(frozen=True)
class Stay:
    """A time at one place, with what to call it."""

    label: str
    kind: PlaceKind
    since: date | None
    until: date | None


def remarks_on_stays(stays: list[Stay]) -> list[str]:
    """Overlaps and gaps in a list of places, in sentences. They are shown and never refused.

    A home and a place of detention may run side by side: somebody detained still has a home.
    """
    remarks = []
    for held in (True, False):
        dated = [stay for stay in stays if (stay.kind is PlaceKind.DETENTION) == held and stay.since]
        dated.sort(key=lambda stay: stay.since or date.min)
        for earlier, later in pairwise(dated):
            remarks += _remark(earlier, later)
    backwards = [stay for stay in stays if stay.since and stay.until and stay.until < stay.since]
    return remarks + [f"{stay.label} ends before it begins." for stay in backwards]


def _remark(earlier: Stay, later: Stay) -> list[str]:
    assert later.since
    if earlier.until is None:
        if earlier.kind is PlaceKind.FORMER_HOME:
            return []
        return [f"{earlier.label} has no last day, and {later.label} begins later. Is the first one over?"]
    if later.since < earlier.until:
        return [f"{earlier.label} and {later.label} overlap."]
    gap = (later.since - earlier.until).days - 1
    if gap > 0:
        days = "1 day is" if gap == 1 else f"{gap:,} days are"
        return [f"{days} not covered between {earlier.label} and {later.label}."]
    return []
