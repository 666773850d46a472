"""Whether an MP may hear of somebody, for everybody who works on the case: that is no part of the story."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from casework.domain.consent.publicity import Level
from casework.domain.consent.telling_mps import Word, word
from casework.domain.safety.accounts import Action, Role, may
from casework.services.consent import agreements, consent
from casework.storage.database import db
from casework.storage.models import Authority, Case
from casework.storage.name_order import name_key


def word_of(case: Case, day: date, forms: Sequence[Authority] | None = None) -> Word:
    """What they said last, as it holds on this day. `forms` are all of theirs, where they were asked for already.

    After a no, a form that was signed alone is no yes: somebody has to ask them again.
    """
    still_holds = not case.agreed_to_mps or (
        agreements.agreement_under(case, day, None, forms).level >= Level.OFFICES
    )
    return word(case.agreed_to_mps, still_holds=still_holds)


def words_of(cases: Collection[Case], day: date) -> dict[int, Word]:
    """The same of each of these cases, by its number; only of those who said yes the papers are asked for, at once."""
    agreed = [case for case in cases if case.agreed_to_mps]
    forms = consent.authorities_of(agreed) if agreed else {}
    return {case.id: word_of(case, day, forms[case.id] if case.agreed_to_mps else ()) for case in cases}


def words_in(references: Collection[str], day: date) -> dict[str, Word]:
    """The same for each of these cases that whoever asks may see, by its reference; each table is asked once."""
    if not references:
        return {}
    cases = db.session.scalars(select(Case).where(Case.reference.in_(references))).all()
    words = words_of(cases, day)
    return {case.reference: words[case.id] for case in cases}


def who_can_record_it(case: Case) -> list[str]:
    """The names of those on the team who can put down what the person says, in their order."""
    able = (
        one.user.name for one in case.team if one.user.active and may(Role(one.user.role), Action.EDIT_CASE)
    )
    return sorted(able, key=name_key)
