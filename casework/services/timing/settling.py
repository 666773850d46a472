"""How a date ends: met, missed, opened again; or another day wins over ours, from a letter or a lawyer."""

from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.errors import OutOfDate
from casework.domain.timing.deadline_rules import Kind
from casework.domain.timing.settling import (
    THE_LETTER,
    Reopened,
    SettledAs,
    StatedFrom,
    check_settled,
    check_stated,
)
from casework.domain.timing.triggers import Told
from casework.services import saving
from casework.services.safety import audit
from casework.services.timing import counting, deadlines, diary, recounting
from casework.services.timing.fit import misfit
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, Deadline, User

CHANGED_MEANWHILE = (
    "Somebody else changed this date while you were typing. How it stands now is shown here. What you typed is still"
    " here too: compare, and send it again."
)


def settle(
    case: Case,
    deadline_id: int,
    how: str,
    on: date,
    actor: User,
    *,
    as_: SettledAs = SettledAs.MET,
    proof: tuple[str, str] | None = None,
    version: int | None = None,
) -> Deadline:
    """Keep that this is met, does not apply or was missed, with what shows it: a scan that is in the archive.

    Raises OutOfDate when somebody settled it first, or changed it since this `version` was read.
    """
    row = deadlines.get_deadline(case, deadline_id)
    if row.settled_on:
        said = diary.entry_of_deadline(row).settled_said
        raise OutOfDate(f"Somebody was first. {said}")
    _refuse_old(row, version)
    check_settled(row.event_on, Kind(row.kind), row.owed_by, row.final_on, how, on, as_, clock.today())
    with saving.or_out_of_date(CHANGED_MEANWHILE):
        row.settled_on, row.settled_how, row.settled_as, row.settled_by = on, how, as_, actor
        if proof:
            row.proof_sha256, row.proof_type = proof
        audit.record("date settled", actor, case, deadline=row.id, how=as_.value, proof=bool(proof))
        if as_ is SettledAs.MET:
            _open_next_turn(row, on, actor)
        db.session.commit()
    return row


def reopen(
    case: Case,
    deadline_id: int,
    actor: User,
    *,
    because: Reopened = Reopened.MISTAKE,
    version: int | None = None,
) -> Deadline:
    """Put a settled date back into the diary, by the rules of now; what was kept as proof stays.

    Raises OutOfDate when it is open already.
    """
    row = deadlines.get_deadline(case, deadline_id)
    if row.settled_on is None:
        raise OutOfDate("Somebody was first: this date is open again.")
    _refuse_old(row, version)
    was = row.settled_as or "settled"
    with saving.or_out_of_date(CHANGED_MEANWHILE):
        row.settled_on = row.settled_how = row.settled_as = None
        row.settled_by_id = row.ended_by_event_id = None
        recounting.count_reopened(row, actor)
        _withdraw_later_turns(row, actor)
        audit.record("date reopened", actor, case, deadline=row.id, because=because.value, was=was)
        db.session.commit()
    return row


def state(
    case: Case,
    deadline_id: int,
    stated_on: date | None,
    stated_by: str | None,
    actor: User,
    *,
    stated_from: StatedFrom | None = None,
    said_on: date | None = None,
    version: int | None = None,
) -> Deadline:
    """Keep the day that a letter gives or a lawyer confirmed: it wins over ours. None takes it back.

    Raises OutOfDate when somebody changed the date since this `version` was read.
    """
    row = deadlines.get_deadline(case, deadline_id)
    _refuse_old(row, version)
    if stated_on is None:
        stated_by, stated_from, said_on = None, None, None
    else:
        stated_by = stated_by or (THE_LETTER if stated_from is StatedFrom.LETTER else None)
        check_stated(row.event_on, stated_on, stated_by, said_on, clock.today())
    with saving.or_out_of_date(CHANGED_MEANWHILE):
        row.stated_on, row.stated_by = stated_on, stated_by
        row.stated_from, row.stated_said_on = stated_from, said_on
        counting.put_in_order(row)
        audit.record("date stated", actor, case, deadline=row.id, taken_back=stated_on is None)
        db.session.commit()
    return row


def _refuse_old(row: Deadline, version: int | None) -> None:
    if version is not None and row.version != version:
        raise OutOfDate(CHANGED_MEANWHILE)


def _open_next_turn(row: Deadline, after: date, actor: User) -> Deadline | None:
    """The next turn of a review that was met, the first not due before this day; without saving it yet.

    None where the review does not go on: its rule knows no turns, or does not fit the person any more.
    """
    rule = rule_book().rules.get(row.rule_key)
    if rule is None or not rule.repeats or misfit(row.case, rule, clock.today(), row.variant):
        return None
    new = deadlines.worked_out(
        row.case,
        row.rule_key,
        row.event_on,
        variant=row.variant,
        told=Told.read(row.told) if row.told else None,
        turn=deadlines.turn_due(rule, row.variant, row.event_on, after, least=row.turn + 1),
        event=row.event,
        correspondence=row.correspondence,
        visit=row.visit,
        condition=row.working.get("condition", ""),
    )
    return deadlines.add(new, actor)


def _withdraw_later_turns(row: Deadline, actor: User) -> None:
    """Withdraw the turns of a review that opened because this one was met: one is open at a time."""
    for later in db.session.scalars(select(Deadline).where(Deadline.case_id == row.case_id)):
        if (
            later.settled_on is None
            and (later.rule_key, later.event_on) == (row.rule_key, row.event_on)
            and later.turn > row.turn
        ):
            later.settled_on, later.settled_as = clock.today(), SettledAs.MISTAKE
            later.settled_how, later.settled_by = "the turn before it is open again", actor
            audit.record("date settled", actor, row.case, deadline=later.id, how=SettledAs.MISTAKE.value)
