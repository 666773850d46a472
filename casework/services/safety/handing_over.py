"""Handing over what one person works on to another of the group: shown before, done at once, nothing lost."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from casework.domain.case.hands import ThingKind, counted
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action, Role, may
from casework.services.case import owners
from casework.services.case.things import KINDS, Kept
from casework.services.consent import need_to_know
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import EVEN_HIDDEN, Case, TeamMember, User


@dataclass(frozen=True)
class Load:
    """What somebody has in hand in one case: how many open things of each kind.

    Of the tasks of its page that they took on, done ones count too: whoever gets the case is named there instead.
    """

    case: Case
    open: dict[ThingKind, int]


def in_hand(user: User, case: Case | None = None) -> list[Load]:
    """What this person works on, in one case or in all of them, the newest case first."""
    query = select(Case).join(TeamMember).where(TeamMember.user_id == user.id).order_by(Case.id.desc())
    if case is not None:
        query = query.where(Case.id == case.id)
    counts = {kind: _counts(user, kept) for kind, kept in KINDS.items()}
    return [
        Load(one, {kind: found.get(one.id, 0) for kind, found in counts.items()})
        for one in db.session.scalars(query)
    ]


def _counts(user: User, kept: Kept) -> dict[int, int]:
    """How many open things of one kind are this person's, by case."""
    table = kept.table
    query = select(table.case_id, func.count().label("number")).where(table.owner_id == user.id, kept.is_open)
    rows = db.session.execute(query.group_by(table.case_id), execution_options=EVEN_HIDDEN)
    return {row.case_id: row.number for row in rows}


def refuse(loads: Iterable[Load], user: User, to: User) -> None:
    """Nothing where this can be handed over to them; otherwise raises CaseworkError with what stands against it."""
    if to.id == user.id:
        raise CaseworkError("Choose somebody else.", field="to")
    if not to.active or to.group_id != user.group_id:
        raise CaseworkError("Choose somebody of the group who can sign in.", field="to")
    for load in loads:
        for kind, number in load.open.items():
            if number and not may(Role(to.role), KINDS[kind].needs):
                raise CaseworkError(
                    f"{to.name} is a {to.role}, and cannot see to this: {counted(kind, number)}. Choose somebody else, "
                    "or give them another part in the group first.",
                    field="to",
                )
        rest = [one.user for one in load.case.team if one.user_id not in (user.id, to.id)]
        if not any(may(Role(one.role), Action.MANAGE_TEAM) for one in (*rest, to)):
            raise CaseworkError(
                f"In {load.case.reference} a caseworker or an organiser must stay. Choose one.", field="to"
            )


def hand_over(loads: Iterable[Load], user: User, to: User, actor: User) -> None:
    """Give everything that is in hand there to somebody else: the place on the team and all that is open.

    Both are kept in the trail of each case, in one line. Raises CaseworkError as `refuse` does, and does nothing then.
    """
    loads = list(loads)
    refuse(loads, user, to)
    if to.id == actor.id and (
        strange := [one for one in loads if actor.id not in {m.user_id for m in one.case.team}]
    ):
        raise CaseworkError(
            f"You do not work on {strange[0].case.reference}, and cannot let yourself in. Choose somebody else.",
            field="to",
        )
    teams = [_team_after(load.case, user, to, actor) for load in loads]
    for load, team in zip(loads, teams, strict=True):
        moved = sum(owners.move(kind, user.id, to.id, load.case) for kind in KINDS)
        load.case.team = team
        audit.record("handed over", actor, load.case, user=user.id, to=to.id, dates=moved)
    db.session.commit()


def _team_after(case: Case, user: User, to: User, actor: User) -> list[TeamMember]:
    """The team with one person in the place of another, who does not see by that what the first saw of hidden things.

    Raises CaseworkError where nobody would see something hidden any more.
    """
    team = [one for one in case.team if one.user_id != user.id]
    if to.id not in {one.user_id for one in team}:
        is_on_it = need_to_know.member_of(case, actor) is not None
        sees = need_to_know.sees_at_first(case, to, actor) if is_on_it else None
        team.append(TeamMember(user=to, sees=sees))
    need_to_know.refuse_unseen(case, team)
    return team
