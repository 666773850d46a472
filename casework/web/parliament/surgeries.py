"""Surgery visits: plan one, record one, and the promises that came of it."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.consent.telling_mps import Word
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament.surgeries import BRING, Outcome, Promise
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.said import PARTS, in_a_row, on_day
from casework.domain.words import say
from casework.services.consent import telling_mps
from casework.services.parliament import answers, chasing, offices, surgeries, surgery_scripts
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.models import Case, SurgeryVisit
from casework.web.case.case_choices import member_choices
from casework.web.fields import DayField, line, one_of, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404, reads_story
from casework.web.safety.bins import say_with_undo

bp = Blueprint("surgeries", __name__)
PROMISES = (1, 2, 3)
OF_THE_STORY = ("asked", "private_notes")


class PlanForm(HouseForm):
    """A visit to come."""

    version = HiddenField()
    gss_code = SelectField("Which MP", choices={}, default="")
    held_on = DayField("Day of the visit", hint="Leave it empty until it is fixed.", latest_years=1)
    held_at = line("Where and at what time", hint="Surgeries are often on Friday or Saturday.", most=300)
    who_went = line("Who goes", hint="If the person is detained, a supporter goes in their place.", most=300)
    asked = paragraph(
        "What we ask for", hint="One clear thing, and why it is worth doing. It goes into the brief.", rows=4
    )
    private_notes = paragraph("Private notes", hint="For the people on this case only.", rows=3)

    def validate_gss_code(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose the MP.")

    def facts(self) -> VisitFacts:
        """The visit as it was typed."""
        names = ("held_on", "held_at", "who_went", "who_was_met", "asked", "private_notes")
        return VisitFacts(self.gss_code.data, **{name: self[name].data for name in names if name in self})


class RecordForm(PlanForm):
    """A visit that took place, and what was promised."""

    held_on = DayField("Day of the visit", required="Type the day of the visit.", past=True)
    held_at = line("Where", most=300)
    who_went = line("Who went", most=300)
    who_was_met = line("Whom they met", hint="The MP, a caseworker: with names if you have them.", most=300)
    asked = paragraph("What was asked", rows=4)
    outcome = one_of(
        "How did it end?", [(one.value, one.words) for one in Outcome], required="Choose how it ended."
    )
    promise1_what = line("What was promised", most=500)
    promise1_who = line("By whom")
    promise1_by = DayField("By when", hint="Leave it empty if no day was said: we pick a day to ring.")
    promise2_what = line("What else was promised", most=500)
    promise2_who = line("By whom")
    promise2_by = DayField("By when")
    promise3_what = line("What else was promised", most=500)
    promise3_who = line("By whom")
    promise3_by = DayField("By when")

    def promises(self) -> list[Promise]:
        """What was promised, as it was typed. Raises CaseworkError for a promise without words."""
        found = []
        for number in PROMISES:
            what, who, by = (self[f"promise{number}_{part}"].data for part in ("what", "who", "by"))
            if what:
                found.append(Promise(what, who, by))
            elif who or by:
                raise CaseworkError("Say what was promised, too.", field=f"promise{number}_what")
        return found


class FollowUpForm(HouseForm):
    """A follow-up that is done, or put off."""

    what_now = one_of(
        "What now?",
        [("done", "It is done"), ("later", "Chase it on another day")],
        required="Choose what now.",
    )
    due_on = DayField("The other day", hint="Only if you chase it on another day.", latest_years=1)
    note = line("Note", hint="For example: the office wrote on Monday, copy in the file.", most=500)

    def validate_due_on(self, field: Any) -> None:
        if self.what_now.data == "later" and not field.data:
            raise ValidationError("Type the day on which to chase it.")


@bp.app_context_processor
def _what_they_said() -> dict[str, Any]:
    """What a page asks for before it offers anything with an MP."""
    return {
        "word_on_mps": _word_on_mps,
        "who_can_record_it": telling_mps.who_can_record_it,
    }


def _word_on_mps(case: Case) -> Word:
    return telling_mps.word_of(case, clock.today())


def say_still_planned(case: Case) -> None:
    """Say which visits are planned still, after the person said no or took back what they had agreed to."""
    planned = planned_in_words(case)
    if planned and _word_on_mps(case) is not Word.YES:
        flash(
            say(
                "Still planned: {visits}. Tell whoever goes, and call it off.",
                visits=in_a_row(planned, PARTS),
            )
        )


def planned_in_words(case: Case) -> list[str]:
    """Each visit that is still planned: to whom, on which day, and who goes."""
    return [_in_words(visit) for visit in surgeries.still_planned(case)]


def _in_words(visit: SurgeryVisit) -> str:
    day = on_day(visit.held_on, weekday=True) if visit.held_on else "no day yet"
    words = say("{name}, {day}", name=visit.member_name, day=day)
    goes = visit.owner.name if visit.owner else visit.who_went
    return say("{visit}, with {name}", visit=words, name=goes) if goes else words


@bp.route("/cases/<reference>/visits/new", methods=["GET", "POST"])
@allow(Action.RECORD_VISIT)
def new_visit(reference: str) -> Any:
    case = case_or_404(reference)
    form = choose_member(PlanForm(gss_code=request.args.get("mp")), case)
    if form.validate_on_submit():
        try:
            visit = surgeries.plan_visit(case, form.facts(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The visit is in the list of dates.")
            return _to(visit)
    return render_template("surgeries/new_visit.html", case=case, form=form, visit=None)


@bp.route("/cases/<reference>/visits/<int:visit_id>/plan", methods=["GET", "POST"])
@allow(Action.RECORD_VISIT)
def edit_visit(reference: str, visit_id: int) -> Any:
    case = case_or_404(reference)
    visit = surgeries.get_visit(case, visit_id)
    form = choose_member(_open(PlanForm(obj=visit, version=visit.version)), case, visit.gss_code)
    if form.validate_on_submit():
        try:
            surgeries.change_plan(
                case, visit_id, joined_facts(form, visit), whole_number(form.version.data), current_user
            )
        except CaseworkError as error:
            form.explain(error)
            _take_version(form, visit, error)
        else:
            flash("Saved.")
            return _to(visit)
    return render_template("surgeries/new_visit.html", case=case, form=form, visit=visit)


@bp.route("/cases/<reference>/visits/record", methods=["GET", "POST"], defaults={"visit_id": None})
@bp.route("/cases/<reference>/visits/<int:visit_id>/record", methods=["GET", "POST"])
@allow(Action.RECORD_VISIT)
def record(reference: str, visit_id: int | None) -> Any:
    case = case_or_404(reference)
    visit = surgeries.get_visit(case, visit_id) if visit_id else None
    mp = visit.gss_code if visit else request.args.get("mp")
    version = visit.version if visit else 0
    form = choose_member(_open(RecordForm(obj=visit, gss_code=mp, version=version)), case, mp)
    if form.validate_on_submit():
        try:
            visit = surgeries.record_visit(
                case,
                joined_facts(form, visit),
                Outcome(form.outcome.data),
                form.promises(),
                current_user,
                visit_id=visit_id,
                version=whole_number(form.version.data),
            )
        except CaseworkError as error:
            form.explain(CaseworkError(error.message, field="promise1_by") if error.field == "by" else error)
            _take_version(form, visit, error)
        else:
            flash("The visit is in the file, and its promises are in the list of dates.")
            return _to(visit)
    return render_template("surgeries/record.html", case=case, form=form, visit=visit)


@bp.route("/cases/<reference>/visits/<int:visit_id>/correct", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def correct(reference: str, visit_id: int) -> Any:
    case = case_or_404(reference)
    visit = surgeries.get_visit(case, visit_id)
    form = choose_member(RecordForm(obj=visit, version=visit.version), case, visit.gss_code)
    if form.validate_on_submit():
        version = whole_number(form.version.data)
        try:
            visit = surgeries.correct_visit(
                case,
                visit_id,
                form.facts(),
                Outcome(form.outcome.data),
                form.promises(),
                version,
                current_user,
            )
        except CaseworkError as error:
            form.explain(CaseworkError(error.message, field="promise1_by") if error.field == "by" else error)
            _take_version(form, visit, error)
        else:
            flash("The visit is put right.")
            return _to(visit)
    return render_template("surgeries/record.html", case=case, form=form, visit=visit)


@bp.get("/cases/<reference>/visits/<int:visit_id>")
@allow(Action.VIEW_CASE)
def show(reference: str, visit_id: int) -> str:
    case = case_or_404(reference)
    visit = surgeries.get_visit(case, visit_id)
    outcome = Outcome(visit.outcome).words if visit.outcome else ""
    chase_on = chasing.chase_day(case, visit.held_on or clock.today())
    return render_template(
        "surgeries/show.html",
        case=case,
        visit=visit,
        outcome=outcome,
        bring=BRING,
        flight=surgeries.flight_before(visit),
        chase_on=chase_on,
        office=offices.for_a_visit(visit.gss_code),
    )


@bp.get("/cases/<reference>/visits/script")
@allow(Action.READ_STORY)
def script(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("surgeries/script.html", case=case, scripts=surgery_scripts.scripts(case))


@bp.post("/cases/<reference>/visits/<int:visit_id>/cancel")
@allow(Action.RECORD_VISIT)
def cancel(reference: str, visit_id: int) -> Any:
    case = case_or_404(reference)
    number = surgeries.cancel_visit(case, visit_id, current_user)
    back = url_for("cases.show", reference=case.reference)
    said = "The visit is out of the list of dates, and in the bin of this case for 30 days."
    say_with_undo(said, case, BinKind.VISIT, number, back)
    return redirect(back, 303)


@bp.route("/cases/<reference>/follow-ups/<int:follow_up_id>", methods=["GET", "POST"])
@allow(Action.VIEW_CASE, to_send=Action.RECORD_VISIT)
def follow_up(reference: str, follow_up_id: int) -> Any:
    case = case_or_404(reference)
    row = surgeries.get_follow_up(case, follow_up_id)
    form = FollowUpForm()
    if form.validate_on_submit():
        try:
            if form.what_now.data == "done":
                surgeries.finish_follow_up(case, follow_up_id, form.note.data, current_user)
            elif form.due_on.data:
                surgeries.move_follow_up(case, follow_up_id, form.due_on.data, form.note.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved.")
            return redirect(_after_follow_up(case), 303)
    answer = answers.answer_that_promised(row) if reads_story() else None
    return render_template("surgeries/follow_up.html", case=case, row=row, form=form, answer=answer)


def _open(form: Any) -> Any:
    """The form; for those who may not read the story without what was written of it before."""
    if not reads_story():
        for name in OF_THE_STORY:
            if name not in request.form:
                form[name].data = None
    return form


def joined_facts(form: Any, visit: SurgeryVisit | None) -> VisitFacts:
    """The visit as it was typed. What somebody may not read stays, and theirs is added to it."""
    facts: VisitFacts = form.facts()
    if visit is None or reads_story():
        return facts
    both: dict[str, Any] = {
        name: "\n\n".join(filter(None, (getattr(visit, name), getattr(facts, name)))) or None
        for name in OF_THE_STORY
    }
    return replace(facts, **both)


def _after_follow_up(case: Case) -> str:
    endpoint = "deadlines.for_case" if reads_story() else "cases.show"
    return url_for(endpoint, reference=case.reference)


def choose_member(form: Any, case: Case, also: str | None = None) -> Any:
    """The form with the MPs of the case to choose from, and one more."""
    form.gss_code.choices = member_choices(case, also=also or request.args.get("mp"))
    return form


def _take_version(form: Any, visit: SurgeryVisit | None, error: CaseworkError) -> None:
    """After somebody else saved, the next try is against what they saved."""
    if isinstance(error, OutOfDate) and visit is not None:
        form.version.data = str(visit.version)


def _to(visit: SurgeryVisit) -> Any:
    return redirect(url_for("surgeries.show", reference=visit.case.reference, visit_id=visit.id), 303)
