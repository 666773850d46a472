"""The diary: deadlines, follow-ups and planned visits as entries in one order."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from casework.domain.deadline_rules import Kind, OwedBy
from casework.domain.diary import (
    FOLLOW_UP_WORDS,
    VISIT_WORDS,
    DiaryEntry,
    EntrySource,
    in_order,
)
from casework.services.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, Deadline, FollowUp, SurgeryVisit, TeamMember, User

Query = Select[Any]
REMOVAL_RULE = "removal_notice_period"


def open_entries(actor: User) -> list[DiaryEntry]:
    """What is open in all the open cases that this person works on, soonest first."""

    def mine(query: Query) -> Query:
        return query.join(TeamMember, TeamMember.case_id == Case.id).where(
            TeamMember.user_id == actor.id, Case.closed_on.is_(None)
        )

    return _entries(mine)


def open_entries_of(case: Case) -> list[DiaryEntry]:
    """What is open in this case, soonest first."""
    return _entries(lambda query: query.where(Case.id == case.id))


def entry_of_deadline(row: Deadline) -> DiaryEntry:
    """A deadline as the diary shows it, under the rule that made it."""
    rule = rule_book().rules.get(row.rule_key)
    kind = Kind(row.kind)
    return DiaryEntry(
        source=EntrySource.DEADLINE,
        id=row.id,
        reference=row.case.reference,
        person=row.case.person_name,
        title=": ".join(filter(None, (row.working.get("name") or row.rule_key, row.working.get("about")))),
        words=rule.words if rule else kind.words,
        kind=kind,
        is_removal=row.rule_key == REMOVAL_RULE,
        owed_by=rule.owed_by if rule else OwedBy.US,
        who=rule.actor if rule else None,
        safe_on=row.safe_on,
        last_on=row.last_on,
        earliest_on=row.earliest_on,
        stated_on=row.stated_on,
        stated_by=row.stated_by,
        clock=row.working.get("clock") or "",
        condition=row.working.get("condition") or "",
        cannot_say=row.cannot_say,
        settled_on=row.settled_on,
        settled_how=row.settled_how,
        rule_key=row.rule_key,
        changed_at=row.changed_at,
    )


def _entries(narrow: Callable[[Query], Query]) -> list[DiaryEntry]:
    entries: list[DiaryEntry] = []
    for model, is_open, entry in (
        (Deadline, Deadline.settled_on.is_(None), entry_of_deadline),
        (FollowUp, FollowUp.done_on.is_(None), _entry_of_follow_up),
        (SurgeryVisit, SurgeryVisit.recorded_at.is_(None), _entry_of_visit),
    ):
        query = select(model).join(Case, Case.id == model.case_id).where(is_open)
        rows = db.session.scalars(narrow(query).options(contains_eager(model.case)))
        entries += [entry(row) for row in rows]
    return in_order(entries)


def _entry_of_follow_up(row: FollowUp) -> DiaryEntry:
    return DiaryEntry(
        source=EntrySource.FOLLOW_UP,
        id=row.id,
        reference=row.case.reference,
        person=row.case.person_name,
        title=row.what,
        words=FOLLOW_UP_WORDS,
        who=row.who,
        last_on=row.due_on,
        changed_at=row.changed_at,
    )


def _entry_of_visit(row: SurgeryVisit) -> DiaryEntry:
    return DiaryEntry(
        source=EntrySource.VISIT,
        id=row.id,
        reference=row.case.reference,
        person=row.case.person_name,
        title=f"Surgery visit: {row.member_name}",
        words=VISIT_WORDS,
        who=row.who_went,
        last_on=row.held_on,
        cannot_say=None if row.held_on else "No day is fixed yet.",
        changed_at=row.changed_at,
    )
