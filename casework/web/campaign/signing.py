"""Reporting days: the plan, whom to ring, the days with their word, and the card to carry."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import BooleanField, HiddenField

from casework.domain.campaign.signing import EVERY, ON_CARD
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.said import of_ours
from casework.services.campaign import reporting_days, signing
from casework.services.language import languages
from casework.storage.models import Case, SigningPlan
from casework.web.consent.need_to_know import hidden_field
from casework.web.fields import DayField, line, one_of, paragraph, several_of, whole_number
from casework.web.filters import count
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.safety.bins import say_with_undo

bp = Blueprint("signing", __name__)
PLACE = "/cases/<reference>/reporting"
DAY = f"{PLACE}/days/<int:reporting_day_id>"
CONTACT = f"{PLACE}/contacts/<int:contact_id>"
OURS = ("once", "csrf_token", "version")


class PlanForm(HouseForm):
    """How somebody is kept safe on the days on which they report."""

    version = HiddenField()
    place = line("Where they report", hint="The place and its address. Never why they report.", most=300)
    goes_along = line("Who goes along, to the door")
    friend = line(
        "Who waits for word", hint="Before going in they message this friend, and again when they are out."
    )
    friend_phone = line("Their phone", most=50, inputmode="tel")
    word_by = line(
        "By what hour word has to come", hint="For example 11:30. An hour or two after they go in.", most=20
    )
    takes_along = paragraph(
        "What they take along",
        hint="The letter or message that tells them to come. A charged phone, and the numbers on paper.",
        most=2000,
    )
    if_no_word = paragraph(
        "If no word comes",
        hint="Step by step, for whoever waits. Whom to ring, and in which order, stands below.",
        most=4000,
        rows=6,
    )
    to_look_after = paragraph(
        "What somebody has to look after then", hint="Medicines, children, school, pets, keys.", most=2000
    )
    in_their_language = paragraph(
        "Words for the card in their own language",
        hint="Typed or dictated by somebody who speaks it.",
        most=1000,
    )
    hidden = hidden_field()
    agreed_on = DayField("The day on which they said what may stand on the card", past=True)
    on_card = several_of("What they agreed to have on the card", ON_CARD)

    def facts(self) -> dict[str, Any]:
        """What was typed."""
        return {field.short_name: field.data for field in self if field.short_name not in OURS}


class ContactForm(HouseForm):
    """Somebody to ring when no word comes."""

    name = line("Their name", hint="For example: the lawyer, or Ada.", required="Type a name.")
    phone = line("Their phone", most=50, inputmode="tel")
    does = line("What they then do", hint="For example: fetches the children from school.", most=300)
    on_card = BooleanField("The person agreed to have this number on the card, and so did whoever it is")


class DaysForm(HouseForm):
    """The next day on which the person reports, and how often it comes again."""

    first = DayField("The next day on which they report", required="Type the day.", latest_years=1)
    at = line("At what hour they go in", hint="For example 10:00.", most=20)
    every = one_of(
        "How often", {str(key): of_ours(words) for key, words in EVERY.items()}, required="Choose how often."
    )
    number = line(
        "For how many times", hint="For example 8. Then look at it again.", most=3, inputmode="numeric"
    )


@bp.get(PLACE)
@allow(Action.READ_STORY)
def show(reference: str) -> str:
    case = case_or_404(reference)
    plan = signing.plan_of(case)
    return render_template(
        "signing/show.html",
        case=case,
        plan=plan,
        lines=reporting_days.lines_of(plan) if plan else [],
        on_card=ON_CARD,
    )


@bp.route(f"{PLACE}/plan", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit(reference: str) -> Any:
    case = case_or_404(reference)
    row = signing.plan_of(case)
    form = PlanForm(obj=row, version=row.version if row else 0)
    if form.validate_on_submit():
        try:
            signing.save(case, form.facts(), whole_number(form.version.data), current_user)
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate) and (theirs := signing.plan_of(case)):
                form.meet(PlanForm(obj=theirs, formdata=None))
        else:
            flash("Saved.")
            return redirect(_address(case), 303)
    return render_template("signing/edit.html", case=case, form=form)


@bp.route(f"{PLACE}/contacts/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_contact(reference: str) -> Any:
    case = case_or_404(reference)
    signing.need_plan(case)
    form = ContactForm()
    if form.validate_on_submit():
        try:
            signing.add_contact(
                case,
                form.name.data or "",
                form.phone.data,
                form.does.data,
                current_user,
                on_card=bool(form.on_card.data),
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            return redirect(_address(case, "ring"), 303)
    return render_template("signing/new_contact.html", case=case, form=form)


@bp.post(f"{CONTACT}/up")
@allow(Action.EDIT_CASE)
def move_up(reference: str, contact_id: int) -> Any:
    case = case_or_404(reference)
    signing.move_up(case, contact_id, current_user)
    return redirect(_address(case, "ring"), 303)


@bp.post(f"{CONTACT}/remove")
@allow(Action.EDIT_CASE)
def remove_contact(reference: str, contact_id: int) -> Any:
    case = case_or_404(reference)
    number = signing.remove_contact(case, contact_id, current_user)
    said = "They are no longer among those to ring, and in the bin of this case for 30 days."
    say_with_undo(said, case, BinKind.CONTACT, number, _address(case, "ring"))
    return redirect(_address(case, "ring"), 303)


@bp.route(f"{PLACE}/days/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_days(reference: str) -> Any:
    case = case_or_404(reference)
    signing.need_plan(case)
    form = DaysForm(every="2", number="8")
    if form.validate_on_submit():
        assert form.first.data
        every, number = whole_number(form.every.data), whole_number(form.number.data)
        try:
            new = reporting_days.add_days(case, form.first.data, every, number, form.at.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"{count(new, 'day is', 'days are')} in the plan.")
            return redirect(_address(case, "days"), 303)
    return render_template("signing/new_days.html", case=case, form=form)


@bp.post(f"{DAY}/word")
@allow(Action.EDIT_CASE)
def word(reference: str, reporting_day_id: int) -> Any:
    case = case_or_404(reference)
    heard = request.form.get("do") != "undo"
    try:
        reporting_days.hear(case, reporting_day_id, current_user, heard=heard)
    except CaseworkError as error:
        if error.__class__ is not CaseworkError:
            raise
        flash(error.message)
    else:
        flash("Good. Word came." if heard else "It stands as without word again.")
    return redirect(_address(case, "days"), 303)


@bp.post(f"{DAY}/remove")
@allow(Action.EDIT_CASE)
def remove_day(reference: str, reporting_day_id: int) -> Any:
    case = case_or_404(reference)
    number = reporting_days.remove_day(case, reporting_day_id, current_user)
    said = "The day is out of the plan, and in the bin of this case for 30 days."
    say_with_undo(said, case, BinKind.REPORTING_DAY, number, _address(case, "days"))
    return redirect(_address(case, "days"), 303)


@bp.get(f"{PLACE}/card")
@allow(Action.READ_STORY)
def card(reference: str) -> str:
    case = case_or_404(reference)
    plan = signing.need_plan(case)
    may = _may(plan)
    # Which language somebody speaks tells something too: it stands there only where they agreed to that.
    beside = languages.beside_for(case.languages or "") if may["languages"] or may["theirs"] else None
    return render_template("signing/card.html", case=case, plan=plan, may=may, beside=beside)


def _may(plan: SigningPlan) -> dict[str, bool]:
    return {key: signing.may_be_printed(plan, key) for key in ON_CARD}


def _address(case: Case, anchor: str | None = None) -> str:
    return url_for("signing.show", reference=case.reference, _anchor=anchor)
