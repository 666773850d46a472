"""Attempts to remove the person: the notice, the flight, and the dates that they start."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import select

from casework import clock
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.timing import removals as rules
from casework.domain.timing.removals import Carriage
from casework.reference.regions import REGIONS
from casework.services import saving
from casework.services.safety import audit
from casework.services.timing import counting, removal_dates
from casework.services.windows import as_window, windows_of
from casework.storage.database import db
from casework.storage.models import Case, Correspondence, Deadline, Removal, RemovalStep, User
from casework.storage.one_look import none_without, read_once

CHANGED = "Somebody saved other details while you were typing. Compare, and save again."


@dataclass(frozen=True)
class RemovalFacts:
    """A notice of intention and departure details as somebody typed them. Whatever is empty is not known yet."""

    notice_given_on: date | None = None
    notice_given_at: str | None = None
    notice_how: str | None = None
    region: str | None = None
    destination: str | None = None
    details_given_on: date | None = None
    departs_on: date | None = None
    departs_at: str | None = None
    carriage: str | None = None
    flight: str | None = None
    airline: str | None = None
    airport: str | None = None
    route: str | None = None
    booked_name: str | None = None


def record_removal(case: Case, facts: RemovalFacts, actor: User) -> Removal:
    """Keep a new attempt with its plan, and open the date that its notice starts unless it is open already.

    Raises CaseworkError at the field that cannot be right, and OutOfDate when an attempt is running already.
    """
    with saving.or_out_of_date("The clock of this case was started at the same moment. Add to it instead."):
        row = add_removal(case, facts, actor)
        db.session.commit()
    return row


def add_removal(case: Case, facts: RemovalFacts, actor: User) -> Removal:
    """The same without saving it yet."""
    facts = _checked(facts)
    if not any(asdict(facts).values()):
        raise CaseworkError(
            "Type what you know: the day of the notice, or the flight.", field="notice_given_on"
        )
    if running(case):
        raise OutOfDate("The clock of this case is running already. Add to it instead.")
    row = _add(case, facts, actor)
    removal_dates.keep_notice_date(row, actor, is_new=False)
    return row


def change_removal(
    case: Case,
    removal_id: int,
    facts: RemovalFacts,
    version: int,
    actor: User,
    *,
    new_notice: bool | None = None,
) -> Removal:
    """Keep other or further details. `new_notice` says whether they came with a new notice of intention.

    A new notice starts a new five days; anything else only puts the record right. Raises CaseworkError at the field
    `new_notice` while that must be asked, and OutOfDate when somebody saved since this version was read.
    """
    row = running_one(case, removal_id)
    if row.version != version:
        raise OutOfDate(CHANGED)
    facts = _checked(facts)
    asked = rules.may_be_new_notice(
        (row.notice_given_on, row.destination, row.route),
        (facts.notice_given_on, facts.destination, facts.route),
    )
    if asked and new_notice is None:
        raise CaseworkError("Say whether this came with a new notice, then save again.", field="new_notice")
    if new_notice and facts.notice_given_on in (None, row.notice_given_on):
        raise CaseworkError("Type the day on which the new notice was given.", field="notice_given_on")
    changed = [name for name, value in asdict(facts).items() if getattr(row, name) != value]
    with saving.or_out_of_date(CHANGED):
        for name in changed:
            setattr(row, name, getattr(facts, name))
        removal_dates.keep_notice_date(row, actor, is_new=bool(new_notice))
        audit.record(
            "removal changed", actor, case, removal=row.id, fields=changed, new_notice=bool(new_notice)
        )
        db.session.commit()
    return row


def take_up_notice(case: Case, paper: Correspondence, leaves_on: date | None, actor: User) -> None:
    """Tie a removal notice in the file to the clock of the case, and start one where none runs; not saved yet.

    The date that the notice started is not doubled where it was open already. A notice of another day stands
    beside the first until somebody says whether it is a new one. `leaves_on` is the day of the flight that it names: a
    day before which nobody is removed is no flight.
    """
    opened = next(
        (one for one in removal_dates.open_notices(case) if one.correspondence_id == paper.id), None
    )
    row = running(case)
    if row is None:
        facts = RemovalFacts(
            notice_given_on=paper.received_on, notice_how=paper.received_how, departs_on=leaves_on
        )
        row = _add(case, facts, actor)
    row.departs_on = row.departs_on or leaves_on
    if row.notice_given_on is None:
        row.notice_given_on, row.notice_how = paper.received_on, paper.received_how
        row.correspondence_id = row.correspondence_id or paper.id
    if opened is None:
        return
    same = [
        one
        for one in removal_dates.open_notices(case)
        if one.event_on == opened.event_on and one is not opened
    ]
    if same:
        same[0].correspondence_id = same[0].correspondence_id or paper.id
        db.session.delete(opened)
    kept = same[0] if same else opened
    removal_dates.keep_stated(kept, opened)
    kept.removal = row
    if leaves_on and kept.stated_on == row.departs_on:
        kept.stated_by = removal_dates.THE_FLIGHT
    counting.count(kept)
    if row.notice_given_on == kept.event_on:
        row.correspondence_id = row.correspondence_id or paper.id


@none_without(Removal, lambda: None)
def running(case: Case) -> Removal | None:
    """The attempt that may still happen; a case has one at most."""
    return db.session.scalar(select(Removal).where(Removal.case_id == case.id, Removal.ended_as.is_(None)))


@none_without(Removal)
@read_once
def list_removals(case: Case) -> list[Removal]:
    """Every attempt, the newest first."""
    query = select(Removal).where(Removal.case_id == case.id).order_by(Removal.id.desc())
    return list(db.session.scalars(query))


def get_removal(case: Case, removal_id: int) -> Removal:
    """One of the attempts of this case. Raises NotFound."""
    row = db.session.scalar(select(Removal).where(Removal.id == removal_id, Removal.case_id == case.id))
    if row is None:
        raise NotFound("There is no such attempt to remove in this case.")
    return row


def clock_of(row: Removal, notices: Sequence[Deadline] | None = None) -> rules.Clock:
    """What is known of an attempt: the first day, the flight, and the windows that are open in its case.

    `notices` are its dates as `notice_dates` gives them, where they were asked for already.
    """
    notices = removal_dates.notice_dates(row) if notices is None else notices
    days = [one.earliest_on for one in notices if one.earliest_on]
    at = time.fromisoformat(row.departs_at) if row.departs_at else None
    flight = rules.Flight(row.departs_on, at) if row.departs_on else None
    since = min(row.departs_on or clock.today(), clock.today())
    windows = tuple(as_window(one) for one in windows_of(row.case, since))
    return rules.Clock(min(days, default=None), flight, windows)


def of_paper(paper: Correspondence) -> Removal | None:
    """The attempt that a removal notice in the file belongs to."""
    query = select(Deadline.removal_id).where(
        Deadline.correspondence_id == paper.id, Deadline.removal_id.is_not(None)
    )
    found = db.session.scalar(query)
    return get_removal(paper.case, found) if found else None


def suggested(case: Case) -> RemovalFacts:
    """What the file knows of a notice whose clock was not started yet."""
    loose = next((one for one in removal_dates.open_notices(case) if one.removal_id is None), None)
    if loose is None:
        return RemovalFacts()
    paper = loose.correspondence
    return RemovalFacts(
        notice_given_on=loose.event_on,
        notice_how=paper.received_how if paper else None,
    )


def facts_of(row: Removal) -> RemovalFacts:
    """What is known of an attempt, as a form takes it."""
    return RemovalFacts(**{item.name: getattr(row, item.name) for item in fields(RemovalFacts)})


def needs_details(row: Removal | None) -> bool:
    """Whether a removal waits for departure details too, as far as we know: a notice alone does not let it happen."""
    return not (row and (row.details_given_on or row.departs_on))


def flight_moment(row: Removal) -> datetime | None:
    """When the flight leaves, by the clocks of the UK; None while the day or the hour is not known."""
    if row.departs_on is None or row.departs_at is None:
        return None
    return datetime.combine(row.departs_on, time.fromisoformat(row.departs_at))


def _add(case: Case, facts: RemovalFacts, actor: User) -> Removal:
    row = Removal(case=case, made_at=clock.now(), made_by_id=actor.id, **asdict(facts))
    row.steps = [RemovalStep(position=number, key=kind.key) for number, kind in enumerate(rules.STEPS)]
    db.session.add(row)
    db.session.flush()
    audit.record("removal recorded", actor, case, removal=row.id)
    return row


def _checked(facts: RemovalFacts) -> RemovalFacts:
    """The same, if its days and hours can be. Raises CaseworkError at the field that cannot."""
    for day, hour, field in (
        (facts.notice_given_on, facts.notice_given_at, "notice_given_on"),
        (facts.departs_on, facts.departs_at, "departs_on"),
    ):
        if hour and not day:
            raise CaseworkError("Type the day too.", field=field)
    for day in (facts.notice_given_on, facts.details_given_on):
        if day and facts.departs_on and facts.departs_on < day:
            raise CaseworkError(
                f"It cannot leave before {spoken(day)}, when the paper was given. Check both days.",
                field="departs_on",
            )
    if facts.departs_on and facts.departs_at and not _exists(facts.departs_on, facts.departs_at):
        raise CaseworkError(
            "In that night the clocks go forward, and there is no such hour. Check it on the paper.",
            field="departs_at",
        )
    if facts.region and facts.region not in REGIONS:
        raise CaseworkError("Choose the part of the UK.", field="region")
    if facts.carriage and facts.carriage not in set(Carriage):
        raise CaseworkError("Choose what kind of flight it is.", field="carriage")
    return facts


def _exists(day: date, hour: str) -> bool:
    """Whether the clocks of the UK show this hour on this day."""
    local = datetime.combine(day, time.fromisoformat(hour), clock.LONDON)
    there_and_back = datetime.fromtimestamp(local.timestamp(), clock.LONDON)
    return there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None)


def running_one(case: Case, removal_id: int) -> Removal:
    """An attempt that may still happen. Raises NotFound, and OutOfDate when it has ended."""
    row = get_removal(case, removal_id)
    if row.ended_as:
        raise OutOfDate("This attempt has ended. Open it again, or record a new one.")
    return row
