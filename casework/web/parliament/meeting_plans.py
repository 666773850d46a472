"""Plans of meetings: a list of MPs that is kept, who goes when and where, and papers to carry."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament.meetings import State, lacking, month_words, summary
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.timing.counting import add_months
from casework.services.parliament import meeting_plans
from casework.services.parliament.directory import constituency_name, directory
from casework.services.parliament.meeting_plans import MeetingFacts
from casework.services.safety import bins
from casework.storage.models import Meeting, MeetingPlan
from casework.web.fields import DayField, ListField, line, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow
from casework.web.parliament.member_notes import seat_now
from casework.web.safety.bins import say_with_undo

bp = Blueprint("meeting_plans", __name__)
ALL = "/mps/plans"
ONE = f"{ALL}/<int:plan_id>"
MEETING = f"{ONE}/meetings/<int:meeting_id>"
MONTHS_AHEAD = 12


class PlanForm(HouseForm):
    """The name and the month of a plan."""

    version = HiddenField()
    name = line(
        "What do you call this plan?",
        hint="For example: January visits. Name no supporter and nobody whose case you work on.",
        most=120,
    )
    month = ListField("In which month do you want to meet them?")

    def offer(self, also: date | None = None) -> None:
        """Show this month and those to come, and the one that the plan has."""
        first = clock.today().replace(day=1)
        months = {add_months(first, number) for number in range(MONTHS_AHEAD + 1)}
        months |= {also} if also else set()
        names = {f"{day:%Y-%m}": month_words(day) for day in sorted(months)}
        self.month.choices = {"": "Choose the month"} | names

    def validate_name(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Give the plan a name.")

    def validate_month(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose the month.")

    def first_day(self) -> date:
        """The first day of the month that was chosen."""
        return date.fromisoformat(f"{self.month.data}-01")


class NewPlanForm(PlanForm):
    """A new plan, or one that is there, for the MPs who were ticked."""

    plan = ListField("Into which plan?", validate_choice=False)

    def offer_plans(self, plans: list[MeetingPlan]) -> None:
        """Show the plans that are there."""
        self.plan.choices = {"": "A new plan"} | {str(one.id): one.name for one in plans}

    @property
    def is_new(self) -> bool:
        """Whether a new plan is to be made."""
        return not self.plan.data

    def validate_name(self, field: Any) -> None:
        if self.is_new:
            super().validate_name(field)

    def validate_month(self, field: Any) -> None:
        if self.is_new:
            super().validate_month(field)


class MeetingForm(HouseForm):
    """Who goes, when and where."""

    version = HiddenField()
    state = SelectField("How far is it?", choices={one.value: one.words for one in State})
    held_on = DayField("The day", latest_years=2)
    held_when = line("At what time", most=100)
    held_at = line("Where", hint="The surgery, the office, a school, on a screen.", most=300)
    who_goes = line("Who goes", hint="Two or three people who live there, best of all.", most=300)
    what_for = paragraph(
        "What we ask for",
        hint="One clear thing. It stands on the brief: name no supporter and nobody whose case you work on.",
        most=3_000,
        rows=3,
    )

    def facts(self) -> MeetingFacts:
        """The meeting as it was typed."""
        names = ("held_on", "held_when", "held_at", "who_goes", "what_for")
        return MeetingFacts(State(self.state.data), **{name: self[name].data for name in names})


@bp.get(ALL)
@allow(Action.USE_DIRECTORY)
def index() -> str:
    meetings = meeting_plans.meetings_by_plan()
    plans = [(one, summary(meetings.get(one.id, []))) for one in meeting_plans.list_plans()]
    return render_template(
        "meeting_plans/index.html",
        plans=plans,
        month_words=month_words,
        resting=[(row, row.name) for row in bins.list_of_members(BinKind.MEETING_PLAN)],
    )


@bp.route(f"{ALL}/new", methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def new_plan() -> Any:
    form = NewPlanForm()
    form.offer()
    form.offer_plans(meeting_plans.list_plans())
    codes = [code for code in request.values.getlist("mp") if directory().find(code)][
        : meeting_plans.MOST + 1
    ]
    if form.validate_on_submit():
        try:
            plan_id = _keep(form, codes)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The plan is kept. Now say who goes, and when.")
            return redirect(url_for("meeting_plans.show", plan_id=plan_id), 303)
    seats = [seat_now(code) for code in dict.fromkeys(codes)]
    return render_template("meeting_plans/new_plan.html", form=form, seats=seats)


def _keep(form: NewPlanForm, codes: list[str]) -> int:
    if form.is_new:
        return meeting_plans.make_plan(form.name.data or "", form.first_day(), codes, current_user).id
    plan = meeting_plans.get_plan(whole_number(form.plan.data))
    meeting_plans.add_members(plan.id, codes, current_user)
    return plan.id


@bp.get(ONE)
@allow(Action.USE_DIRECTORY)
def show(plan_id: int) -> str:
    plan = meeting_plans.get_plan(plan_id)
    gone = bins.list_of_members(BinKind.MEETING, Meeting.plan_id == plan_id)
    resting = [(row, f"{row.member_name}, {constituency_name(row.gss_code)}") for row in gone]
    return render_template("meeting_plans/show.html", **_of(plan), resting=resting)


def _of(plan: MeetingPlan) -> dict[str, Any]:
    meetings = meeting_plans.meetings_of(plan)
    rows = [one.row for one in meetings]
    return {
        "plan": plan,
        "month": month_words(plan.month),
        "meetings": meetings,
        "summary": summary(rows),
        "lacking": lacking(plan.month, rows),
    }


@bp.get(f"{ONE}/sheet")
@allow(Action.USE_DIRECTORY)
def sheet(plan_id: int) -> str:
    return render_template("meeting_plans/sheet.html", **_of(meeting_plans.get_plan(plan_id)))


@bp.get(f"{ONE}/briefs")
@allow(Action.USE_DIRECTORY)
def briefs(plan_id: int) -> str:
    plan = meeting_plans.get_plan(plan_id)
    made = [
        meeting_plans.brief(one.seat, one.row)
        for one in meeting_plans.meetings_of(plan)
        if one.state is not State.NOT_NOW
    ]
    back = url_for("meeting_plans.show", plan_id=plan.id)
    return render_template("meeting_plans/briefs.html", briefs=made, back=back)


@bp.get("/mps/<gss_code>/brief")
@allow(Action.USE_DIRECTORY)
def brief(gss_code: str) -> str:
    made = meeting_plans.brief(seat_now(gss_code))
    back = url_for("members.show", gss_code=gss_code)
    return render_template("meeting_plans/briefs.html", briefs=[made], back=back)


@bp.route(f"{ONE}/change", methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def edit_plan(plan_id: int) -> Any:
    plan = meeting_plans.get_plan(plan_id)
    form = _filled(plan)
    if form.validate_on_submit():
        try:
            meeting_plans.change_plan(
                plan_id, form.name.data or "", form.first_day(), whole_number(form.version.data), current_user
            )
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                form.meet(_filled(plan, formdata=None))
        else:
            flash("Saved.")
            return redirect(url_for("meeting_plans.show", plan_id=plan_id), 303)
    return render_template("meeting_plans/edit_plan.html", form=form, plan=plan)


def _filled(plan: MeetingPlan, **how: Any) -> PlanForm:
    form = PlanForm(data={"name": plan.name, "month": f"{plan.month:%Y-%m}", "version": plan.version}, **how)
    form.offer(plan.month)
    return form


@bp.route(MEETING, methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def edit_meeting(plan_id: int, meeting_id: int) -> Any:
    row = meeting_plans.get_meeting(plan_id, meeting_id)
    form = MeetingForm(obj=row, version=row.version)
    if form.validate_on_submit():
        try:
            meeting_plans.change_meeting(
                plan_id, meeting_id, form.facts(), whole_number(form.version.data), current_user
            )
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                form.meet(MeetingForm(obj=row, formdata=None))
        else:
            flash("Saved.")
            return redirect(url_for("meeting_plans.show", plan_id=plan_id), 303)
    seat = seat_now(row.gss_code)
    return render_template("meeting_plans/edit_meeting.html", form=form, row=row, plan=row.plan, seat=seat)


@bp.post(f"{MEETING}/remove")
@allow(Action.KEEP_MEMBERS)
def remove(plan_id: int, meeting_id: int) -> Any:
    meeting_plans.remove_meeting(plan_id, meeting_id, current_user)
    say_with_undo(
        "The meeting is out of the plan, and in the bin for 30 days.", None, BinKind.MEETING, meeting_id
    )
    return redirect(url_for("meeting_plans.show", plan_id=plan_id), 303)


@bp.post(f"{ONE}/delete")
@allow(Action.KEEP_MEMBERS)
def delete(plan_id: int) -> Any:
    meeting_plans.delete_plan(plan_id, current_user)
    say_with_undo("The plan is in the bin for 30 days.", None, BinKind.MEETING_PLAN, plan_id)
    return redirect(url_for("meeting_plans.index"), 303)
