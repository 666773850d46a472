"""A case that goes to another group on this machine: offered by one, taken by the other, with all that is in it."""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from casework.domain.campaign.batches import AT_WORK
from casework.domain.errors import CaseworkError, NotFound
from casework.services.case import owners
from casework.services.safety import audit, groups
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.models import (
    Batch,
    Case,
    ImportRow,
    Letter,
    LetterWording,
    SignUp,
    Supporter,
    SupporterImport,
    TeamMember,
    User,
)

# Of a supporter who stays with the first group too, what their row in the other one begins with.
KEPT_OF_SUPPORTER = (
    "name", "address", "postcode", "gss_code", "gss_basis", "email", "phone", "languages", "notice_given_on",
    "added_on", "heard_on",
)  # fmt: skip
EVEN_STOPPED = {"even_stopped": True}


@dataclass(frozen=True)
class Offer:
    """A case that another group offers: no more of it than its reference, until it is taken."""

    case_id: int
    reference: str
    group: str
    by: str
    supporters: int


def offer(case: Case, group_id: int, actor: User, *, agreed: bool) -> None:
    """Offer a case to another group; nothing changes until an organiser there takes it.

    Raises CaseworkError without the person's yes, and for a group that is not there.
    """
    if group_id not in {group.id for group in groups.other_groups(case.group_id)}:
        raise CaseworkError("Choose the other group.", field="group")
    if not agreed:
        raise CaseworkError(
            "Ask the person first. It is their story that another group would hold.", field="agreed"
        )
    case.offered_to_id, case.offered_by_id = group_id, actor.id
    audit.record("offered to another group", actor, case, group=group_id)
    db.session.commit()


def take_back_offer(case: Case, actor: User) -> None:
    """Offer a case no longer. Raises CaseworkError where there is no offer: it may be taken by now."""
    if case.offered_to_id is None:
        raise CaseworkError("This case is offered to nobody.")
    case.offered_to_id = case.offered_by_id = None
    audit.record("offer taken back", actor, case)
    db.session.commit()


def offers_to(group_id: int) -> list[Offer]:
    """The cases that other groups offer to this one."""
    with every_group():
        rows = db.session.scalars(select(Case).where(Case.offered_to_id == group_id).order_by(Case.id)).all()
        return [
            Offer(
                case.id,
                case.reference,
                groups.name_of(case.group_id),
                case.offered_by.name if case.offered_by else "",
                db.session.scalar(select(func.count(SignUp.id)).where(SignUp.case_id == case.id)) or 0,
            )
            for case in rows
        ]


def take(case_id: int, actor: User) -> str:
    """Take a case that was offered to the group of this organiser; its reference, by which they find it now.

    The team of the other group loses it, its open dates wait for somebody to see to them, and its supporters come
    along. Raises NotFound where nothing is offered, and CaseworkError while letters are being made.
    """
    with every_group():
        case = db.session.scalar(
            select(Case)
            .where(Case.id == case_id, Case.offered_to_id == actor.group_id, Case.binned_at.is_(None))
            .with_for_update()
        )
        if case is None:
            raise NotFound("This case is not offered to your group, or no longer.")
        at_work = select(Batch.id).where(Batch.case_id == case.id, Batch.state.in_(AT_WORK))
        if db.session.scalar(at_work.limit(1)) is not None:
            raise CaseworkError("Letters of this case are being made. Wait until they are done.")
        before = case.group_id
        for member in case.team:
            owners.let_go(member.user, case)
        case.team = [TeamMember(user=actor)]
        case.group_id, case.offered_to_id, case.offered_by_id = actor.group_id, None, None
        _bring_supporters(case, before)
        _bring_wordings(case, before)
        audit.record("taken over from another group", actor, case, before=before, after=actor.group_id)
        db.session.commit()
        return case.reference


def _bring_supporters(case: Case, before: int) -> None:
    """Take the supporters along; whoever supports another case of the first group too is there twice from now on."""
    query = select(SignUp).where(SignUp.case_id == case.id)
    for sign_up in db.session.scalars(query, execution_options=EVEN_STOPPED).all():
        old = sign_up.supporter
        elsewhere = select(SignUp.id).where(SignUp.supporter_id == old.id, SignUp.case_id != case.id)
        if db.session.scalar(elsewhere.limit(1), execution_options=EVEN_STOPPED) is None:
            old.group_id = case.group_id
            continue
        new = Supporter(group_id=case.group_id, **{name: getattr(old, name) for name in KEPT_OF_SUPPORTER})
        db.session.add(new)
        db.session.flush()
        sign_up.supporter = new
        letters = update(Letter).where(Letter.case_id == case.id, Letter.supporter_id == old.id)
        db.session.execute(letters.values(supporter_id=new.id))
        _ask_back_from(case, old.id, new.id)
    sheets = select(SupporterImport.id).where(SupporterImport.case_id == case.id)
    theirs = select(Supporter.id).where(Supporter.group_id == before)
    rows = update(ImportRow).where(ImportRow.import_id.in_(sheets), ImportRow.like_supporter_id.in_(theirs))
    db.session.execute(rows.values(like_supporter_id=None), execution_options={"synchronize_session": False})


def _ask_back_from(case: Case, before: int, after: int) -> None:
    """Have letters of recall to this supporter name them by their new number: they are found by it when they stop."""
    key = Letter.facts["recall_from"].as_string() == f"supporter {before}"
    for letter in db.session.scalars(select(Letter).where(Letter.case_id == case.id, key)):
        letter.facts = {**letter.facts, "recall_from": f"supporter {after}"}


def _bring_wordings(case: Case, before: int) -> None:
    """Bring the words of the letters that this case has and the other group does not know, so that each can be read."""
    used = set(db.session.scalars(select(Letter.template).where(Letter.case_id == case.id).distinct()))
    used |= set(db.session.scalars(select(Batch.template).where(Batch.case_id == case.id).distinct()))
    known = select(LetterWording.key).where(LetterWording.group_id == case.group_id)
    lacking = used - set(db.session.scalars(known))
    rows = select(LetterWording).where(LetterWording.group_id == before, LetterWording.key.in_(lacking))
    for row in db.session.scalars(rows.order_by(LetterWording.id)).all():
        db.session.add(
            LetterWording(
                group_id=case.group_id, key=row.key, entry=row.entry, words=row.words, written_at=row.written_at,
                written_by_id=row.written_by_id,
            )
        )  # fmt: skip
