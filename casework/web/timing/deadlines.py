"""Dates: those of one case, how one was counted, and settling it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.timing.settling import Reopened, SettledAs, StatedFrom, may_be_missed
from casework.domain.timing.triggers import Told
from casework.services.case import moves
from casework.services.timing import deadlines, diary, settling
from casework.services.timing.rule_book import rule_book
from casework.storage.models import Case, Deadline
from casework.web.case import workings
from casework.web.day_fields import told_words
from casework.web.fields import whole_number
from casework.web.guards import allow, case_or_404
from casework.web.letters.scans import open_viewer, send_scan
from casework.web.timing.deadline_forms import (
    ChooseDateForm,
    NewDateForm,
    ReopenForm,
    SettleForm,
    StateForm,
    suits_a_case,
)

bp = Blueprint("deadlines", __name__)


@bp.get("/cases/<reference>/dates")
@allow(Action.READ_STORY)
def for_case(reference: str) -> str:
    case = case_or_404(reference)
    settled = deadlines.settled_in(case)
    return render_template(
        "deadlines/for_case.html", case=case, dates=deadlines.for_case(case), settled=settled
    )


@bp.get("/cases/<reference>/dates/<int:deadline_id>")
@allow(Action.READ_STORY)
def show(reference: str, deadline_id: int) -> str:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    told, told_how = told_words(Told.read(row.told or {}))
    entry = diary.as_it_stands(row)
    return render_template(
        "deadlines/show.html",
        told=told,
        told_how=told_how,
        case=case,
        row=row,
        entry=entry,
        **workings.shown(row.working),
        said_of=lambda move: moves.move_of(move).said,
    )


@bp.get("/cases/<reference>/dates/new")
@allow(Action.CHANGE_DEADLINE)
def choose_rule(reference: str) -> Any:
    case = case_or_404(reference)
    form = ChooseDateForm(request.args)
    if request.args and form.validate():
        return redirect(
            url_for("deadlines.new_deadline", reference=case.reference, rule_key=form.rule.data), 303
        )
    return render_template("deadlines/choose_rule.html", case=case, form=form)


@bp.route("/cases/<reference>/dates/new/<rule_key>", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def new_deadline(reference: str, rule_key: str) -> Any:
    case = case_or_404(reference)
    rule = rule_book().rules.get(rule_key)
    if rule is None or not suits_a_case(rule):
        raise NotFound("There is no such rule for a date in a case.")
    form = NewDateForm()
    form.suit(rule)
    if form.validate_on_submit():
        try:
            row = deadlines.record_told(
                case,
                rule_key,
                form.told(),
                form.variant.data if form.variant else None,
                current_user,
                stated_on=form.stated_on.data if form.stated_on else None,
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The date is in the list.")
            return _to(row)
    return render_template("deadlines/new_deadline.html", case=case, form=form, rule=rule)


@bp.route("/cases/<reference>/dates/<int:deadline_id>/settle", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def settle(reference: str, deadline_id: int) -> Any:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    entry = diary.entry_of_deadline(row)
    missed = may_be_missed(entry.kind, entry.owed_by, entry.final, clock.today())
    form = SettleForm(on=clock.today(), version=row.version)
    form.offer(entry, missed=missed)
    if form.validate_on_submit():
        assert form.on.data
        try:
            row = settling.settle(
                case,
                deadline_id,
                form.how.data or "",
                form.on.data,
                current_user,
                as_=SettledAs(form.settled_as.data),
                proof=form.kept_proof(case),
                version=whole_number(form.version.data),
            )
        except CaseworkError as error:
            row = _explain(form, error, case, deadline_id)
        else:
            flash("Settled. You can open it again.")
            return _to(row)
    entry = diary.as_it_stands(row)
    return render_template("deadlines/settle.html", case=case, form=form, entry=entry, missed=missed)


@bp.route("/cases/<reference>/dates/<int:deadline_id>/reopen", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def reopen(reference: str, deadline_id: int) -> Any:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    form = ReopenForm(version=row.version)
    if form.validate_on_submit():
        because, version = Reopened(form.because.data), whole_number(form.version.data)
        try:
            row = settling.reopen(case, deadline_id, current_user, because=because, version=version)
        except CaseworkError as error:
            row = _explain(form, error, case, deadline_id)
        else:
            flash("It is open again.")
            return _to(row)
    return render_template("deadlines/reopen.html", case=case, form=form, entry=diary.entry_of_deadline(row))


@bp.route("/cases/<reference>/dates/<int:deadline_id>/state", methods=["GET", "POST"])
@allow(Action.CHANGE_DEADLINE)
def state(reference: str, deadline_id: int) -> Any:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    form = StateForm(obj=row)
    take_back = "take_back" in request.form
    if form.is_submitted() and (take_back or form.validate()):
        try:
            row = settling.state(
                case,
                deadline_id,
                None if take_back else form.stated_on.data,
                form.stated_by.data,
                current_user,
                stated_from=None if take_back else StatedFrom(form.stated_from.data),
                said_on=form.stated_said_on.data,
                version=whole_number(form.version.data),
            )
        except CaseworkError as error:
            row = _explain(form, error, case, deadline_id)
        else:
            flash(f"Saved. {_said_of_stated(row)}")
            return _to(row)
    return render_template("deadlines/state.html", case=case, form=form, entry=diary.as_it_stands(row))


def _said_of_stated(row: Deadline) -> str:
    if row.stated_on is None:
        return "Taken back."
    if row.final_on != row.stated_on:
        return "Their date stands beside ours. Our last day stays the last until a lawyer confirms another."
    return "That date now comes first, and ours stands beside it."


@bp.get("/cases/<reference>/dates/<int:deadline_id>/proof")
@allow(Action.READ_STORY)
def proof(reference: str, deadline_id: int) -> Response:
    case = case_or_404(reference)
    row = deadlines.get_deadline(case, deadline_id)
    return send_scan(case, row.proof_sha256, row.proof_type, f"date-{row.id}")


def _proof_of(case: Case, deadline_id: int) -> tuple[str | None, str | None]:
    row = deadlines.get_deadline(case, deadline_id)
    return row.proof_sha256, row.proof_type


open_viewer(bp, "/cases/<reference>/dates/<int:deadline_id>/proof", "proof", _proof_of)


def _explain(form: Any, error: CaseworkError, case: Case, deadline_id: int) -> Deadline:
    """Show an error with the date as it stands now; what was typed goes with its version when it is sent again."""
    form.explain(error)
    row = deadlines.get_deadline(case, deadline_id)
    if isinstance(error, OutOfDate):
        form.version.data = str(row.version)
    return row


def _to(row: Deadline) -> Any:
    return redirect(url_for("deadlines.show", reference=row.case.reference, deadline_id=row.id), 303)
