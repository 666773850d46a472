"""A letter of a case as a PDF for the terminal: issued, as its draft stands, or filled in from the case."""

from dataclasses import dataclass

from casework import clock
from casework.domain.case.places import held_on
from casework.domain.errors import CaseworkError
from casework.domain.letters.letters import LetterTemplate, Missing, refuse_unfinished
from casework.domain.said import OR, names
from casework.domain.words import say
from casework.services.case import cases
from casework.services.case.homes import former_homes_seen, home_seen
from casework.services.consent import recall
from casework.services.letters import (
    disclosure,
    letter_checks,
    letter_pages,
    letter_readers,
    letter_signers,
    letters,
)
from casework.services.parliament import finding_seats, ministers
from casework.services.safety import audit
from casework.storage.asking import Asking, asking_for
from casework.storage.database import db
from casework.storage.models import Case, Letter


@dataclass(frozen=True)
class Printed:
    """The PDF, what stands in it as a gap, and what it is in words."""

    pdf: bytes
    missing: tuple[Missing, ...]
    words: str


def print_letter(key: str, reference: str, place: str | None, *, with_gaps: bool = False) -> Printed:
    """The newest letter of this kind in the case, else one filled in from the case and not kept.

    Raises CaseworkError for what is missing (unless `with_gaps`) and, always, for what there is no consent to tell.
    """
    case = cases.case_on_this_machine(reference)
    with asking_for(Asking(case.group_id)):
        return _print(case, key, place, with_gaps=with_gaps)


def _print(case: Case, key: str, place: str | None, *, with_gaps: bool) -> Printed:
    template = letter_pages.letters().template(key)
    gss_code = _reader(case, template, place) if template.may_name_member else None
    letter = _newest(case, key, gss_code if place else None)
    if letter is not None and letter.sha256:
        pdf = recall.copy_of(letter)
        _record(case, letter, key)
        return Printed(pdf, (), "as it was issued")
    words = "as its draft stands"
    if letter is None:
        letter_readers.check_reader(template, gss_code)
        letter = Letter(
            case_id=case.id,
            template=key,
            gss_code=gss_code,
            facts=letter_signers.first_facts(case, template, None, None),
        )
        letter.case = case
        letter.blocks = letter_pages.letters().prefill(key, letter_pages.prefilled_from(letter))
        words = "filled in from the case, and not kept there"
    with letter_pages.standing_still(letter):
        missing = tuple(letters.gaps(letter))
        if not with_gaps:
            refuse_unfinished(list(missing))
        disclosure.refuse(letter_pages.taken_out(letter))
        letter_checks.refuse_unprintable(letter)
        pdf = letter_pages.preview(letter)
    _record(case, letter, key)
    return Printed(pdf, missing, words)


def _newest(case: Case, key: str, gss_code: str | None) -> Letter | None:
    found = [one for one in letters.list_letters(case) if one.template == key and not one.voided_at]
    return next((one for one in found if gss_code in (None, one.gss_code)), None)


def _reader(case: Case, template: LetterTemplate, place: str | None) -> str | None:
    """The constituency that was named; else the one that follows from the case, where one does."""
    today = clock.today()
    if place:
        return _named(place)
    if template.to == "minister":
        return next((held.gss_code for held in ministers.ministers(today)), None)
    if template.to == "detention_member":
        return next((row.gss_code for row in held_on(case.places, today)), None)
    if template.to == "former_home_member":
        return next((row.gss_code for row in former_homes_seen(case, today)), None)
    if template.to == "own_member":
        return None
    home = home_seen(case, today)
    return home.gss_code if home else None


def _named(place: str) -> str:
    lookup, seats = finding_seats.find(place)
    found = [one.constituency for one in lookup.candidates] if lookup else [one.constituency for one in seats]
    exact = [one for one in found if one.name.casefold() == place.strip().casefold()] or found
    if len(exact) != 1:
        known = names((one.name for one in exact[:5]), OR)
        raise CaseworkError(
            say(
                "“{place}” may be one of several constituencies ({names}). Name one of them.",
                place=place,
                names=known,
            ),
            field="q",
        )
    return exact[0].gss_code


def _record(case: Case, letter: Letter, key: str) -> None:
    audit.record("letter printed at the machine", None, case, letter=letter.id, template=key)
    db.session.commit()
