"""A visit log that comes home from a go-bag: looked at, put right, and recorded with its follow-ups."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import HiddenField

from casework.domain.errors import CaseworkError
from casework.domain.parliament.surgeries import Outcome
from casework.domain.parliament.visit_codes import MOST_SIGNS
from casework.domain.parliament.visit_logs import VisitLog
from casework.domain.safety.accounts import Action
from casework.services.letters import log_keys
from casework.services.parliament import visit_logs
from casework.storage.models import Case, GoBag, SurgeryVisit
from casework.web.fields import paragraph
from casework.web.guards import allow, case_or_404, reads_story
from casework.web.parliament.surgeries import RecordForm, choose_member, joined_facts
from casework.web.safety.account_forms import RepeatableForm

bp = Blueprint("visit_logs", __name__)
TOO_LONG = "This is no visit log: it is too long. Choose the file that the bag saved."


class LogForm(RepeatableForm):
    """The file or the code, as it came home."""

    file = FileField("The file that the bag saved")
    code = paragraph(
        "Or the code",
        hint="Line by line, as the bag shows it. Capitals and spaces do not matter.",
        most=MOST_SIGNS,
        rows=8,
    )

    def text(self) -> str:
        """What came home. Raises CaseworkError for a file that is none of ours."""
        upload = self.file.data
        if not upload or not getattr(upload, "filename", ""):
            return self.code.data or ""
        content = upload.read(MOST_SIGNS + 1)
        if len(content) > MOST_SIGNS:
            raise CaseworkError(TOO_LONG, field="file")
        return str(content.decode("ascii", "replace"))


class LookedOverForm(RecordForm):
    """The visit that a log tells of, to look over before it is recorded."""

    log = HiddenField()


@bp.route("/cases/<reference>/visits/log", methods=["GET", "POST"])
@allow(Action.RECORD_VISIT)
def take_in(reference: str) -> Any:
    case = case_or_404(reference)
    if "log" in request.form:
        return _record(case)
    form = LogForm()
    if form.validate_on_submit():
        try:
            code = form.text()
            return _look_over(case, code)
        except CaseworkError as error:
            form.explain(error)
    return render_template("visit_logs/take_in.html", case=case, form=form)


def _look_over(case: Case, code: str) -> str:
    """The page that shows what the log says, before anything is kept of it."""
    bag, log = visit_logs.open_log(case, code)
    before = visit_logs.taken_before(bag, log)
    if before:
        return render_template("visit_logs/twice.html", case=case, before=before)
    form = LookedOverForm(formdata=None, data={**_known(case, bag, log), "log": code})
    choose_member(form, case, log.gss_code)
    return render_template("visit_logs/look_over.html", case=case, form=form, bag=bag, **_of(bag))


def _record(case: Case) -> Any:
    form = LookedOverForm()
    try:
        bag, log = visit_logs.open_log(case, form.log.data or "")
    except CaseworkError as error:  # its bag is gone meanwhile: what was looked over is recorded by hand
        choose_member(form, case, form.gss_code.data)
        form.explain(CaseworkError(error.message))
        form.version.data = 0
        return render_template("visit_logs/by_hand.html", case=case, form=form)
    choose_member(form, case, log.gss_code)
    if form.validate_on_submit():
        planned = visit_logs.planned_visit(case, bag, log)
        try:
            visit = visit_logs.take_in(
                case, form.log.data or "", joined_facts(form, planned), Outcome(form.outcome.data), form.promises(),
                current_user,
            )  # fmt: skip
        except CaseworkError as error:
            form.explain(CaseworkError(error.message, field="promise1_by") if error.field == "by" else error)
        else:
            flash("The visit is in the file, and its promises are in the list of dates.")
            return redirect(url_for("surgeries.show", reference=case.reference, visit_id=visit.id), 303)
    return render_template("visit_logs/look_over.html", case=case, form=form, bag=bag, **_of(bag))


def _of(bag: GoBag) -> dict[str, bool]:
    return {"from_elsewhere": log_keys.came_along(bag)}


def _known(case: Case, bag: GoBag, log: VisitLog) -> dict[str, Any]:
    """What the log says, as the form has it; what was planned stands where the log says nothing."""
    planned: SurgeryVisit | None = visit_logs.planned_visit(case, bag, log)
    before = planned if planned and reads_story() else None
    notes = "\n\n".join(filter(None, (before.private_notes if before else None, log.said)))
    known: dict[str, Any] = {
        "gss_code": log.gss_code or (planned.gss_code if planned else ""),
        "held_on": log.held_on or (planned.held_on if planned else None),
        "held_at": log.where or (planned.held_at if planned else None),
        "who_went": log.went or (planned.who_went if planned else None),
        "who_was_met": log.met,
        "asked": log.asked or (before.asked if before else None),
        "outcome": str(log.outcome) if log.outcome else None,
        "private_notes": notes or None,
    }
    for number, promise in enumerate([*log.promises, *filter(None, [log.next_step])], 1):
        known |= {f"promise{number}_{part}": getattr(promise, part) for part in ("what", "who", "by")}
    return known
