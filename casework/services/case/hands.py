"""Who has what in hand over all of somebody's cases, and handing some of it on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from casework.domain.case.hands import Hands, Thing, ThingKind, by_person
from casework.domain.case.intake import TO_TAKE_ON
from casework.domain.errors import CaseworkError
from casework.domain.timing.diary import DiaryEntry
from casework.services.case.things import IN_DIARY, KINDS
from casework.services.consent.open_shares import open_shares
from casework.services.safety import audit, groups
from casework.services.timing.board import board
from casework.storage.asking import asking_for
from casework.storage.database import db
from casework.storage.models import Case, NextContact, PlanTask, TeamMember, User
from casework.storage.name_order import name_order

# No page is longer: whoever has more in hand than this looks at one case, or at the board.
MOST = 2_000
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Pick:
    """A thing that somebody ticked, and whose it was when they did; `seen` is None for nobody's."""

    kind: ThingKind
    row: int
    seen: int | None


@dataclass(frozen=True)
class Taken:
    """How many things changed hands, and how many were not as they had been seen."""

    taken: int
    changed: int


def in_hand(actor: User) -> list[Hands]:
    """What everybody has in hand in the open cases of this person, as far as they may see it."""
    page = board(actor, most=MOST, few=MOST)
    things = [_of_entry(entry) for entry in (*page.dates, *page.to_work_out)]
    things += _tasks(actor) + _contacts(actor) + _shares(actor)
    return by_person(things, {one.id: one.name for one in colleagues(actor)})


def colleagues(actor: User) -> list[User]:
    """Everybody who can sign in and works on an open case of this person, by name."""
    mine = (
        select(TeamMember.case_id).join(Case).where(TeamMember.user_id == actor.id, Case.closed_on.is_(None))
    )
    others = select(TeamMember.user_id).where(TeamMember.case_id.in_(mine))
    query = select(User).where(User.active, User.id.in_(others)).order_by(name_order(User.name), User.id)
    return list(db.session.scalars(query))


def _of_entry(entry: DiaryEntry) -> Thing:
    kind = IN_DIARY[entry.source]
    return Thing(kind, entry.id, entry.reference, entry.person, entry.title, entry.aim, entry.owner_id)


def _mine(actor: User, table: Any) -> Any:
    return (
        select(table, Case.reference, Case.name_used, Case.official_name)
        .join(Case, Case.id == table.case_id)
        .join(TeamMember, TeamMember.case_id == Case.id)
        .where(TeamMember.user_id == actor.id, Case.closed_on.is_(None))
        .limit(MOST)
    )


def _tasks(actor: User) -> list[Thing]:
    query = _mine(actor, PlanTask).where(PlanTask.done_on.is_(None)).order_by(PlanTask.due_on, PlanTask.id)
    return [
        Thing(
            ThingKind.TASK, row.id, reference, used or official or reference, row.what, row.due_on, row.owner_id,
            row.who or "",
        )
        for row, reference, used, official in db.session.execute(query)
    ]  # fmt: skip


def _contacts(actor: User) -> list[Thing]:
    query = _mine(actor, NextContact).order_by(NextContact.due_on, NextContact.id)
    return [
        Thing(
            ThingKind.CONTACT, row.id, reference, used or official or reference, row.why or "Speak with supporters",
            row.due_on, row.owner_id,
        )
        for row, reference, used, official in db.session.execute(query)
    ]  # fmt: skip


def _shares(actor: User) -> list[Thing]:
    return [
        Thing(
            ThingKind.SHARE, row.id, row.case.reference, row.case.person_name, TO_TAKE_ON[row.task], None,
            row.owner_id,
        )
        for row in open_shares(actor, MOST)
    ]  # fmt: skip


def hand_on(actor: User, picks: Iterable[Pick], to_id: int | None) -> Taken:
    """Give these things to somebody, or with None to nobody yet, and save it.

    What they could not do or see, and what is not as it was seen, stays as it is. Raises CaseworkError for a stranger.
    """
    to = None
    if to_id is not None:
        to = next((one for one in colleagues(actor) if one.id == to_id), None)
        if to is None:
            raise CaseworkError("Choose somebody who works on your cases.", field="to")
    return _change_hands(actor, picks, to)


def take(actor: User, picks: Iterable[Pick]) -> Taken:
    """Take care of these things from now on, and save it. What somebody else took meanwhile stays theirs."""
    return _change_hands(actor, picks, actor)


def _change_hands(actor: User, picks: Iterable[Pick], to: User | None) -> Taken:
    to_id = to.id if to else None
    wanted = {pick for pick in picks if pick.seen != to_id and actor.may(KINDS[pick.kind].needs)}
    given: list[tuple[ThingKind, int, int]] = []
    for kind, seen in sorted(
        {(pick.kind, pick.seen) for pick in wanted}, key=lambda one: (one[0], one[1] or 0)
    ):
        rows = [pick.row for pick in wanted if (pick.kind, pick.seen) == (kind, seen)]
        given += [(kind, row, case_id) for row, case_id in _give(actor, kind, rows, seen, to)]
    whose = {
        case.id: case
        for case in db.session.scalars(select(Case).where(Case.id.in_({one[2] for one in given})))
    }
    for kind, row, case_id in given:
        action = "date taken care of" if to_id else "date taken care of by nobody"
        facts: dict[str, Any] = {KINDS[kind].fact: row}
        audit.record(action, actor, whose[case_id], user=to_id, **facts)
    db.session.commit()
    return Taken(len(given), len(wanted) - len(given))


def _give(actor: User, kind: ThingKind, rows: list[int], seen: int | None, to: User | None) -> list[Any]:
    """The rows of one kind that changed hands, each with its case. Not saved yet."""
    kept = KINDS[kind]
    if to is not None and not to.may(kept.needs):
        return []
    table = kept.table
    # Asked for first, so that what is hidden from whoever gives it, or gets it, is not there to be given.
    there = db.session.scalars(select(table.id).where(table.id.in_(rows))).all()
    own = (
        select(TeamMember.case_id).join(Case).where(TeamMember.user_id == actor.id, Case.closed_on.is_(None))
    )
    where = [kept.is_open, table.owner_id.is_not_distinct_from(seen), table.case_id.in_(own)]
    new: dict[str, Any] = {"owner_id": to.id if to else None}
    if to is not None:
        with asking_for(groups.asking_of(to)):
            there = db.session.scalars(select(table.id).where(table.id.in_(there))).all()
        where.append(table.case_id.in_(select(TeamMember.case_id).where(TeamMember.user_id == to.id)))
        if kind is ThingKind.TASK:
            new["who"] = None
    where.append(table.id.in_(there))
    if kind is ThingKind.SHARE and to is None:  # nobody's is one that has no row
        gone = delete(table).where(*where).returning(table.id, table.case_id)
        return list(db.session.execute(gone).all())
    change = update(table).where(*where).values(**new).returning(table.id, table.case_id)
    return list(db.session.execute(change).all())
