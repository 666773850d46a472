"""Forms of authority on record: keep one, withdraw one, and say what is in force."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.consent import consent as rules
from casework.domain.consent.consent import Given, State
from casework.domain.errors import CaseworkError, NotFound
from casework.services.safety import audit
from casework.storage.by_case import by_case
from casework.storage.database import db
from casework.storage.models import Authority, Case, Correspondence, Letter, User
from casework.storage.one_look import read_once

LAST_SIGNED_FIRST = (Authority.signed_on.desc(), Authority.id.desc())


@dataclass(frozen=True)
class NewAuthority:
    """What a signed paper says, as somebody read it off. No constituency means any MP."""

    signed_on: date
    scope: tuple[str, ...]
    ends_on: date | None = None
    gss_codes: tuple[str, ...] = ()
    supporters: str | None = None
    withheld: tuple[str, ...] = ()
    how_given: str = "paper"
    language: str | None = None
    read_over_by: str | None = None
    interpreter: str | None = None
    witness: str | None = None
    scan_sha256: str | None = None
    scan_type: str | None = None


def record_authority(case: Case, new: NewAuthority, actor: User) -> Authority:
    """Keep an authority that the person signed. Raises CaseworkError at the field that cannot be right."""
    rules.check(Given(new.signed_on, new.ends_on, scope=new.scope, gss_codes=new.gss_codes), clock.today())
    if new.how_given not in rules.HOW_GIVEN:
        raise CaseworkError("Choose how it was signed.", field="how_given")
    if new.how_given == "mark" and not new.witness:
        raise CaseworkError("A mark needs the name of whoever saw it being made.", field="witness")
    row = Authority(
        case=case, signed_on=new.signed_on, ends_on=new.ends_on, gss_codes=list(new.gss_codes),
        supporters=new.supporters, scope=list(new.scope), withheld=list(new.withheld), how_given=new.how_given,
        language=new.language, read_over_by=new.read_over_by, interpreter=new.interpreter, witness=new.witness,
        scan_sha256=new.scan_sha256, scan_type=new.scan_type, recorded_at=clock.now(), recorded_by=actor,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        "authority recorded", actor, case, authority=row.id, scope=row.scope, scan=bool(row.scan_sha256)
    )
    db.session.commit()
    return row


def withdraw_authority(case: Case, authority_id: int, on: date, how: str | None, actor: User) -> Authority:
    """Keep that the person took it back: it works at once, by any means and for no reason.

    Doing it twice changes nothing. Raises CaseworkError for a day to come or before the signature.
    """
    row = get_authority(case, authority_id)
    if row.withdrawn_on is not None:
        return row
    rules.check_withdrawal(given(row), on, clock.today())
    row.withdrawn_on, row.withdrawn_how = on, how
    audit.record("authority withdrawn", actor, case, authority=row.id)
    db.session.commit()
    return row


@read_once
def list_authorities(case: Case) -> list[Authority]:
    """Every authority of the case, the one signed last first."""
    query = select(Authority).where(Authority.case_id == case.id)
    return list(db.session.scalars(query.order_by(*LAST_SIGNED_FIRST)))


def authorities_of(cases: Collection[Case]) -> dict[int, list[Authority]]:
    """The same of each of these cases, by its number, in one question."""
    if len(cases) == 1:
        return {case.id: list_authorities(case) for case in cases}
    query = select(Authority).where(Authority.case_id.in_([case.id for case in cases]))
    return by_case(query.order_by(*LAST_SIGNED_FIRST))


def get_authority(case: Case, authority_id: int) -> Authority:
    """One of the authorities of this case. Raises NotFound."""
    row = db.session.get(Authority, authority_id)
    if row is None or row.case_id != case.id:
        raise NotFound("There is no such form of authority in this case.")
    return row


def in_force(case: Case, on: date, gss_code: str | None = None) -> Authority | None:
    """The authority that covers this day, and this MP where a constituency is given; else None.

    Of several it is the one signed last.
    """
    return covering(list_authorities(case), on, gss_code)


def covering(authorities: Iterable[Authority], on: date, gss_code: str | None = None) -> Authority | None:
    """The first of these that covers this day, and this MP where a constituency is given; else None."""
    return next((row for row in authorities if rules.covers(given(row), on, gss_code)), None)


def taken_back(authorities: Iterable[Authority], since: date, on: date) -> bool:
    """Whether the person took back one of these on one of these days, which ends what they said before it."""
    return any(row.withdrawn_on and since <= row.withdrawn_on <= on for row in authorities)


def state_on(row: Authority, on: date) -> State:
    """Where this authority stands on a day."""
    return rules.state(given(row), on)


def withheld_keys(authorities: Iterable[Authority], on: date) -> list[str]:
    """What the person does not want told, as it was ticked or written: on every authority in force, and on the last.

    `authorities` are those of the case, the one signed last first.

    Who takes a form back, or lets it end, did not agree to have more told: what the form signed last asks nobody to
    tell stands until a newer one is signed.
    """
    signed = [row for row in authorities if row.signed_on <= on]
    count = (row for row in signed if row is signed[0] or rules.covers(given(row), on))
    return [words for row in count for words in row.withheld]


def withheld_topics(case: Case, on: date) -> list[str]:
    """The same in words."""
    return withheld_words(list_authorities(case), on)


def withheld_words(authorities: Iterable[Authority], on: date) -> list[str]:
    """The same, of authorities that were read already."""
    return rules.withheld_words(withheld_keys(authorities, on))


def told_under(row: Authority) -> list[Letter]:
    """The letters issued to MPs whom this authority covered: what a withdrawal cannot call back, once it was sent.

    The form itself and a brief are in nobody's hands but ours.
    """
    letters = db.session.scalars(
        select(Letter)
        .where(Letter.case_id == row.case_id, Letter.issued_at.is_not(None), Letter.gss_code.is_not(None))
        .where(Letter.id.in_(select(Correspondence.letter_id)))
        .order_by(Letter.issued_at)
    )
    return [
        letter
        for letter in letters
        if letter.issued_at
        and letter.may_have_gone_out
        and letter.issued_at.date() >= row.signed_on
        and (not row.gss_codes or letter.gss_code in row.gss_codes)
    ]


def given(row: Authority) -> Given:
    """The row as the rules see it."""
    return Given(row.signed_on, row.ends_on, row.withdrawn_on, tuple(row.gss_codes), tuple(row.scope))
