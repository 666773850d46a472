"""The removal clock: a notice, a flight, the plan before it, and how an attempt ended."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.letters.correspondence import RECEIVED_HOW
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.timing.board import initials
from casework.domain.timing.removals import Ending, Outside
from casework.services import windows
from casework.services.timing import counting, diary, removal_dates, removal_ends, removal_plan, removals
from casework.services.timing.rule_book import rule_book
from casework.storage.models import Case, Removal
from casework.web import day_strip
from casework.web.fields import whole_number
from casework.web.guards import allow, case_or_404
from casework.web.safety.bins import say_with_undo
from casework.web.timing.removal_forms import CourtForm, EndForm, OwnStepForm, RemovalForm, StepForm

bp = Blueprint("removals", __name__)
TICKS = {"done": True, "undo": False}
# Where a step of the plan is done: an endpoint of the case, and the words of the link.
STEP_DOORS: dict[str, tuple[str, str, dict[str, str]]] = {
    "authority": ("consent.show", "The form of authority", {}),
    "mp_call": ("members.who_can_act", "Which MP, and how to reach them", {}),
    "mp_letter": ("letters.index", "The letters", {}),
    "supporters": ("supporters.index", "The supporters", {}),
    "airline": ("letters.new_letter", "Make the sheet", {"template": "airline-sheet"}),
}


@bp.get("/cases/<reference>/removals")
@allow(Action.READ_STORY)
def index(reference: str) -> str:
    case = case_or_404(reference)
    return render_template(
        "removals/index.html",
        case=case,
        rows=removals.list_removals(case),
        running=removals.running(case),
        windows=[diary.entry_of_deadline(one) for one in windows.windows_of(case, clock.today())],
    )


@bp.get("/cases/<reference>/removals/<int:removal_id>")
@allow(Action.READ_STORY)
def show(reference: str, removal_id: int) -> str:
    case = case_or_404(reference)
    return _page(removals.get_removal(case, removal_id))


@bp.get("/cases/<reference>/removals/<int:removal_id>/sheet")
@allow(Action.READ_STORY)
def sheet(reference: str, removal_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    if row.ended_as:
        return redirect(_address(row))
    named = request.args.get("name") == "used"
    dates = removal_dates.notice_dates(row)
    known = removal_plan.known_of(row, dates)
    return render_template(
        "removals/sheet.html",
        case=case,
        row=row,
        clock=known.clock,
        first=next(iter(dates), None),
        other_notices=dates[1:],
        windows=[diary.entry_of_deadline(one) for one in windows.windows_of(case, clock.today())],
        plan=removal_plan.plan_of(row, known),
        name=case.person_name if named else initials(case.person_name) or case.reference,
        named=named,
    )


@bp.route("/cases/<reference>/removals/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_removal(reference: str) -> Any:
    case = case_or_404(reference)
    if request.method == "GET" and (row := removals.running(case)):
        return redirect(_address(row))
    form = RemovalForm(obj=removals.suggested(case))
    if form.validate_on_submit():
        try:
            row = removals.record_removal(case, form.facts(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The removal clock is running. Get a regulated adviser today.")
            _say_if_over(row)
            return redirect(_address(row), 303)
    _say_region(form, case)
    return render_template("removals/edit.html", case=case, form=form, row=None, ask=False)


@bp.route("/cases/<reference>/removals/<int:removal_id>/details", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def change_removal(reference: str, removal_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    form = RemovalForm(obj=row, version=row.version)
    ask = bool(form.new_notice.data)
    if form.validate_on_submit():
        version = whole_number(form.version.data)
        try:
            row = removals.change_removal(
                case, removal_id, form.facts(), version, current_user, new_notice=form.said_of_notice
            )
        except CaseworkError as error:
            form.explain(error)
            ask = ask or error.field == "new_notice"
            if isinstance(error, OutOfDate):
                form.meet(RemovalForm(obj=row, formdata=None))
        else:
            flash("Saved.")
            _say_if_over(row)
            return redirect(_address(row), 303)
    _say_region(form, case)
    return render_template("removals/edit.html", case=case, form=form, row=row, ask=ask)


@bp.route("/cases/<reference>/removals/<int:removal_id>/end", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def end_removal(reference: str, removal_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    form = EndForm(ended_on=clock.today(), stated_on=row.departs_on)
    if form.validate_on_submit():
        assert form.ended_on.data
        try:
            removal_ends.end_removal(
                case,
                removal_id,
                Ending(form.ended_as.data),
                form.ended_on.data,
                form.ended_why.data,
                current_user,
                stated_on=form.stated_on.data,
                outside=Outside(form.outside.data) if form.outside.data else None,
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved. You can take it back.")
            return redirect(_address(row), 303)
    return render_template("removals/end.html", case=case, form=form, row=row)


@bp.post("/cases/<reference>/removals/<int:removal_id>/reopen")
@allow(Action.CHANGE_DEADLINE)
def reopen_removal(reference: str, removal_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    try:
        removal_ends.reopen_removal(case, removal_id, current_user)
    except CaseworkError as error:
        flash(error.message)
    else:
        flash("The clock is running again.")
    return redirect(_address(row), 303)


@bp.route("/cases/<reference>/removals/<int:removal_id>/court", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def court_decision(reference: str, removal_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    form = CourtForm()
    if form.validate_on_submit():
        assert form.decided_on.data
        try:
            removal_ends.record_court_decision(case, removal_id, form.decided_on.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved. The window is among the dates of the case.")
            return redirect(_address(row), 303)
    return render_template("removals/court.html", case=case, form=form, row=row)


@bp.post("/cases/<reference>/removals/<int:removal_id>/steps/<int:step_id>")
@allow(Action.EDIT_CASE)
def save_step(reference: str, removal_id: int, step_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    form = StepForm()
    message = ""
    if form.validate_on_submit():
        try:
            removal_plan.save_step(
                case,
                removal_id,
                step_id,
                current_user,
                who=form.who.data,
                was=form.was.data,
                done=TICKS.get(form.do.data or ""),
            )
        except CaseworkError as error:
            message = error.message
        else:
            return redirect(_address(row, anchor=f"step-{step_id}"), 303)
    else:
        message = " ".join(said for errors in form.errors.values() for said in errors)
    return _page(row, wrong={"id": step_id, "who": form.who.data, "message": message})


@bp.route("/cases/<reference>/removals/<int:removal_id>/steps/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_step(reference: str, removal_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    form = OwnStepForm()
    if form.validate_on_submit():
        try:
            step = removal_plan.add_step(
                case, removal_id, form.what.data, whole_number(form.hours.data), form.who.data, current_user
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The step is in the plan.")
            return redirect(_address(row, anchor=f"step-{step.id}"), 303)
    return render_template("removals/new_step.html", case=case, form=form, row=row, team=_team(case))


@bp.post("/cases/<reference>/removals/<int:removal_id>/steps/<int:step_id>/remove")
@allow(Action.EDIT_CASE)
def remove_step(reference: str, removal_id: int, step_id: int) -> Any:
    case = case_or_404(reference)
    row = removals.get_removal(case, removal_id)
    try:
        number = removal_plan.remove_step(case, removal_id, step_id, current_user)
    except CaseworkError as error:
        flash(error.message)
    else:
        said = "The step is out of the plan, and in the bin of this case for 30 days."
        say_with_undo(said, case, BinKind.STEP, number, _address(row, anchor="plan"))
    return redirect(_address(row, anchor="plan"), 303)


def _page(row: Removal, wrong: dict[str, Any] | None = None) -> str:
    """The page of one attempt; `wrong` is a step that could not be saved, with what was typed."""
    dates = removal_dates.notice_dates(row)
    known = removal_plan.known_of(row, dates)
    first = dates[0] if dates else None
    strip = day_strip.cells(first.working) if first else []
    return render_template(
        "removals/show.html",
        case=row.case,
        row=row,
        clock=known.clock,
        plan=removal_plan.plan_of(row, known),
        first=first,
        other_notices=[one for one in dates if one is not first],
        strip=strip if day_strip.is_whole(strip) else [],
        said_of_days=day_strip.remarks(strip),
        windows=[diary.entry_of_deadline(one) for one in windows.windows_of(row.case, clock.today())],
        court_rule=rule_book().rule("jr_and_removal"),
        court_sources=[rule_book().sources[key] for key in rule_book().rule("jr_and_removal").sources],
        how=RECEIVED_HOW,
        doors=STEP_DOORS,
        team=_team(row.case),
        wrong=wrong or {},
        may_end=current_user.may(Action.CHANGE_DEADLINE),
    )


def _say_if_over(row: Removal) -> None:
    """A day that is over is kept, since how such an attempt ended is recorded after it; a slip is as likely."""
    if row.departs_on and row.departs_on < clock.today():
        flash("The day of this flight is over. Check the paper. If the day is right, say how it ended.")


def _say_region(form: RemovalForm, case: Case) -> None:
    """Say beside the field which part of the UK the places of the case make it."""
    on = form.notice_given_on.data or clock.today()
    form.region.description = counting.region_of(case, on).why


def _team(case: Case) -> list[str]:
    return [member.user.name for member in case.team]


def _address(row: Removal, anchor: str | None = None) -> str:
    return url_for("removals.show", reference=row.case.reference, removal_id=row.id, _anchor=anchor)
