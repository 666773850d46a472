"""What stands on the page of a case: what is due, who can act, the papers and what has happened."""

from datetime import date
from typing import Any

from flask import url_for
from flask_login import current_user

from casework.domain.accounts import Action
from casework.domain.cases import REFERENCE_KINDS
from casework.domain.dates import spoken
from casework.domain.diary import DiaryEntry, most_grave
from casework.domain.intake import TO_TAKE_ON
from casework.domain.places import PlaceKind, held_on, remarks_on_stays
from casework.domain.tasks import Task, parted
from casework.services import (
    campaign_pages,
    cases,
    consent,
    correspondence,
    deadlines,
    first_pack,
    members,
    need_to_know,
    notes,
    plans,
    removal_plan,
    removals,
    retention_coming,
    supporters,
    surgeries,
    task_owners,
)
from casework.services.tasks import tasks_of
from casework.services.timeline import timeline
from casework.services.whereabouts import left_on
from casework.storage.models import Case
from casework.web.letter_list import letter_list

# Where each task of the list is done: an endpoint of this case, with what else its address carries.
DOORS = {
    "person": ("cases.edit_person", {}),
    "adviser": ("home.about", {"_anchor": "adviser"}),
    "removal": ("removals.show", {}),
    "asked": ("cases.record_asked", {}),
    "home": ("cases.new_place", {"kind": PlaceKind.HOME.value}),
    "places": ("cases.places", {}),
    "authority": ("consent.show", {}),
    "print_authority": ("letters.new_letter", {"template": "form-of-authority"}),
    "record_authority": ("consent.new_authority", {}),
    "visits": ("surgeries.show", {}),
    "visit": ("surgeries.new_visit", {}),
    "letters": ("letters.index", {}),
    "reporting": ("signing.show", {}),
    "letter": ("correspondence.show", {}),
    "follow_up": ("surgeries.follow_up", {}),
    "plan_task": ("plans.edit_task", {}),
    "need": ("needs.index", {}),
    "find_out": ("finding_out.show", {}),
}
# What the address of a task's door calls the number of its row.
ROW_NAMES = {"letter": "paper_id", "follow_up": "follow_up_id", "plan_task": "task_id"}


def _next_dates(dates: list[DiaryEntry]) -> list[DiaryEntry]:
    """The limit that comes first, then whatever comes before it; a removal has its own place on the page."""
    others = [entry for entry in dates if entry.aim and not entry.is_removal]
    gravest = most_grave(others)
    return list(dict.fromkeys(entry for entry in (gravest, *others[:1]) if entry))


def status(case: Case, today: date) -> str:
    """Where the person is, in words."""
    held = held_on(case.places, today)
    if not held:
        return "Not known to be detained."
    newest = held[0]
    since = f" since {spoken(newest.since, weekday=True)}" if newest.since else ""
    return f"Detained at {cases.place_label(newest)}{since}."


def contents(case: Case, today: date) -> dict[str, Any]:
    """Everything that the page of a case shows."""
    who = members.who_can_act(case, today)
    left = left_on(case, today)
    dates = deadlines.for_case(case)
    papers, filed = letter_list(case, who.authorities), correspondence.list_papers(case)
    attempt = removals.running(case)
    plan = removal_plan.plan_of(attempt) if attempt else None
    has_first_pack = first_pack.has_one(case)
    tasks = tasks_of(case, today, who, papers["letters"], plan, dates, filed, has_first_pack)
    return {
        "attempt": attempt,
        "clock": removals.clock_of(attempt) if attempt else None,
        "plan": plan,
        "first": next(iter(removals.notice_dates(attempt)), None) if attempt else None,
        "status": f"Outside the UK since {spoken(left, weekday=True)}." if left else status(case, today),
        "removal": next((entry for entry in dates if entry.is_removal and entry.final), None),
        "next_dates": _next_dates(dates),
        "tasks": _task_list(tasks, case, who),
        "who": who,
        "supporters": supporters.count_of(case),
        "dates": dates,
        **papers,
        "events": timeline(case, filed),
        "notes": notes.list_notes(case),
        "remarks": remarks_on_stays(cases.stays(case)),
        "place_label": cases.place_label,
        "reference_kinds": REFERENCE_KINDS,
        "authority": consent.covering(who.authorities, today),
        "withheld": consent.withheld_words(who.authorities, today),
        "coming": retention_coming.coming_in(case),
        "may_close": current_user.may(Action.CLOSE_CASE),
        "may_see_trail": current_user.may(Action.VIEW_TRAIL),
        "may_hand_over": current_user.may(Action.HAND_CASES_OVER),
        "may_give_copy": current_user.may(Action.GIVE_COPY),
        "may_manage_team": current_user.may(Action.MANAGE_TEAM),
        "hidden": need_to_know.left_out(case),
        "has_first_pack": has_first_pack,
    }


def in_short(case: Case, today: date) -> dict[str, Any]:
    """What somebody needs who helps with letters, supporters and visits and may not read the story."""
    visits = surgeries.list_visits(case)
    return {
        "status": f"Outside the UK since {spoken(left, weekday=True)}."
        if (left := left_on(case, today))
        else status(case, today),
        "in_public": campaign_pages.name_in_public(case),
        "who": members.who_can_act(case, today),
        "supporters": supporters.count_of(case),
        "visits": visits,
        "promises": [row for visit in visits for row in visit.follow_ups if not row.done_on],
        "plan_tasks": plans.list_tasks(case),
        "whose": plans.whose,
        "taken_on": [(TO_TAKE_ON[task], name) for task, name in task_owners.names(case).items()],
        "hidden": need_to_know.left_out(case).get("place"),
        **letter_list(case),
    }


def _task_list(tasks: list[Task], case: Case, who: members.WhoCanAct) -> dict[str, list[dict[str, Any]]]:
    """What is next, what waits and what is done, each task with its door."""
    found = parted(tasks)
    return {
        name: [_with_door(task, case, who) for task in getattr(found, name)]
        for name in ("next", "waiting", "done")
    }


def _with_door(task: Task, case: Case, who: members.WhoCanAct) -> dict[str, Any]:
    endpoint, more = DOORS[task.key]
    values: dict[str, Any] = dict(more)
    if endpoint != "home.about":
        values["reference"] = case.reference
    if task.row is not None and task.key in ROW_NAMES:
        values[ROW_NAMES[task.key]] = task.row
    if task.key == "find_out":
        values["finding"] = task.finding
    if task.key == "need":
        values["_anchor"] = f"need-{task.row}"
    if task.key == "removal":
        values["removal_id"] = next(row.id for row in removals.list_removals(case) if not row.ended_as)
    if task.key in ("visit", "visits"):
        first = next(one.gss_code for one in who if one.seat.member)
        if task.key == "visit":
            values["mp"] = first
        else:
            values["visit_id"] = next(row.id for row in surgeries.list_visits(case) if row.gss_code == first)
    return {
        "what": task.what,
        "state": task.state.value,
        "words": task.words,
        "why": task.why,
        "where": url_for(endpoint, **values),
    }
