"""The groups that share this machine: their names, a new one with the link for its first organiser, and who asks."""

from flask import current_app
from sqlalchemy import func, select

from casework import clock
from casework.domain.consent.need_to_know import sees_unasked
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.services.safety import audit, one_time_links
from casework.services.safety.one_time_links import Purpose
from casework.storage import asking
from casework.storage.asking import FIRST_GROUP, NOBODY, Asking
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case, Group, User

LONGEST_NAME = 200


def name_of(group_id: int) -> str:
    """What a group is called on its pages and papers; the first one is called what the settings say."""
    known: dict[int, str] = current_app.extensions.setdefault("group names", {})
    if group_id not in known:  # asked once: a group is never called otherwise
        group = db.session.get(Group, group_id)
        known[group_id] = (group.name if group else None) or ""
    return known[group_id] or (current_instance().settings.group_name if group_id == FIRST_GROUP else "")


def name_now() -> str:
    """What the group is called for which this request asks."""
    return name_of(asking.group_of_new_rows())


def list_groups() -> list[Group]:
    """Every group on this machine, the first one first."""
    return list(db.session.scalars(select(Group).order_by(Group.id)))


def are_several() -> bool:
    """Whether more than one group shares this machine."""
    return (db.session.scalar(select(func.count(Group.id))) or 0) > 1


def other_groups(group_id: int) -> list[Group]:
    """Every group but this one."""
    return [group for group in list_groups() if group.id != group_id]


def add_group(name: str) -> tuple[Group, str]:
    """A new group with nobody in it, and the token of the link with which its first organiser comes in.

    Raises CaseworkError for a name that is missing, too long or taken.
    """
    name = " ".join(name.split())
    if not name:
        raise CaseworkError("Give the group a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise CaseworkError(f"This is too long: {LONGEST_NAME} letters at most.", field="name")
    if name.casefold() in {name_of(group.id).casefold() for group in list_groups()}:
        raise CaseworkError(f"There is a group called {name} already.", field="name")
    group = Group(name=name, made_at=clock.now())
    db.session.add(group)
    db.session.flush()
    token = one_time_links.make(Purpose.FIRST_ORGANISER, None, group.id)
    audit.record("group added", None, group=group.id)
    db.session.commit()
    return group, token


def first_link_again(group_id: int) -> str:
    """A new link for the first organiser of a group in which nobody has an account yet. Raises CaseworkError."""
    if not any(group.id == group_id for group in list_groups()):
        raise CaseworkError("There is no such group. `casework group list` says which there are.")
    with asking.every_group():
        people = db.session.scalar(select(func.count(User.id)).where(User.group_id == group_id))
    if people:
        raise CaseworkError("Somebody has an account there. `casework user link` makes them a new link.")
    token = one_time_links.make(Purpose.FIRST_ORGANISER, None, group_id)
    db.session.commit()
    return token


def organisers_of(group_id: int) -> int:
    """How many organisers of this group can sign in."""
    query = select(func.count(User.id)).where(
        User.group_id == group_id, User.role == Role.ORGANISER, User.active, User.password_hash.is_not(None)
    )
    return db.session.scalar(query) or 0


def asking_of(user: User, group_id: int | None = None) -> Asking:
    """Who asks when it is this person; for the work on a case, its group besides."""
    return Asking(group_id or user.group_id, user.id, sees_unasked(Role(user.role)))


def ask_for_the_public(case: Case) -> None:
    """Go on for a stranger with a link of this case: nothing of other groups, and nothing hidden."""
    asking.change(Asking(case.group_id, NOBODY))


def ask_for_the_person(case: Case) -> None:
    """Go on for the person whose case it is, with their own link: nothing of it is hidden from them."""
    asking.change(Asking(case.group_id))
