"""All cases, a new case, one case: the person, the places."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.case.cases import REFERENCE_KINDS, looks_unusual
from casework.domain.case.intake import Door
from casework.domain.case.places import PLACE_WORDS, remarks_on_stays
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.said import in_a_row, of_ours, on_day, typed
from casework.domain.words import say
from casework.services.case import case_places, cases, left_over, since
from casework.services.case.case_list import list_cases
from casework.services.case.case_places import NewPlace
from casework.services.consent import agreements, need_to_know
from casework.services.letters import disclosure
from casework.services.parliament import members
from casework.services.parliament.directory import directory
from casework.storage.one_look import one_look
from casework.web import preview
from casework.web.case import case_list, case_page
from casework.web.case.case_forms import (
    AskedForm,
    CloseForm,
    NewCaseForm,
    PlaceForm,
    TransferForm,
    person_form,
    say_first_days,
)
from casework.web.case.intake import begun
from casework.web.consent import what_stops
from casework.web.fields import whole_number
from casework.web.guards import allow, case_or_404, reads_story
from casework.web.parliament.surgeries import planned_in_words, say_still_planned
from casework.web.safety.bins import say_with_undo

bp = Blueprint("cases", __name__)


@bp.get("/cases")
@allow(Action.VIEW_CASE)
def index() -> str:
    closed, before = request.args.get("closed") == "yes", whole_number(request.args.get("before")) or None
    shown = list_cases(current_user, closed=closed, before=before)
    return render_template(
        "cases/index.html",
        lines=case_list.lines(shown.cases, clock.today()),
        next=shown.next,
        closed=closed,
        before=before,
        doors=Door,
        begun=[] if closed or before else begun(),
    )


@bp.route("/cases/new", methods=["GET", "POST"])
@allow(Action.OPEN_CASE)
def new_case() -> Any:
    form = NewCaseForm()
    if form.validate_on_submit():
        try:
            case = cases.open_case(form.person(), form.places(), current_user, references=form.references())
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"The case is open. Its reference is {case.reference}.")
            say_first_days(form)
            return redirect(url_for("cases.show", reference=case.reference), 303)
    return render_template("cases/new_case.html", form=form)


@bp.get("/cases/<reference>")
@allow(Action.VIEW_CASE)
def show(reference: str) -> str:
    case = case_or_404(reference)
    changed, today = since.in_case(case, current_user), clock.today()
    if not reads_story():
        return render_template(
            "cases/short.html", case=case, changed=changed, **case_page.in_short(case, today)
        )
    with one_look():
        return render_template(
            "cases/show.html", case=case, changed=changed, **case_page.contents(case, today)
        )


@bp.route("/cases/<reference>/person", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit_person(reference: str) -> Any:
    case = case_or_404(reference)
    form = person_form(case)
    if form.validate_on_submit():
        try:
            cases.change_person(
                case, form.person(), form.references(), whole_number(form.version.data), current_user
            )
        except OutOfDate as error:
            case = cases.get_case(reference, current_user)
            form.explain(error)
            form.meet(person_form(case, formdata=None))
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved.")
            for kind, value in form.references().items():
                if value and looks_unusual(kind, value):
                    kind_words = REFERENCE_KINDS[kind]
                    flash(
                        say(
                            "{label}: “{value}” is saved, though it looks unusual. Check it: most are {hint}.",
                            label=of_ours(kind_words.label),
                            value=value,
                            hint=of_ours(kind_words.hint),
                        )
                    )
            return redirect(url_for("cases.show", reference=case.reference), 303)
    return render_template("cases/edit_person.html", case=case, form=form)


@bp.get("/cases/<reference>/places")
@allow(Action.READ_STORY)
def places(reference: str) -> str:
    case = case_or_404(reference)
    remarks = remarks_on_stays(case_places.stays(case))
    return render_template(
        "cases/places.html", case=case, remarks=remarks, known=case_places.known_places(case),
        hidden=need_to_know.left_out(case).get("place"),
    )  # fmt: skip


@bp.route("/cases/<reference>/places/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_place(reference: str) -> Any:
    case = case_or_404(reference)
    form = PlaceForm(kind=request.args.get("kind"))
    if not preview.goes_back() and form.validate_on_submit():
        place = form.place()
        try:
            page = preview.first_seen(
                case,
                left_over.telling(
                    case, lambda effects: case_places.put_place(case, place, current_user, effects)
                ),
                what=_what(place),
                save="Save the place",
            )
            if page:
                return page
            row = case_places.add_place(case, place, current_user, preview.answers())
        except CaseworkError as error:
            form.explain(error)
        else:
            say_first_days(form)
            return _after_place(case, row)
    return render_template("cases/new_place.html", case=case, form=form)


@bp.route("/cases/<reference>/places/<int:place_id>", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit_place(reference: str, place_id: int) -> Any:
    case = case_or_404(reference)
    row = case_places.get_place(case, place_id)
    form = PlaceForm(obj=row)
    if not preview.goes_back() and form.validate_on_submit():
        place, version = form.place(), whole_number(form.version.data)
        try:
            page = preview.first_seen(
                case,
                left_over.telling(
                    case,
                    lambda effects: case_places.put_place_right(
                        case, place_id, place, version, current_user, effects
                    ),
                ),
                what=_what(place),
                save="Save the place",
            )
            if page:
                return page
            row = case_places.change_place(case, place_id, place, version, current_user, preview.answers())
        except OutOfDate as error:
            form.explain(error)
            form.meet(PlaceForm(obj=row, formdata=None))
        except CaseworkError as error:
            form.explain(error)
        else:
            say_first_days(form)
            return _after_place(case, row)
    return render_template("cases/edit_place.html", case=case, form=form, place=row)


@bp.post("/cases/<reference>/places/<int:place_id>/remove")
@allow(Action.EDIT_CASE)
def remove_place(reference: str, place_id: int) -> Any:
    case = case_or_404(reference)
    number = case_places.remove_place(case, place_id, current_user)
    back = url_for("cases.places", reference=case.reference)
    said = "The place is off the list, and in the bin of this case for 30 days."
    say_with_undo(said, case, BinKind.PLACE, number, back)
    return redirect(back, 303)


@bp.route("/cases/<reference>/transfer", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_transfer(reference: str) -> Any:
    case = case_or_404(reference)
    form = TransferForm()
    if not preview.goes_back() and form.validate_on_submit():
        place = form.place()
        try:
            page = preview.first_seen(
                case,
                left_over.telling(case, lambda effects: case_places.move(case, place, current_user, effects)),
                what=_what(place),
                save="Save the transfer",
            )
            if page:
                return page
            before = members.seats_of(case, clock.today())
            row = case_places.transfer(case, place, current_user, preview.answers())
        except CaseworkError as error:
            form.explain(error)
        else:
            for sentence in members.changes(before, members.seats_of(case, clock.today())):
                flash(sentence)
            return _after_place(case, row)
    return render_template("cases/new_transfer.html", case=case, form=form)


def _what(place: NewPlace) -> str:
    """A place in a sentence: "Place of detention: Brook House, from Tuesday 3 November 2026"."""
    known = directory().place(place.place_id).name if place.place_id else None
    where = known or place.name or next(iter((place.address or "").splitlines()), "") or place.postcode or ""
    told = [
        *([typed(where)] if where else []),
        *([say("from {day}", day=on_day(place.since, weekday=True))] if place.since else []),
        *([say("until {day}", day=on_day(place.until, weekday=True))] if place.until else []),
    ]
    kind = of_ours(PLACE_WORDS[place.kind].partition(":")[0])
    return say("{kind}: {told}.", kind=kind, told=in_a_row(told))


def _after_place(case: Any, row: Any) -> Any:
    """Go back to the case, or to the question that its postcode leaves open."""
    if not row.is_unknown and (row.gss_code is None or row.gss_basis == "approximate"):
        return redirect(url_for("members.choose_for_place", reference=case.reference, place_id=row.id), 303)
    flash("The place is saved.")
    return redirect(url_for("cases.show", reference=case.reference), 303)


@bp.route("/cases/<reference>/asked", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def record_asked(reference: str) -> Any:
    case = case_or_404(reference)
    form = AskedForm(
        asked_on=case.asked_about_mps_on,
        asked_by=case.asked_about_mps_by,
        limits=case.limits_on_mps,
        agreed={True: "yes", False: "no"}.get(case.agreed_to_mps) if case.agreed_to_mps is not None else None,
    )
    if not preview.goes_back() and form.validate_on_submit():
        asked_on, agreed = form.asked_on.data or clock.today(), form.agreed.data == "yes"
        if not agreed and (page := _what_a_no_stops(case, asked_on, form)):
            return page
        cases.record_asked(
            case,
            asked_on=asked_on,
            agreed=agreed,
            asked_by=form.asked_by.data or "",
            limits=form.limits.data,
            actor=current_user,
        )
        flash(disclosure.yes_in_doubt(case, clock.today()) or "Saved.")
        say_still_planned(case)
        out = None if agreed else what_stops.way_on(case)
        return redirect(out or url_for("cases.show", reference=case.reference), 303)
    return render_template("cases/record_asked.html", case=case, form=form)


def _what_a_no_stops(case: Any, asked_on: date, form: Any) -> str | None:
    """The page that says what a no to MPs stops, and who holds what; None when it was seen, or nothing does."""
    agreement = agreements.agreement_after_no(case, clock.today(), asked_on)
    what = say("{name} says no to MPs.", name=typed(case.person_name))
    visits = planned_in_words(case)
    return what_stops.first_seen(case, agreement, what, form, says_no=True, visits=visits)


@bp.route("/cases/<reference>/close", methods=["GET", "POST"])
@allow(Action.CLOSE_CASE)
def close_case(reference: str) -> Any:
    case = case_or_404(reference)
    form = CloseForm()
    if form.validate_on_submit():
        if case.closed_on:
            cases.reopen_case(case, current_user)
            flash("The case is open again.")
        else:
            cases.close_case(case, form.because.data or "It ended.", current_user)
            flash("The case is closed. You can open it again.")
        return redirect(url_for("cases.show", reference=case.reference), 303)
    return render_template("cases/close_case.html", case=case, form=form)
