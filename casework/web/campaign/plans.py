"""The plan of a campaign: one page, edited part by part, its days, who does what, and the sheet for the meeting."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField

from casework.domain.campaign.plans import ALLIES, DAY_WORDS, LONGEST, PARTS, REFUGEE_WEEK, DayKind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.timing.board import initials
from casework.services.campaign import plans
from casework.services.campaign.plans import DayFacts, TaskFacts
from casework.storage.models import Case, PlanDay, PlanTask
from casework.web.fields import DayField, ListField, line, one_of, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404, reads_story
from casework.web.safety.bins import say_with_undo

bp = Blueprint("plans", __name__)
PLACE = "/cases/<reference>/plan"
TASKS = f"{PLACE}/tasks"


class PartForm(HouseForm):
    """One part of the plan."""

    version = HiddenField()
    text = paragraph("What stands in the plan", most=LONGEST, rows=6)


class DayForm(HouseForm):
    """A day that matters, or a meeting."""

    version = HiddenField()
    kind = one_of("What is it?", DAY_WORDS, required="Choose which of the two.")
    what = line("What happens?", hint="The debate in the House. The next meeting of friends.")
    on = DayField("On which day?", required="Type the day.")
    at = line("At what hour", hint="For example 18:30. You may leave this empty.", most=20)
    place = line("Where")
    source = line(
        "Where did you read this day?",
        hint="A page, a letter, or who said it. A meeting of ours needs none.",
        most=300,
    )

    def facts(self) -> DayFacts:
        """What was typed."""
        assert self.on.data
        return DayFacts(
            DayKind(self.kind.data),
            self.on.data,
            self.what.data or "",
            self.at.data,
            self.place.data,
            self.source.data,
        )


class TaskForm(HouseForm):
    """Who does what, by when."""

    version = HiddenField()
    what = line("What is to be done?", hint="Everybody on the team reads it: nothing of the story.")
    owner = ListField("Who of the team does it", choices=[])
    who = line("Or somebody else, by name", hint="If they have no account here.")
    due_on = DayField("By which day?", hint="You may leave this empty.")

    def facts(self) -> TaskFacts:
        """What was typed."""
        return TaskFacts(
            self.what.data or "", whole_number(self.owner.data) or None, self.who.data, self.due_on.data
        )


@bp.get(PLACE)
@allow(Action.READ_STORY)
def show(reference: str) -> str:
    return _page("plans/show.html", case_or_404(reference))


@bp.get(f"{PLACE}/sheet")
@allow(Action.READ_STORY)
def sheet(reference: str) -> str:
    case = case_or_404(reference)
    named = request.args.get("name") == "used"
    name = case.person_name if named else initials(case.person_name) or case.reference
    return _page("plans/sheet.html", case, name=name, named=named)


def _page(template: str, case: Case, **more: Any) -> str:
    return render_template(
        template,
        case=case,
        parts=PARTS,
        allies=ALLIES,
        texts=plans.parts_of(case),
        days=plans.days_of(case),
        tasks=plans.list_tasks(case),
        whose=plans.whose,
        refugee_week=REFUGEE_WEEK,
        **more,
    )


@bp.route(f"{PLACE}/parts/<part>", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit_part(reference: str, part: str) -> Any:
    case = case_or_404(reference)
    if part not in PARTS:
        raise NotFound("The plan has no such part.")
    row, theirs = plans.parts_of(case).get(part), None
    form = PartForm(version=plans.version_of(row), text=row.text if row else "")
    if form.validate_on_submit():
        try:
            plans.save_part(case, part, form.text.data or "", whole_number(form.version.data), current_user)
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                theirs = plans.parts_of(case).get(part)
                form.version.data = str(plans.version_of(theirs))
        else:
            flash("Saved.")
            return redirect(url_for("plans.show", reference=case.reference, _anchor=part), 303)
    return render_template(
        "plans/edit_part.html", case=case, form=form, part=PARTS[part], theirs=theirs, is_ally=part in ALLIES
    )


@bp.route(f"{PLACE}/days/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_day(reference: str) -> Any:
    return _day(case_or_404(reference), None)


@bp.route(f"{PLACE}/days/<int:plan_day_id>", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit_day(reference: str, plan_day_id: int) -> Any:
    case = case_or_404(reference)
    return _day(case, plans.get_day(case, plan_day_id))


def _day(case: Case, row: PlanDay | None) -> Any:
    form = DayForm(obj=row) if row else DayForm(kind=DayKind.DAY)
    if form.validate_on_submit():
        try:
            plans.save_day(
                case,
                form.facts(),
                current_user,
                day_id=row.id if row else None,
                version=whole_number(form.version.data),
            )
        except CaseworkError as error:
            form.explain(error)
            if row and isinstance(error, OutOfDate):
                form.meet(DayForm(obj=plans.get_day(case, row.id), formdata=None))
        else:
            flash("Saved.")
            return redirect(url_for("plans.show", reference=case.reference, _anchor="days"), 303)
    return render_template("plans/edit_day.html", case=case, form=form, row=row, refugee_week=REFUGEE_WEEK)


@bp.post(f"{PLACE}/days/<int:plan_day_id>/remove")
@allow(Action.EDIT_CASE)
def remove_day(reference: str, plan_day_id: int) -> Any:
    case = case_or_404(reference)
    number = plans.remove_day(case, plan_day_id, current_user)
    back = url_for("plans.show", reference=case.reference, _anchor="days")
    said = "The day is out of the plan, and in the bin of this case for 30 days."
    say_with_undo(said, case, BinKind.PLAN_DAY, number, back)
    return redirect(back, 303)


@bp.get(TASKS)
@allow(Action.VIEW_CASE)
def tasks(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("plans/tasks.html", case=case, tasks=plans.list_tasks(case), whose=plans.whose)


@bp.route(f"{TASKS}/new", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def new_task(reference: str) -> Any:
    return _task(case_or_404(reference), None)


@bp.route(f"{TASKS}/<int:task_id>", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def edit_task(reference: str, task_id: int) -> Any:
    case = case_or_404(reference)
    return _task(case, plans.get_task(case, task_id))


def _task(case: Case, row: PlanTask | None) -> Any:
    form = _task_form(case, row)
    if form.validate_on_submit():
        try:
            plans.save_task(
                case,
                form.facts(),
                current_user,
                task_id=row.id if row else None,
                version=whole_number(form.version.data),
            )
        except CaseworkError as error:
            form.explain(error)
            if row and isinstance(error, OutOfDate):
                form.meet(_task_form(case, plans.get_task(case, row.id), formdata=None))
        else:
            flash("Saved.")
            return redirect(_tasks_of(case), 303)
    return render_template("plans/edit_task.html", case=case, form=form, row=row, whose=plans.whose)


@bp.post(f"{TASKS}/<int:task_id>/tick")
@allow(Action.KEEP_SUPPORTERS)
def tick_task(reference: str, task_id: int) -> Any:
    case = case_or_404(reference)
    plans.tick_task(case, task_id, current_user, done=request.form.get("do") != "undo")
    return redirect(_tasks_of(case), 303)


@bp.post(f"{TASKS}/<int:task_id>/remove")
@allow(Action.KEEP_SUPPORTERS)
def remove_task(reference: str, task_id: int) -> Any:
    case = case_or_404(reference)
    number = plans.remove_task(case, task_id, current_user)
    said = "The task is out of the plan, and in the bin of this case for 30 days."
    say_with_undo(said, case, BinKind.PLAN_TASK, number, _tasks_of(case))
    return redirect(_tasks_of(case), 303)


def _task_form(case: Case, row: PlanTask | None, **how: Any) -> TaskForm:
    form = TaskForm(obj=row, owner=str(row.owner_id or ""), **how) if row else TaskForm()
    form.owner.choices = [
        ("", "Nobody yet"),
        *((str(one.user_id), one.user.name) for one in case.team if one.user.active),
    ]
    return form


def _tasks_of(case: Case) -> str:
    if reads_story():
        return url_for("plans.show", reference=case.reference, _anchor="tasks")
    return url_for("plans.tasks", reference=case.reference)
