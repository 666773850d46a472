"""Whether an MP may hear of somebody, for everybody who works on the case: that is no part of the story."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import load_only

from casework.domain.consent.publicity import Level
from casework.domain.consent.telling_mps import Word, word
from casework.domain.safety.accounts import Action, Role, may
from casework.services.consent import agreements, consent
from casework.storage.database import db
from casework.storage.models import Authority, Case
from casework.storage.name_order import name_key

# What of a case says whether an MP may hear of it.
OF_A_CASE = (Case.agreed_to_mps, Case.asked_about_mps_on)


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
    """The same of those of these cases in which somebody asked them, by reference; the papers come with it at once."""
    named = Case.__table__.alias()
    query = (
        select(Case, Authority)
        .select_from(named)
        # Asked for the cases of a group that have these references, SQLite goes through all of the group.
        .outerjoin(Case, Case.id == named.c.id)
        .outerjoin(Authority, and_(Authority.case_id == named.c.id, named.c.agreed_to_mps))
        .where(named.c.reference.in_(references), named.c.agreed_to_mps.is_not(None))
        .order_by(*consent.LAST_SIGNED_FIRST)
        .options(load_only(Case.reference, *OF_A_CASE))
    )
    forms: dict[Case, list[Authority]] = defaultdict(list)
    for case, form in db.session.execute(query):
        if case:
            forms[case] += [form] if form else []
    return {case.reference: word_of(case, day, signed) for case, signed in forms.items()}


def who_can_record_it(case: Case) -> list[str]:
    """The names of those on the team who can put down what the person says, in their order."""
    able = (
        one.user.name for one in case.team if one.user.active and may(Role(one.user.role), Action.EDIT_CASE)
    )
    return sorted(able, key=name_key)
