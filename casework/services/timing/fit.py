"""Whether a rule fits the person of a case on a day: from the places and the departures that the case tells of."""

from datetime import date

from casework.domain.case.places import held_on
from casework.domain.dates import spoken
from casework.domain.timing import fit
from casework.domain.timing.deadline_rules import DeadlineRule, Fits
from casework.services.case.whereabouts import left_on
from casework.services.consent.need_to_know import all_places
from casework.services.parliament.directory import directory
from casework.storage.models import Case, CasePlace

# What each kind of place in the directory is, and which rules ask for it.
KINDS = {
    "IRC": ("a removal centre", Fits.REMOVAL_CENTRE),
    "RSTHF": ("a residential short-term holding facility", Fits.SHORT_TERM_FACILITY),
    "STHF": ("a short-term holding facility, not a residential one", None),
    "prison": ("a prison", None),
}


def misfit(case: Case, rule: DeadlineRule, on: date, variant: str | None = None) -> str:
    """Why the rule does not fit this person on this day, as a sentence for beside the field; empty when it does."""
    return fit.misfit(rule, variant, untrue_of(case, on)) if rule.is_for_some else ""


def untrue_of(case: Case, on: date) -> dict[Fits, str]:
    """What is not so of the person on this day, each with how the case knows it. On the day of departure both are."""
    left = left_on(case, on)
    held = held_on(all_places(case), on)
    found = {}
    if left is None:
        found[Fits.ABROAD] = (
            "The case does not say that the person has left. If they have, record that first."
        )
    elif left < on:
        found[Fits.IN_UK] = f"The case says that the person left on {spoken(left)}."
        held = []
    if held:
        where = held[0].name or "a place of detention"
        found[Fits.NOT_DETAINED] = f"The case says that the person was held on {spoken(on)}: {where}."
        found |= _untrue_of_place(held[0])
    else:
        found[Fits.DETAINED] = (
            f"The case has no place of detention for {spoken(on)}. If they were held, add the place first."
        )
    return found


def _untrue_of_place(place: CasePlace) -> dict[Fits, str]:
    """What is not so of a place of detention, as the directory knows it; one that it does not know may be anything."""
    if not place.place_id:
        return {}
    known = directory().place(place.place_id)
    words, fits = KINDS[known.kind]
    return {
        one: f"{known.name} is {words}."
        for one in (Fits.REMOVAL_CENTRE, Fits.SHORT_TERM_FACILITY)
        if one is not fits
    }
