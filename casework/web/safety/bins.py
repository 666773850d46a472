"""The bin: of a case, of the whole group, a case that is deleted, and what was erased for good."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import OF_MEMBERS, BinKind
from casework.services.letters import letters, papers_to_go
from casework.services.safety import audit, bins, case_bins, erasing
from casework.storage.models import Case
from casework.web import undo
from casework.web.fields import line
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("bins", __name__)
ONE = "/cases/<reference>/bin/<kind>/<int:binned_id>"
OF_MEMBER = "/mps/bin/<bin_kind>/<int:resting_id>"
_WORD = {kind: word for word, kind in OF_MEMBERS.items()}


class EraseForm(HouseForm):
    """The reference of the case, typed by hand: nobody erases a case by a slip."""

    reference = line(
        "Type the reference of the case", required="Type the reference of the case.", autocomplete="off"
    )


@bp.get("/cases/<reference>/bin")
@allow(Action.READ_STORY)
def for_case(reference: str) -> str:
    case = case_or_404(reference)
    titles = {one.key: one.title for one in letters.templates()}
    return render_template("bins/for_case.html", case=case, things=bins.list_bin(case), titles=titles)


@bp.post(f"{ONE}/back")
@allow(Action.EDIT_CASE)
def bring_back(reference: str, kind: str, binned_id: int) -> Any:
    case = case_or_404(reference)
    try:
        bins.bring_back(case, _kind(kind), binned_id, current_user)
    except NotFound:
        raise
    except CaseworkError as error:
        flash(error.message)
    else:
        flash("It is back where it was.")
    return redirect(url_for("bins.for_case", reference=case.reference), 303)


def say_with_undo(message: str, case: Case | None, kind: BinKind, number: int, back: str = "") -> None:
    """Say what was put into the bin, with a button that brings it back and leads to `back`.

    Without a case it is something known of MPs, which leads back to where it stands.
    """
    if case is None:
        undo.say(message, url_for("bins.bring_back_of_member", bin_kind=_WORD[kind], resting_id=number))
        return
    path = url_for("bins.undo_delete", reference=case.reference)
    undo.say(message, path, kind=kind, number=number, back=back)


@bp.post("/cases/<reference>/bin/undo")
@allow(Action.KEEP_SUPPORTERS)
def undo_delete(reference: str) -> Any:
    """Bring back what this person put into the bin a moment ago: the offer was made for them and for that alone."""
    case = case_or_404(reference)
    offer = undo.accepted()
    try:
        bins.bring_back(case, BinKind(offer["kind"]), offer["number"], current_user)
    except CaseworkError as error:
        flash(error.message)
    else:
        flash("It is back where it was.")
    return redirect(offer["back"], 303)


@bp.post(f"{ONE}/erase")
@allow(Action.EDIT_CASE)
def erase(reference: str, kind: str, binned_id: int) -> Any:
    case = case_or_404(reference)
    bins.erase_now(case, _kind(kind), binned_id, current_user)
    flash("It is erased.")
    return redirect(url_for("bins.for_case", reference=case.reference), 303)


def _kind(sent: str) -> BinKind:
    if sent not in set(BinKind):
        raise NotFound(bins.NOT_THERE)
    return BinKind(sent)


@bp.post(f"{OF_MEMBER}/back")
@allow(Action.KEEP_MEMBERS)
def bring_back_of_member(bin_kind: str, resting_id: int) -> Any:
    """Bring back what is known of an MP; the bin has it for longer than an undo stands."""
    kind = _kind_of_member(bin_kind)
    row = bins.get(None, kind, resting_id)
    bins.bring_back(None, kind, resting_id, current_user)
    flash("It is back where it was.")
    return redirect(_where(kind, row), 303)


@bp.post(f"{OF_MEMBER}/erase")
@allow(Action.KEEP_MEMBERS)
def erase_of_member(bin_kind: str, resting_id: int) -> Any:
    kind = _kind_of_member(bin_kind)
    where = _where(kind, bins.get(None, kind, resting_id))
    bins.erase_now(None, kind, resting_id, current_user)
    flash("It is erased.")
    return redirect(url_for("meeting_plans.index") if kind is BinKind.MEETING_PLAN else where, 303)


def _kind_of_member(sent: str) -> BinKind:
    if sent not in OF_MEMBERS:
        raise NotFound(bins.NOT_THERE)
    return OF_MEMBERS[sent]


def _where(kind: BinKind, row: Any) -> str:
    """The page on which something known of an MP stands."""
    if kind is BinKind.MEETING_PLAN:
        return url_for("meeting_plans.show", plan_id=row.id)
    if kind is BinKind.MEETING:
        return url_for("meeting_plans.show", plan_id=row.plan_id)
    anchor = "notes" if kind is BinKind.MEMBER_NOTE else "office"
    return url_for("members.show", gss_code=row.gss_code, _anchor=anchor)


@bp.get("/cases/<reference>/delete")
@allow(Action.CLOSE_CASE)
def delete_case(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("bins/delete_case.html", case=case, form=EraseForm(), may_erase=_may_erase())


@bp.post("/cases/<reference>/delete")
@allow(Action.CLOSE_CASE)
def put_case_away(reference: str) -> Any:
    case = case_or_404(reference)
    case_bins.put_away(case, current_user)
    undo.say(
        f"The case {reference.upper()} is in the bin. It can be brought back for 30 days.",
        url_for("bins.bring_case_back", which=reference.upper()),
    )
    return redirect(url_for("bins.index"), 303)


@bp.post("/cases/<reference>/erase")
@allow(Action.ERASE_CASE)
def erase_case(reference: str) -> Any:
    case = case_or_404(reference)
    form = EraseForm()
    return _erased(case, form) or render_template(
        "bins/delete_case.html", case=case, form=form, may_erase=True
    )


@bp.get("/bin")
@allow(Action.CLOSE_CASE)
def index() -> str:
    erased = erasing.list_erased() if _may_erase() else []
    return render_template(
        "bins/index.html",
        cases=case_bins.list_cases(current_user),
        erased=erased,
        left_behind=any(backup.where for one in erased for backup in one.backups),
        may_erase=_may_erase(),
    )


@bp.post("/bin/<which>/back")
@allow(Action.CLOSE_CASE)
def bring_case_back(which: str) -> Any:
    case = case_bins.bring_back(which, current_user)
    flash(f"The case {case.reference} is back, with everybody who works on it.")
    return redirect(url_for("bins.index"), 303)


@bp.route("/bin/<which>/erase", methods=["GET", "POST"])
@allow(Action.ERASE_CASE)
def erase_binned(which: str) -> Any:
    case = case_bins.get(which, current_user)
    form = EraseForm()
    if (gone := _erased(case, form)) is not None:
        return gone
    audit.record_look(current_user, case, "bins.erase_binned")
    return render_template("bins/erase_case.html", reference=case.reference, form=form)


def _erased(case: Case, form: EraseForm) -> Any:
    """Erase the case where its reference was typed, and lead to what is said of it; None where it was not."""
    if not form.validate_on_submit():
        return None
    reference = case.reference
    try:
        erasing.erase_confirmed(case, form.reference.data or "", current_user)
    except CaseworkError as error:
        form.explain(error)
        return None
    flash(f"The case {reference} is erased.")
    if papers_to_go.of_erased_cases():
        flash(
            "The place of the papers does not answer now. Sealed papers lie there still. Nobody can read them any "
            "more, and they are taken away as soon as it answers."
        )
    return redirect(url_for("bins.index", _anchor="erased"), 303)


def _may_erase() -> bool:
    return bool(current_user.may(Action.ERASE_CASE))
