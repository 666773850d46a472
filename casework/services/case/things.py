"""Who does what by when: the six kinds of thing, each with its table, what of it is open, its day, and who may do it.

Every list of them reads this one: the diary, whose each is, what everybody has in hand, and handing on.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import null, true

from casework.domain.case.hands import ThingKind
from casework.domain.safety.accounts import Action
from casework.domain.timing.diary import EntrySource
from casework.storage.models import Deadline, FollowUp, NextContact, PlanTask, SurgeryVisit, TaskOwner


@dataclass(frozen=True)
class Kept:
    """How one kind is kept. `needs` is what somebody's role carries who does it, `fact` its word in the trail."""

    table: Any
    is_open: Any
    day: Any
    needs: Action
    fact: str


KINDS: dict[ThingKind, Kept] = {
    ThingKind.DATE: Kept(
        Deadline, Deadline.settled_on.is_(None), Deadline.aim_on, Action.EDIT_CASE, "deadline"
    ),
    ThingKind.PROMISE: Kept(
        FollowUp, FollowUp.done_on.is_(None), FollowUp.due_on, Action.RECORD_VISIT, "follow_up"
    ),
    ThingKind.VISIT: Kept(
        SurgeryVisit, SurgeryVisit.recorded_at.is_(None), SurgeryVisit.held_on, Action.RECORD_VISIT, "visit"
    ),
    ThingKind.TASK: Kept(
        PlanTask, PlanTask.done_on.is_(None), PlanTask.due_on, Action.KEEP_SUPPORTERS, "task"
    ),
    ThingKind.CONTACT: Kept(NextContact, true(), NextContact.due_on, Action.KEEP_SUPPORTERS, "contact"),
    # A task of the page of a case that somebody took on; whoever does more than read may.
    ThingKind.SHARE: Kept(TaskOwner, true(), null(), Action.DRAFT_LETTER, "next_step"),
}
# Those that stand in the diary, by what it calls them.
IN_DIARY = {
    EntrySource.DEADLINE: ThingKind.DATE,
    EntrySource.FOLLOW_UP: ThingKind.PROMISE,
    EntrySource.VISIT: ThingKind.VISIT,
}
ENTRIES = {kind: source for source, kind in IN_DIARY.items()}
