"""Open a case, change it, close it, and say who works on it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import flag_modified

from casework import clock
from casework.domain.case.cases import is_reference, tidy_reference
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Action, Role, may
from casework.services import saving
from casework.services.case import detention, owners
from casework.services.case.case_places import NewPlace, located
from casework.services.consent import need_to_know
from casework.services.safety import audit
from casework.services.timing.effects import Effects
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.models import (
    CallRound,
    CampaignPage,
    Case,
    CaseReference,
    ErasedCase,
    TeamMember,
    User,
)

PERSON_FIELDS = (
    "official_name",
    "name_used",
    "other_names",
    "date_of_birth",
    "nationality",
    "languages",
    "interpreter",
    "pronouns",
    "safe_contact",
    "urgency",
    "representative_name",
    "representative_firm",
    "representative_contact",
)


def get_case(reference: str, actor: User) -> Case:
    """The case, for somebody on its team and of its group. Raises NotFound for everybody else."""
    case = db.session.scalar(
        select(Case)
        .join(TeamMember)
        .where(
            Case.reference == reference.upper(),
            Case.group_id == actor.group_id,
            Case.binned_at.is_(None),
            TeamMember.user_id == actor.id,
        )
    )
    if case is None:
        raise NotFound("There is no such case, or you do not work on it.")
    return case


def case_on_this_machine(reference: str) -> Case:
    """The case, for whoever sits at the machine itself and so holds its key. Raises NotFound."""
    case = db.session.scalar(
        select(Case).where(Case.reference == reference.upper(), Case.binned_at.is_(None))
    )
    if case is None:
        raise NotFound(f"There is no case {reference} in this instance.")
    return case


def open_case(
    person: dict[str, Any],
    places: Iterable[NewPlace],
    actor: User,
    *,
    references: dict[str, str] | None = None,
    prefix: str = "C",
) -> Case:
    """A new case with its person and places; whoever opens it works on it.

    An organiser is always on the team, so that no case is left alone. Raises CaseworkError without any name.
    """
    if not (person.get("name_used") or person.get("official_name")):
        raise CaseworkError(
            "Type a name: the one they use, or the one the Home Office has.", field="name_used"
        )
    case = add_case(person, places, actor, references=references, prefix=prefix)
    db.session.commit()
    return case


def add_case(
    person: dict[str, Any],
    places: Iterable[NewPlace],
    actor: User,
    *,
    references: dict[str, str] | None = None,
    prefix: str = "C",
) -> Case:
    """The same without saving it yet. Without a name it goes by its reference, until the name may be said."""
    case = Case(
        reference=_next_reference(prefix),
        group_id=actor.group_id,
        opened_at=clock.now(),
        opened_by_id=actor.id,
    )
    for name in PERSON_FIELDS:
        setattr(case, name, person.get(name))
    db.session.add(case)
    _set_references(case, references or {})
    for place in places:
        case.places.append(located(place))
    case.team = [
        TeamMember(user=user)
        for user in {actor, *(_organisers(actor.group_id) if actor.role != Role.ORGANISER else ())}
    ]
    db.session.flush()
    audit.record("case opened", actor, case, places=len(case.places))
    detention.follow_places(Effects(case, actor))
    return case


def reference_for(wanted: str) -> str:
    """The reference that a case from elsewhere has here: its own, unless that is taken or none of ours."""
    usable = is_reference(wanted) and not _is_taken(wanted)
    return wanted if usable else _next_reference("C")


def _next_reference(prefix: str) -> str:
    """A reference that no case has, and none ever had: the trail still speaks of those that were erased.

    A case that another group handed over keeps its reference, and that may be the next of ours.
    """
    columns = (Case.id, ErasedCase.erased_case_id)
    with every_group():  # a reference is one case on the whole machine
        number = max(db.session.scalar(select(func.max(column))) or 0 for column in columns) + 1
        while _is_taken(f"{prefix}-{number}"):
            number += 1
    return f"{prefix}-{number}"


def _is_taken(reference: str) -> bool:
    """Whether a case has this reference, in whichever group, or one that was erased had it."""
    with every_group():
        asked = (Case.reference, ErasedCase.reference)
        return any(db.session.scalar(select(column).where(column == reference)) for column in asked)


def _organisers(group_id: int) -> list[User]:
    query = select(User).where(User.group_id == group_id, User.role == Role.ORGANISER, User.active)
    return list(db.session.scalars(query))


def change_person(
    case: Case, changes: dict[str, Any], references: dict[str, str], version: int, actor: User
) -> None:
    """Save what is known of the person, and the numbers that offices know them by.

    Raises OutOfDate when somebody saved since this version was read.
    """
    if case.version != version:
        raise OutOfDate(
            "Somebody else saved this case while you were typing. Nothing of yours is lost: it is still here."
        )
    has_name = bool(case.name_used or case.official_name)
    if has_name and not (changes.get("name_used") or changes.get("official_name")):
        raise CaseworkError("Keep at least one name.", field="name_used")
    changed = [name for name in PERSON_FIELDS if name in changes and getattr(case, name) != changes[name]]
    for name in changed:
        setattr(case, name, changes[name])
    _set_references(case, references)
    audit.record(
        "person changed",
        actor,
        case,
        fields=changed,
        references=[key for key in references if references[key]],
    )
    saving.commit(saving.CASE_CHANGED)


def _set_references(case: Case, references: dict[str, str]) -> None:
    now = {row.kind: row.value for row in case.references}
    new = {kind: tidy_reference(kind, value) for kind, value in references.items() if value}
    if now != new:
        case.references = [CaseReference(kind=kind, value=value) for kind, value in new.items()]
        # The references are rows of their own: say that the case changed, so that its version moves.
        flag_modified(case, "urgency")


def record_asked(
    case: Case, *, asked_on: date, agreed: bool, asked_by: str, limits: str | None = None, actor: User
) -> None:
    """Keep that the person was asked before any MP hears of them, and what they said.

    `limits` are their own words for a yes to one MP and not to another: shown before anything goes out.
    """
    put_asked(case, asked_on=asked_on, agreed=agreed, asked_by=asked_by, limits=limits, actor=actor)
    saving.commit(saving.CASE_CHANGED)


def put_asked(
    case: Case, *, asked_on: date, agreed: bool, asked_by: str | None, limits: str | None = None, actor: User
) -> None:
    """The same without saving it yet. A no needs nobody's name."""
    if asked_on > clock.today():
        raise CaseworkError("That day has not come yet.", field="asked_on")
    case.asked_about_mps_on, case.agreed_to_mps, case.asked_about_mps_by = asked_on, agreed, asked_by
    case.limits_on_mps = limits
    audit.record("person asked about MPs", actor, case, agreed=agreed, limits=bool(limits))


def add_to_team(case: Case, user_id: int, actor: User) -> None:
    """Let somebody work on this case, who sees no more of what is hidden than the actor. Twice changes nothing.

    Raises CaseworkError for somebody without an account in this group.
    """
    user = db.session.get(User, user_id)
    if user is None or not user.active or user.group_id != case.group_id:
        raise CaseworkError("Choose somebody with an account.", field="user")
    if user.id not in {member.user_id for member in case.team}:
        sees = need_to_know.sees_at_first(case, user, actor)
        case.team.append(TeamMember(user=user, sees=sees))
        audit.record("added to team", actor, case, user=user.id)
        db.session.commit()


def remove_from_team(case: Case, user_id: int, actor: User) -> None:
    """Take somebody off the case.

    Raises CaseworkError when no caseworker or organiser would be left, or nobody who sees what is hidden.
    """
    staying = [member for member in case.team if member.user_id != user_id]
    if not any(may(Role(member.user.role), Action.MANAGE_TEAM) for member in staying):
        raise CaseworkError("A caseworker or an organiser must stay on the case. Add another one first.")
    need_to_know.refuse_unseen(case, staying)
    leaving = db.session.get(User, user_id)
    dates = owners.let_go(leaving, case) if leaving else 0
    case.team = staying
    audit.record("removed from team", actor, case, user=user_id, dates=dates)
    db.session.commit()


def close_case(case: Case, because: str, actor: User) -> None:
    """Close a case; it can be read and opened again. Raises CaseworkError where nobody says how it ended."""
    if not because:
        raise CaseworkError("Say in a few words how it ended.", field="because")
    case.closed_on, case.closed_because = clock.today(), because
    # Pages for anybody and call lists stay closed when the case is taken up again.
    for table in (CampaignPage, CallRound):
        open_ones = update(table).where(table.case_id == case.id, table.closed_at.is_(None))
        db.session.execute(open_ones.values(closed_at=clock.now()))
    audit.record("case closed", actor, case)
    saving.commit(saving.CASE_CHANGED)


def reopen_case(case: Case, actor: User) -> None:
    """Take up a closed case again."""
    case.closed_on = case.closed_because = None
    audit.record("case reopened", actor, case)
    saving.commit(saving.CASE_CHANGED)
