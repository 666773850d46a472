"""Dates: those of one case, how one was counted, and settling it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.accounts import Action
from casework.domain.deadline_rules import Kind
from casework.domain.errors import CaseworkError
from casework.services import deadlines, diary, moves
from casework.services.rule_book import rule_book
from casework.web import workings
from casework.web.fields import DayField, ListField, line
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("deadlines", __name__)


def rule_choices() -> dict[str, str | dict[str, str]]:
    """Every rule by which a case can have a date, with each of its lengths, under the kind of date it makes."""
    groups: dict[str, dict[str, str]] = {}
    for rule in rule_book().rules.values():
        if (rule.no_date and not rule.date_in_notice) or rule.kind is Kind.DEEMED_SERVICE:
            continue
        choices = groups.setdefault(rule.words.name, {})
        for variant in rule.variants.values():
            choices[f"{rule.key}:{variant.key}"] = f"{rule.name}: {variant.label}"
        if not rule.variants:
            choices[f"{rule.key}:"] = rule.name
    return {"": "Choose which date", **groups}


class NewDateForm(HouseForm):
    """A date opened by hand."""

    rule = ListField("Which date", choices=rule_choices)
    on = DayField(
        "The day that starts it",
        hint="For example the day on which the decision was sent. Each rule below says which day it is.",
        required="Type the day that starts it.",
        past=True,
    )

    def validate_rule(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose which date.")


class SettleForm(HouseForm):
    """The end of a date: met, or no longer of use."""

    how = line(
        "How was it met, or why does it no longer matter?",
        hint="For example: the lawyer sent the appeal, receipt in the file.",
        most=300,
        required="Say in a few words how it was met, or why it no longer matters.",
    )
    on = DayField("On which day?", required="Type the day.", past=True)


class StateForm(HouseForm):
    """A date that stands in the letter itself, or that a lawyer confirmed."""

    stated_on = DayField("The date they give", hint="Leave it empty to take it back.")
    stated_by = line(
        "Where it stands, or who confirmed it and when",
        hint="For example: page 2 of the letter; or the lawyer, by phone on 20 November.",
        most=200,
    )


@bp.get("/cases/<reference>/dates")
@allow(Action.VIEW_CASE)
def for_case(reference: str) -> str:
    case = case_or_404(reference)
    settled = deadlines.settled_in(case)
    return render_template(
        "deadlines/for_case.html", case=case, dates=deadlines.for_case(case), settled=settled
    )


@bp.get("/cases/<reference>/dates/<int:deadline_id>")
@allow(Action.VIEW_CASE)
def show(reference: str, deadline_id: int) -> str:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    return render_template(
        "deadlines/show.html",
        case=case,
        row=row,
        entry=diary.entry_of_deadline(row),
        **workings.shown(row.working),
        said_of=lambda move: moves.move_of(move).said,
    )


@bp.route("/cases/<reference>/dates/new", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def new_deadline(reference: str) -> Any:
    case = case_or_404(reference)
    form = NewDateForm()
    if form.validate_on_submit():
        assert form.on.data
        rule_key, _, variant = form.rule.data.partition(":")
        try:
            row = deadlines.record_deadline(case, rule_key, form.on.data, variant or None, current_user)
        except CaseworkError as error:
            form.explain(_at_the_day(error))
        else:
            flash("The date is in the list.")
            return _to(row)
    return render_template(
        "deadlines/new_deadline.html", case=case, form=form, rules=rule_book().rules.values()
    )


@bp.route("/cases/<reference>/dates/<int:deadline_id>/settle", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def settle(reference: str, deadline_id: int) -> Any:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    form = SettleForm(on=clock.today())
    if form.validate_on_submit():
        assert form.on.data
        try:
            row = deadlines.settle(case, deadline_id, form.how.data or "", form.on.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Settled. You can open it again.")
            return _to(row)
    return render_template("deadlines/settle.html", case=case, form=form, entry=diary.entry_of_deadline(row))


@bp.route("/cases/<reference>/dates/<int:deadline_id>/state", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def state(reference: str, deadline_id: int) -> Any:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    form = StateForm(obj=row)
    if form.validate_on_submit():
        try:
            row = deadlines.state(case, deadline_id, form.stated_on.data, form.stated_by.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(
                "Saved. That date now comes first, and ours stands beside it."
                if row.stated_on
                else "Taken back."
            )
            return _to(row)
    return render_template("deadlines/state.html", case=case, form=form, entry=diary.entry_of_deadline(row))


@bp.post("/cases/<reference>/dates/<int:deadline_id>/reopen")
@allow(Action.CHANGE_DEADLINE)
def reopen(reference: str, deadline_id: int) -> Any:
    row = deadlines.reopen(case_or_404(reference), deadline_id, current_user)
    flash("It is open again.")
    return _to(row)


def _at_the_day(error: CaseworkError) -> CaseworkError:
    """The rules speak of the day that starts them; on this form that is the field `on`."""
    return CaseworkError(error.message, field="on" if error.field == "trigger_date" else "rule")


def _to(row: Any) -> Any:
    return redirect(url_for("deadlines.show", reference=row.case.reference, deadline_id=row.id), 303)
