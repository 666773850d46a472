"""Who took on which of the tasks that the program made of a case: given, and told by name."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.domain.case.hands import ThingKind
from casework.domain.case.intake import TO_TAKE_ON
from casework.domain.case.tasks import WITH_MPS
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role, may
from casework.services import saving
from casework.services.case.things import KINDS
from casework.services.consent import need_to_know
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, TaskOwner, TeamMember, User
from casework.storage.name_order import name_key
from casework.storage.one_look import none_without

NEEDED = KINDS[ThingKind.SHARE].needs
CHANGED = "Somebody shared out these tasks at the same moment. Look, and choose again."


def people(actor: User) -> list[User]:
    """Who may take on a task: whoever of the group can sign in and does more than read, by name."""
    query = select(User).where(User.group_id == actor.group_id, User.active)
    able = [one for one in db.session.scalars(query) if may(Role(one.role), NEEDED)]
    return sorted(able, key=lambda one: name_key(one.name))


def names(case: Case, *, refused: bool = False) -> dict[str, str]:
    """The name of whoever took on a task, by the key of the task; after a no to MPs without those that need one."""
    return {row.task: row.owner.name for row in _rows(case) if not (refused and row.task in WITH_MPS)}


def chosen(case: Case) -> dict[str, int]:
    """The number of whoever took on a task, by its key."""
    return {row.task: row.owner_id for row in _rows(case)}


def share_out(case: Case, wanted: Mapping[str, int], actor: User) -> None:
    """Say who takes on what, and save it; 0 is nobody. Whoever takes on a task works on the case from then on."""
    add_shares(case, wanted, actor)
    saving.commit(CHANGED)


def add_shares(case: Case, wanted: Mapping[str, int], actor: User) -> None:
    """The same without saving it. Raises CaseworkError at the task that somebody cannot take on."""
    able = {one.id: one for one in people(actor)}
    kept = {row.task: row for row in _rows(case)}
    for task, owner_id in wanted.items():
        if task not in TO_TAKE_ON:
            raise CaseworkError("There is no such task.")
        row = kept.get(task)
        if not owner_id:
            if row is not None:
                db.session.delete(row)
            continue
        if owner_id not in able:
            raise CaseworkError("Choose somebody of the group who can sign in.", field=task)
        let_in(case, able[owner_id], actor)
        if row is None:
            db.session.add(TaskOwner(case=case, task=task, owner_id=owner_id))
        else:
            row.owner_id = owner_id
    saving.flush(CHANGED)
    audit.record("tasks shared out", actor, case, taken=sum(bool(one) for one in wanted.values()))


def let_in(case: Case, user: User, actor: User) -> None:
    """Let somebody work on this case unless they do; they see no more of what is hidden than the actor."""
    if user.id not in {member.user_id for member in case.team}:
        sees = need_to_know.sees_at_first(case, user, actor)
        case.team.append(TeamMember(user=user, sees=sees))
        audit.record("added to team", actor, case, user=user.id)


@none_without(TaskOwner)
def _rows(case: Case) -> list[TaskOwner]:
    query = select(TaskOwner).where(TaskOwner.case_id == case.id).options(joinedload(TaskOwner.owner))
    return list(db.session.scalars(query.order_by(TaskOwner.id)))
