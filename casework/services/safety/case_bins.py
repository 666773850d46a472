"""A whole case in the bin: hidden from everybody at once, brought back as it was, or erased after thirty days.

Its rows stay where they are. Who works on it is put aside, so that no list, board, digest or calendar has it any more,
and what was open to others is closed.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update

from casework import clock
from casework.domain.campaign.batches import AT_WORK, BatchState
from casework.domain.errors import NotFound
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.services.safety import audit, bins
from casework.storage.database import db
from casework.storage.models import Batch, Binned, CampaignPage, Case, OwnViewLink, TeamMember, User

NOT_THERE = "This case is no longer in the bin."


@dataclass(frozen=True)
class BinnedCase:
    """A case in the bin. The person is not named: whoever looks into the group's bin need not have worked on it."""

    reference: str
    at: datetime
    by: str
    gone_on: date


def put_away(case: Case, actor: User) -> None:
    """Put a case into the bin. From now on nobody is shown it, and nothing is open to others."""
    team = {member.user_id: member.sees for member in case.team}
    bins.keep(BinKind.CASE, case.id, json.dumps(team).encode(), case.id, actor)
    now = clock.now()
    close_to_others(case)
    case.offered_to_id = case.offered_by_id = None
    db.session.execute(delete(TeamMember).where(TeamMember.case_id == case.id))
    case.binned_at = now
    audit.record("case put into the bin", actor, case)
    db.session.commit()
    db.session.expire_all()


def close_to_others(case: Case) -> None:
    """Close the case's campaign page, end its links, and stop the making of letters. The caller commits."""
    now = clock.now()
    for statement in (
        update(CampaignPage)
        .where(CampaignPage.case_id == case.id, CampaignPage.closed_at.is_(None))
        .values(closed_at=now),
        update(OwnViewLink)
        .where(OwnViewLink.case_id == case.id, OwnViewLink.revoked_at.is_(None))
        .values(revoked_at=now),
        update(Batch)
        .where(Batch.case_id == case.id, Batch.state.in_(AT_WORK))
        .values(state=BatchState.PAUSED),
    ):
        db.session.execute(statement)


def list_cases(actor: User) -> list[BinnedCase]:
    """The cases in the bin that this person may bring back, the newest first: those they were on, or all."""
    query = (
        select(Binned).join(Binned.case).where(Binned.kind == BinKind.CASE).order_by(Binned.binned_at.desc())
    )
    return [
        BinnedCase(row.case.reference, row.binned_at, row.binned_by.name, row.gone_on)
        for row in db.session.scalars(query)
        if _may_see(row, actor)
    ]


def get(reference: str, actor: User) -> Case:
    """A case in the bin, for those who worked on it, and for whoever may erase cases. Raises NotFound."""
    return _get(reference, actor).case


def bring_back(reference: str, actor: User) -> Case:
    """Take a case out of the bin, with everybody on it who has an account still.

    Pages and links that were open to others stay closed, and letters for many stay paused. Raises NotFound.
    """
    row = _get(reference, actor)
    case = row.case
    case.binned_at = None
    team = _team(row)
    for user in db.session.scalars(select(User).where(User.id.in_(team)).order_by(User.id)):
        db.session.add(TeamMember(case_id=case.id, user_id=user.id, sees=team[user.id]))
    db.session.delete(row)
    audit.record("case brought back from the bin", actor, case)
    db.session.commit()
    db.session.expire_all()
    return case


def over(today: date) -> list[Case]:
    """The cases whose thirty days in the bin are over."""
    query = select(Binned).where(Binned.kind == BinKind.CASE, Binned.gone_on <= today)
    return [row.case for row in db.session.scalars(query)]


def _get(reference: str, actor: User) -> Binned:
    query = select(Binned).join(Binned.case)
    row = db.session.scalar(query.where(Binned.kind == BinKind.CASE, Case.reference == reference.upper()))
    if row is None or not _may_see(row, actor):
        raise NotFound(NOT_THERE)
    return row


def _may_see(row: Binned, actor: User) -> bool:
    return actor.may(Action.ERASE_CASE) or actor.id in _team(row)


def _team(row: Binned) -> dict[int, str | None]:
    """Who worked on a case in the bin, each with the hidden things that they saw."""
    return {int(user_id): sees for user_id, sees in json.loads(bins.content_of(row)).items()}
