"""The homes of a case as whoever asks may see them: a hidden home is left out, and no older one takes its place."""

from collections.abc import Sequence
from datetime import date

from casework.domain.case.places import PlaceKind, former_homes_on, homes_on
from casework.services.consent.need_to_know import all_places
from casework.storage.models import Case, CasePlace


def home_seen(case: Case, day: date) -> CasePlace | None:
    """The home on this day, the newest that is seen where there are several; None when none is seen or known."""
    return next((row for row in homes_on(places_to_count(case), day) if row in case.places), None)


def is_home_hidden(case: Case, day: date, places: Sequence[CasePlace] | None = None) -> bool:
    """Whether there is a home on this day, and whoever asks sees none. `places` as in `places_to_count`."""
    there = homes_on(places_to_count(case, places), day)
    return bool(there) and not any(row in case.places for row in there)


def former_homes_seen(case: Case, day: date) -> list[CasePlace]:
    """The homes that were left by this day and are seen, the last one left first."""
    return [row for row in former_homes_on(places_to_count(case), day) if row in case.places]


def places_to_count(case: Case, places: Sequence[CasePlace] | None = None) -> list[CasePlace]:
    """The places that are seen and every home, hidden ones too: for telling which home is which, never to be shown.

    `places` are all of the case, where they were asked for already.
    """
    every = all_places(case) if places is None else places
    return [row for row in every if row in case.places or row.kind != PlaceKind.DETENTION]
