"""The next contact with supporters, and with a member: one press sets it; a form says why, and whose turn it is."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectField

from casework.domain.errors import CaseworkError
from casework.domain.parliament.next_contacts import LONGEST_WHY, Step
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.said import OR, in_a_row, on_day, within
from casework.domain.words import say
from casework.services.parliament import next_contacts
from casework.services.parliament.directory import directory
from casework.services.parliament.next_contacts import Turn
from casework.storage.models import Case, User
from casework.web import undo
from casework.web.fields import DayField, line, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.safety.bins import say_with_undo

bp = Blueprint("next_contacts", __name__)
OF_CASE, OF_MEMBER = "/cases/<reference>/next-contact", "/mps/<gss_code>/next-contact"


class TurnForm(HouseForm):
    """A day of one's own, with why, and whose turn it is."""

    due_on = DayField("On which day?", required="Type the day.", latest_years=2)
    why = line("Why, in a few words", most=LONGEST_WHY)
    owner = SelectField("Whose turn is it?", validate_choice=False)

    def offer(self, people: list[User]) -> None:
        """Let it be the turn of one of these, or of nobody yet."""
        self.owner.choices = [("", "Nobody’s yet"), *((str(one.id), one.name) for one in people)]

    @property
    def owner_id(self) -> int | None:
        """Whose turn was chosen; 0, whom nobody is, for what is no number."""
        return whole_number(self.owner.data) if self.owner.data else None


def _with_member(gss_code: str) -> Turn:
    """The next contact with a member, for whoever is signed in."""
    return next_contacts.of_member(gss_code, current_user)


@bp.app_context_processor
def _turns() -> dict[str, Any]:
    """What a page of a case or of a member includes, without its view having to know."""
    return {"next_contact_of": next_contacts.of_case, "next_contact_with": _with_member}


@bp.route(OF_CASE, methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def for_case(reference: str) -> Any:
    case = case_or_404(reference)
    turn, form = next_contacts.of_case(case), TurnForm()
    form.offer(next_contacts.people_of_case(case))
    _begin(form, turn)
    if form.validate_on_submit():
        try:
            day = _day(form)
            next_contacts.set_for_case(case, day, form.why.data, form.owner_id, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _back_to_case(case, day)
    return render_template("next_contacts/for_case.html", case=case, form=form, turn=turn)


@bp.post(f"{OF_CASE}/in-a-<step>")
@allow(Action.KEEP_SUPPORTERS)
def case_in(reference: str, step: str) -> Any:
    case = case_or_404(reference)
    turn = next_contacts.of_case(case)
    day = _after(turn, step)
    next_contacts.set_for_case(case, day, _why(turn), _owner(turn), current_user)
    return _back_to_case(case, day)


@bp.post(f"{OF_CASE}/none")
@allow(Action.KEEP_SUPPORTERS)
def case_none(reference: str) -> Any:
    case = case_or_404(reference)
    number = next_contacts.forget_for_case(case, current_user)
    back = url_for("cases.show", reference=case.reference)
    if number is None:
        flash("No next contact is planned.")
    else:
        say_with_undo("No next contact is planned.", case, BinKind.NEXT_CONTACT, number, back)
    return redirect(back, 303)


@bp.route(OF_MEMBER, methods=["GET", "POST"])
@allow(Action.CHECK_MEMBER)
def for_member(gss_code: str) -> Any:
    seat = directory().constituency(gss_code)
    turn, form = _with_member(gss_code), TurnForm()
    form.why.description = "Everybody in the group reads it: name nobody whom you help."
    form.offer(next_contacts.people_of_group())
    _begin(form, turn)
    if form.validate_on_submit():
        try:
            day = _day(form)
            next_contacts.set_for_member(gss_code, day, form.why.data, form.owner_id, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _back_to_member(gss_code, day)
    return render_template("next_contacts/for_member.html", constituency=seat, form=form, turn=turn)


@bp.post(f"{OF_MEMBER}/in-a-<step>")
@allow(Action.CHECK_MEMBER)
def member_in(gss_code: str, step: str) -> Any:
    directory().constituency(gss_code)
    turn = _with_member(gss_code)
    day = _after(turn, step)
    next_contacts.set_for_member(gss_code, day, _why(turn), _owner(turn), current_user)
    return _back_to_member(gss_code, day)


@bp.post(f"{OF_MEMBER}/none")
@allow(Action.CHECK_MEMBER)
def member_none(gss_code: str) -> Any:
    was = next_contacts.forget_for_member(gss_code, current_user)
    if was is None:
        flash("No next contact is planned.")
    else:
        undo.say(
            "No next contact is planned.", url_for("next_contacts.undo_member", gss_code=gss_code), **was
        )
    return redirect(url_for("members.show", gss_code=gss_code), 303)


@bp.post(f"{OF_MEMBER}/undo")
@allow(Action.CHECK_MEMBER)
def undo_member(gss_code: str) -> Any:
    directory().constituency(gss_code)
    was = undo.accepted()
    try:
        next_contacts.plan_for_member_again(gss_code, was, current_user)
    except CaseworkError as error:
        flash(error.message)
    else:
        flash("It is planned again, as it was.")
    return redirect(url_for("members.show", gss_code=gss_code, _anchor="next-contact"), 303)


def _begin(form: TurnForm, turn: Turn) -> None:
    """Fill an empty form with what is set, or with the day that is suggested."""
    if request.method == "POST":
        return
    row = turn.row
    form.due_on.process(None, row.due_on if row else turn.suggested)
    form.why.data = row.why if row else ""
    form.owner.data = str(row.owner_id or "") if row else ""


def _day(form: TurnForm) -> date:
    assert form.due_on.data  # the form asks for it
    return form.due_on.data


def _after(turn: Turn, step: str) -> date:
    for known, day in turn.steps:
        if known == step:
            return day
    raise CaseworkError(
        say("Choose one of: {steps}.", steps=in_a_row((within(one.words) for one in Step), OR))
    )


def _why(turn: Turn) -> str | None:
    return turn.row.why if turn.row else None


def _owner(turn: Turn) -> int | None:
    """Whose turn it was stays whose turn it is, as long as they are there."""
    owner = turn.row.owner if turn.row else None
    return owner.id if owner and owner.active else None


def _back_to_case(case: Case, day: date) -> Any:
    when = on_day(day, weekday=True)
    flash(say("The next contact with the supporters is on {when}.", when=when))
    return redirect(url_for("cases.show", reference=case.reference, _anchor="next-contact"), 303)


def _back_to_member(gss_code: str, day: date) -> Any:
    flash(say("The next contact with this MP is on {when}.", when=on_day(day, weekday=True)))
    return redirect(url_for("members.show", gss_code=gss_code, _anchor="next-contact"), 303)
