"""What each person of a team has in hand: told so that nobody carries too much, and never to blame."""

from collections import Counter

from sqlalchemy import func, select

from casework.domain.campaign.ladder import Load, by_load
from casework.domain.case.hands import ThingKind
from casework.services.case.things import KINDS
from casework.services.consent.open_shares import open_shares_of
from casework.storage.database import db
from casework.storage.models import EVEN_HIDDEN, Case
from casework.storage.name_order import name_key

MOST = 2_000  # of the tasks that a team took on; nobody has so many in hand


def of_team(case: Case) -> list[Load]:
    """What everybody on the team of this case has in hand, here and elsewhere: numbers alone, the least first."""
    people = {member.user_id: member.user.name for member in case.team if member.user.active}
    here: dict[int, Counter[ThingKind]] = {user_id: Counter() for user_id in people}
    elsewhere: Counter[int] = Counter()
    for kind, kept in KINDS.items():
        if kind is ThingKind.SHARE:  # whether one is open, its row does not tell
            continue
        table = kept.table
        query = (
            select(table.owner_id, table.case_id, func.count(table.id))
            .join(Case, Case.id == table.case_id)
            .where(
                table.owner_id.in_(people), kept.is_open, Case.closed_on.is_(None), Case.binned_at.is_(None)
            )
            .group_by(table.owner_id, table.case_id)
        )
        for owner_id, case_id, number in db.session.execute(query, execution_options=EVEN_HIDDEN):
            if case_id == case.id:
                here[owner_id][kind] += number
            else:
                elsewhere[owner_id] += number
    for share in open_shares_of(people, MOST):
        if share.case_id == case.id:
            here[share.owner_id][ThingKind.SHARE] += 1
        else:
            elsewhere[share.owner_id] += 1
    named = sorted(here, key=lambda user_id: name_key(people[user_id]))
    return by_load(Load(people[user_id], here[user_id], elsewhere[user_id]) for user_id in named)
