"""Dates worked out from rules: opened by events, listed in the diary, settled, stated by a letter or a lawyer."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.correspondence import Kind as PaperKind
from casework.domain.counting import Unit
from casework.domain.dates import spoken
from casework.domain.deadline_rules import DeadlineRule, Kind
from casework.domain.diary import DiaryEntry
from casework.domain.errors import CaseworkError, NotFound, OutOfDate, UnknownHolidays
from casework.domain.places import held_on
from casework.domain.removals import WINDOW_RULES
from casework.domain.settling import THE_LETTER, Reopened, SettledAs, StatedFrom, may_be_missed
from casework.domain.triggers import DAYS, Told, choose_variant, with_the_only_way
from casework.services import audit, counting, diary, recounting
from casework.services.directory import member_name_on, was_with_another
from casework.services.fit import misfit
from casework.services.need_to_know import all_places
from casework.services.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent, Correspondence, Deadline, Removal, SurgeryVisit, User

# The length of a turn in days, near enough to begin the search for the one that is due.
DAYS_IN = {Unit.MONTHS: 30.5, Unit.WEEKS: 7.0, Unit.CALENDAR_DAYS: 1.0}
CHASE_RULE = "mp_office_chase"
CHANGED_MEANWHILE = (
    "Somebody else changed this date while you were typing. How it stands now is shown here. What you typed is still"
    " here too: compare, and send it again."
)
URGENT, POSTED, ORDINARY = "detained_or_removal_date", "posted", "otherwise"


def is_detained(case: Case, on: date) -> bool:
    """Whether the person was in a place of detention on this day."""
    return bool(held_on(all_places(case), on))


def chase_variant(case: Case, on: date) -> str:
    """Whether an MP's office is rung the same day: somebody is held, or a removal may come."""
    return URGENT if is_detained(case, on) or _removal_is_near(case, on) else ORDINARY


def chase_day(case: Case, on: date) -> date:
    """The day on which to ring an MP's office after a letter or a visit on this day."""
    worked = rule_book().work_out(rule_book().rule(CHASE_RULE, on), on, variant=chase_variant(case, on))
    return worked.final


def add_deadline(
    case: Case,
    rule_key: str,
    on: date,
    actor: User,
    *,
    variant: str | None = None,
    told: Told | None = None,
    turn: int = 1,
) -> Deadline:
    """Add one date without saving it yet. Raises what `worked_out` raises."""
    return add(worked_out(case, rule_key, on, variant=variant, told=told, turn=turn), actor)


def worked_out(
    case: Case,
    rule_key: str,
    on: date,
    *,
    variant: str | None = None,
    told: Told | None = None,
    turn: int = 1,
    event: CaseEvent | None = None,
    correspondence: Correspondence | None = None,
    visit: SurgeryVisit | None = None,
    condition: str = "",
) -> Deadline:
    """A date that is counted and belongs to no list yet. One that cannot be known is "to work out", with the reason.

    So is one that stands in the notice itself, until somebody types it. Where the days of a notice are `told`,
    they decide from which day it counts. Raises CaseworkError when the rule does not fit the day, or a variant
    or a day is missing, and NoDate when the rule sets no date at all.
    """
    if rule_key == CHASE_RULE and variant is None:
        variant = chase_variant(case, on)
    row = Deadline(
        case=case, event=event, correspondence=correspondence, visit=visit, rule_key=rule_key, variant=variant,
        event_on=on, told=told.kept if told else {}, turn=turn, region=counting.region_of(case, on).key,
        working={"condition": condition, "about": _member_of(correspondence, visit)},
    )  # fmt: skip
    counting.count(row)
    return row


def add(row: Deadline, actor: User) -> Deadline:
    """Add a date that was worked out, without saving it yet."""
    db.session.add(row)
    db.session.flush()
    audit.record("date added", actor, row.case, deadline=row.id, rule=row.rule_key)
    return row


def record_deadline(case: Case, rule_key: str, on: date, variant: str | None, actor: User) -> Deadline:
    """Open a date by hand, from a rule and the day that starts it, and save it."""
    row = add_deadline(case, rule_key, on, actor, variant=variant)
    db.session.commit()
    return row


def record_told(
    case: Case,
    rule_key: str,
    told: Told,
    variant: str | None,
    actor: User,
    *,
    stated_on: date | None = None,
) -> Deadline:
    """Open a date by hand from what was told of its day, and save it. `stated_on` is a last day that the notice gives.

    Raises CaseworkError, whose field is what is lacking or cannot be right, when a day has not come yet, and when
    the rule does not fit the person on that day.
    """
    for name in DAYS:
        day = getattr(told, name)
        if day and day > clock.today():
            raise CaseworkError("This day has not come yet. Check the date.", field=name)
    rule = rule_book().rule(rule_key, min(told.days, default=None))
    if not told.days:
        raise CaseworkError(f"It starts from: {rule.trigger}. Type that day.", field="trigger_date")
    variant = choose_variant(rule, variant, told.how)
    told = with_the_only_way(rule, variant, told)
    row = worked_out(case, rule_key, min(told.days), variant=variant, told=None if told.on else told)
    why = misfit(case, rule, row.event_on, variant)
    if why:
        raise CaseworkError(why, field="trigger_date")
    if stated_on:
        _check_stated(row, stated_on, THE_LETTER, None)
        row.stated_on, row.stated_by, row.stated_from = stated_on, THE_LETTER, StatedFrom.LETTER
        counting.put_in_order(row)
    add(row, actor)
    db.session.commit()
    return row


def for_case(case: Case) -> list[DiaryEntry]:
    """Everything with a day on it that is still open in this case, soonest first."""
    return diary.open_entries_of(case)


def settled_in(case: Case) -> list[DiaryEntry]:
    """The dates of this case that are settled, the last settled first."""
    settled = select(Deadline).where(Deadline.case_id == case.id, Deadline.settled_on.is_not(None))
    rows = list(db.session.scalars(settled.options(joinedload(Deadline.settled_by))))
    rows.sort(key=lambda row: (row.settled_on or date.min, row.id), reverse=True)
    return [diary.entry_of_deadline(row) for row in rows]


def get_deadline(case: Case, deadline_id: int) -> Deadline:
    """One of the dates of this case. Raises NotFound."""
    row = db.session.scalar(select(Deadline).where(Deadline.id == deadline_id, Deadline.case_id == case.id))
    if row is None:
        raise NotFound("There is no such date in this case.")
    return row


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
    row = get_deadline(case, deadline_id)
    if row.settled_on:
        said = diary.entry_of_deadline(row).settled_said
        raise OutOfDate(f"Somebody was first. {said}")
    _refuse_old(row, version)
    if not how:
        raise CaseworkError("Say how it was met, or why it no longer matters.", field="how")
    if on > clock.today():
        raise CaseworkError("This day has not come yet.", field="on")
    if as_ is SettledAs.MET and on < row.event_on <= clock.today():
        raise CaseworkError(f"This is before {spoken(row.event_on)}, the day that starts it.", field="on")
    if as_ is SettledAs.MISSED and not may_be_missed(
        Kind(row.kind), row.owed_by, row.final_on, clock.today()
    ):
        raise CaseworkError("Only a limit whose last day is over can be missed.", field="settled_as")
    with _saved():
        row.settled_on, row.settled_how, row.settled_as, row.settled_by = on, how, as_, actor
        if proof:
            row.proof_sha256, row.proof_type = proof
        audit.record("date settled", actor, case, deadline=row.id, how=as_.value, proof=bool(proof))
        if as_ is SettledAs.MET:
            open_next_turn(row, on, actor)
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
    row = get_deadline(case, deadline_id)
    if row.settled_on is None:
        raise OutOfDate("Somebody was first: this date is open again.")
    _refuse_old(row, version)
    was = row.settled_as or "settled"
    with _saved():
        row.settled_on = row.settled_how = row.settled_as = None
        row.settled_by_id = row.ended_by_event_id = None
        recounting.count_reopened(row, actor)
        _withdraw_later_turns(row, actor)
        audit.record("date reopened", actor, case, deadline=row.id, because=because.value, was=was)
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
    row = get_deadline(case, deadline_id)
    _refuse_old(row, version)
    if stated_on is None:
        stated_by, stated_from, said_on = None, None, None
    else:
        stated_by = stated_by or (THE_LETTER if stated_from is StatedFrom.LETTER else None)
        _check_stated(row, stated_on, stated_by, said_on)
    with _saved():
        row.stated_on, row.stated_by = stated_on, stated_by
        row.stated_from, row.stated_said_on = stated_from, said_on
        counting.put_in_order(row)
        audit.record("date stated", actor, case, deadline=row.id, taken_back=stated_on is None)
    return row


def _check_stated(row: Deadline, stated_on: date, by: str | None, said_on: date | None) -> None:
    if not by:
        raise CaseworkError("Say where the date stands, or who confirmed it.", field="stated_by")
    if stated_on < row.event_on:
        raise CaseworkError(
            f"This is before {spoken(row.event_on)}, the day that starts it. Check the date.",
            field="stated_on",
        )
    if said_on and said_on > clock.today():
        raise CaseworkError("This day has not come yet.", field="stated_said_on")


def _refuse_old(row: Deadline, version: int | None) -> None:
    if version is not None and row.version != version:
        raise OutOfDate(CHANGED_MEANWHILE)


@contextmanager
def _saved() -> Iterator[None]:
    """Save what is changed within. Raises OutOfDate, with nothing saved, when somebody saved the same meanwhile."""
    try:
        yield
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise OutOfDate(CHANGED_MEANWHILE) from None


def open_next_turn(row: Deadline, after: date, actor: User) -> Deadline | None:
    """The next turn of a review that was met, the first not due before this day; without saving it yet.

    None where the review does not go on: its rule knows no turns, or does not fit the person any more.
    """
    rule = rule_book().rules.get(row.rule_key)
    if rule is None or not rule.repeats or misfit(row.case, rule, clock.today(), row.variant):
        return None
    new = worked_out(
        row.case,
        row.rule_key,
        row.event_on,
        variant=row.variant,
        told=Told.read(row.told) if row.told else None,
        turn=turn_due(rule, row.variant, row.event_on, after, least=row.turn + 1),
        event=row.event,
        correspondence=row.correspondence,
        visit=row.visit,
        condition=row.working.get("condition", ""),
    )
    return add(new, actor)


def _withdraw_later_turns(row: Deadline, actor: User) -> None:
    """Withdraw the turns of a review that opened because this one was met: one is open at a time."""
    for later in _rows(row.case):
        if (
            later.settled_on is None
            and (later.rule_key, later.event_on) == (row.rule_key, row.event_on)
            and later.turn > row.turn
        ):
            later.settled_on, later.settled_as = clock.today(), SettledAs.MISTAKE
            later.settled_how, later.settled_by = "the turn before it is open again", actor
            audit.record("date settled", actor, row.case, deadline=later.id, how=SettledAs.MISTAKE.value)


def turn_due(rule: DeadlineRule, variant: str | None, start: date, after: date, *, least: int = 1) -> int:
    """The first turn of a review, from `least` on, that is not due before this day."""
    length = rule.length_for(variant)
    days = DAYS_IN.get(length.unit, 0) * length.number
    turn = max(least, int((after - start).days / days) - 1) if days else least
    try:
        while rule_book().work_out(rule, start, variant=variant, nth=turn).final < after:
            turn += 1
    except UnknownHolidays:
        return turn
    return turn


def started_by(paper: Correspondence) -> list[DiaryEntry]:
    """The dates that this letter started, settled ones too."""
    rows = db.session.scalars(
        select(Deadline).where(Deadline.correspondence_id == paper.id).options(joinedload(Deadline.case))
    )
    return [diary.entry_of_deadline(row) for row in rows]


def _removal_is_near(case: Case, on: date) -> bool:
    """Whether an attempt is running, or a notice or a window in which there may be another is open on this day."""
    running = select(Removal.id).where(Removal.case_id == case.id, Removal.ended_as.is_(None))
    rows = [row for row in _rows(case) if row.settled_on is None]
    windows = any(row.rule_key in WINDOW_RULES and row.last_on and row.last_on >= on for row in rows)
    notice = any(row.rule_key == diary.REMOVAL_RULE for row in rows)
    return notice or windows or db.session.scalar(running) is not None


def _rows(case: Case) -> Iterable[Deadline]:
    return db.session.scalars(select(Deadline).where(Deadline.case_id == case.id))


def _member_of(correspondence: Correspondence | None, visit: SurgeryVisit | None) -> str:
    """The MP whose office this date is about, by name; empty where it is about nobody's office."""
    if visit is not None:
        return visit.member_name
    if correspondence is None or not correspondence.gss_code:
        return ""
    is_ours = correspondence.kind == PaperKind.US_TO_MEMBER
    name = correspondence.recipient if is_ours else correspondence.sender
    if name and was_with_another(correspondence.gss_code, name, correspondence.sent_on):
        return name
    return member_name_on(correspondence.gss_code, clock.today())
