"""What stands on the page of a case: what is due, who can act, the papers and what has happened."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_login import current_user

from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.case.intake import TO_TAKE_ON
from casework.domain.case.places import PlaceKind, held_on, remarks_on_stays
from casework.domain.case.tasks import Task, parted
from casework.domain.consent.publicity import Agreement
from casework.domain.dates import spoken
from casework.domain.safety.accounts import Action
from casework.domain.timing.diary import DiaryEntry, most_grave, still_ahead
from casework.services.campaign import campaign_pages, plans, supporters
from casework.services.case import case_places, finding_out, first_pack, notes, task_owners, timeline
from casework.services.case.tasks import Read, tasks_of
from casework.services.case.whereabouts import left_on
from casework.services.consent import agreements, campaign_consent, consent, need_to_know
from casework.services.parliament import members, surgeries
from casework.services.safety import retention_coming
from casework.services.timing import deadlines, removal_dates, removal_plan, removals
from casework.storage.models import Case, CasePlace, Removal
from casework.web.letters.letter_list import letter_list

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
    "call_off": ("surgeries.show", {}),
    "ask_back": ("campaign_consent.gone_out", {}),
    "visit_left_over": ("surgeries.show", {}),
    "to_send": ("letters.edit_letter", {}),
    "letters": ("letters.index", {}),
    "reporting": ("signing.show", {}),
    "letter": ("correspondence.show", {}),
    "follow_up": ("surgeries.follow_up", {}),
    "plan_task": ("plans.edit_task", {}),
    "need": ("needs.index", {}),
    "find_out": ("finding_out.show", {}),
}
# What the address of a task's door calls the number of its row.
ROW_NAMES = {
    "call_off": "visit_id",
    "letter": "paper_id",
    "follow_up": "follow_up_id",
    "plan_task": "task_id",
    "visit_left_over": "visit_id",
    "to_send": "letter_id",
}


def _next_dates(dates: list[DiaryEntry], today: date) -> list[DiaryEntry]:
    """The limit that comes first, then whatever comes before it; a removal has its own place on the page."""
    others = still_ahead([entry for entry in dates if not entry.is_removal], today)
    gravest, first = most_grave(others, today), others[:1]
    return first if gravest is None or gravest in first else [gravest, *first]


def status(case: Case, today: date) -> str:
    """Where the person is, in words."""
    held = held_on(case.places, today)
    if not held:
        return "Not known to be detained."
    newest = held[0]
    since = f" since {spoken(newest.since, weekday=True)}" if newest.since else ""
    if newest.is_unknown:
        return f"Detained{since}. We do not know yet where."
    return f"Detained at {case_places.place_label(newest)}{since}."


def contents(case: Case, today: date) -> dict[str, Any]:
    """Everything that the page of a case shows."""
    places = need_to_know.all_places(case)  # to count with: what is hidden is not shown
    who = members.who_can_act(case, today, places)
    kept = timeline.kept_of(case)
    left, dates = left_on(case, today, kept.happened), deadlines.for_case(case)
    agreed = campaign_consent.papers(case)
    agreement = agreements.agreement_under(
        case, today, campaign_consent.in_force(case, today, agreed), who.authorities
    )
    papers, has_pack = letter_list(case, agreement, places), first_pack.has_one(case)
    removal = _removal(kept.removals, who, agreement, places)
    read = Read(kept.papers, kept.visits, has_pack, places)
    found = tasks_of(case, today, who, papers["letters"], removal["plan"], dates, read)
    return {
        **removal,
        "status": f"Outside the UK since {spoken(left, weekday=True)}." if left else status(case, today),
        "removal": next((entry for entry in dates if entry.is_removal and entry.final), None),
        "next_dates": _next_dates(dates, today),
        "tasks": _task_list(found, case, _rows_of_doors(who, kept, removal["attempt"])),
        "who": who,
        "supporters": supporters.count_of(case),
        "dates": dates,
        **papers,
        "events": timeline.timeline(case, kept),
        "notes": notes.first_page(kept.notes),
        "remarks": remarks_on_stays(case_places.stays(case)),
        "place_label": case_places.place_label,
        "reference_kinds": REFERENCE_KINDS,
        "authority": consent.covering(who.authorities, today),
        "withheld": consent.withheld_words(who.authorities, today),
        "coming": retention_coming.coming_in(case, [*who.authorities, *agreed]),
        **_may(),
        "hidden": need_to_know.left_out(case),
        "lawyer": finding_out.lawyer_in_words(case),
        "has_first_pack": has_pack,
    }


def _may() -> dict[str, bool]:
    """What whoever is signed in may do with the whole case."""
    return {
        "may_close": current_user.may(Action.CLOSE_CASE),
        "may_see_trail": current_user.may(Action.VIEW_TRAIL),
        "may_hand_over": current_user.may(Action.HAND_CASES_OVER),
        "may_give_copy": current_user.may(Action.GIVE_COPY),
        "may_manage_team": current_user.may(Action.MANAGE_TEAM),
    }


def _removal(
    attempts: Sequence[Removal],
    who: members.WhoCanAct,
    agreement: Agreement,
    places: Sequence[CasePlace],
) -> dict[str, Any]:
    """The attempt that may still happen, with its clock, its plan and its first date; nothing where there is none."""
    attempt = next((row for row in attempts if row.ended_as is None), None)
    if attempt is None:
        return dict.fromkeys(("attempt", "clock", "plan", "first"))
    notices = removal_dates.notice_dates(attempt)
    known = removal_plan.Known(
        removals.clock_of(attempt, notices), who.authorities, agreement, who.word, places
    )
    return {
        "attempt": attempt,
        "clock": known.clock,
        "plan": removal_plan.plan_of(attempt, known),
        "first": next(iter(notices), None),
    }


def in_short(case: Case, today: date) -> dict[str, Any]:
    """What somebody needs who helps with letters, supporters and visits and may not read the story."""
    who, visits = members.who_can_act(case, today), surgeries.list_visits(case)
    agreement = agreements.agreement_on(case, today, who.authorities)
    return {
        "status": f"Outside the UK since {spoken(left, weekday=True)}."
        if (left := left_on(case, today))
        else status(case, today),
        "in_public": campaign_pages.name_in_public(case),
        "who": who,
        "supporters": supporters.count_of(case),
        "visits": visits,
        "promises": [row for visit in visits for row in visit.follow_ups if not row.done_on],
        "plan_tasks": plans.list_tasks(case),
        "whose": plans.whose,
        "taken_on": [
            (TO_TAKE_ON[task], name)
            for task, name in task_owners.names(case, refused=who.word.refuses).items()
        ],
        "hidden": need_to_know.left_out(case).get("place"),
        **letter_list(case, agreement),
    }


def _task_list(
    tasks: list[Task], case: Case, rows: dict[str, dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """What is next, what waits and what is done, each task with its door."""
    found = parted(tasks)
    return {
        name: [_with_door(task, case, rows) for task in getattr(found, name)]
        for name in ("next", "waiting", "done")
    }


def _rows_of_doors(
    who: members.WhoCanAct, kept: timeline.Kept, attempt: Removal | None
) -> dict[str, dict[str, Any]]:
    """What the doors of some tasks carry, by the key of the task: the attempt, the first MP, the visit to them."""
    first = next((one.gss_code for one in who if one.seat.member), None)
    return {
        "removal": {"removal_id": attempt.id if attempt else None},
        "visit": {"mp": first},
        "visits": {"visit_id": next((row.id for row in kept.visits if row.gss_code == first), None)},
    }


def _with_door(task: Task, case: Case, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    endpoint, more = DOORS[task.key]
    values: dict[str, Any] = {**more, **rows.get(task.key, {})}
    if endpoint != "home.about":
        values["reference"] = case.reference
    if task.row is not None and task.key in ROW_NAMES:
        values[ROW_NAMES[task.key]] = task.row
    if task.key == "find_out":
        values["finding"] = task.finding
    if task.key == "need":
        values["_anchor"] = f"need-{task.row}"
    return {
        "what": task.what,
        "state": task.state.value,
        "words": task.words,
        "why": task.why,
        "who": task.who,
        "where": url_for(endpoint, **values),
    }
