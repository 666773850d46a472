"""Evenings of calls: a list for a case, the next person for each who rings, and how it went."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectField

from casework.domain.campaign.calls import LEFT_ALONE, LONGEST_WORDS, Outcome
from casework.domain.campaign.messages import AUDIENCES, Kind, Means
from casework.domain.campaign.messages import LONGEST_WORDS as LONGEST_SAID
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.services.campaign import call_rounds, calls, message_readers, messages, supporters
from casework.services.campaign.call_rounds import NewRound
from casework.services.parliament.directory import constituency_name
from casework.storage.models import Call, CallRound, Case
from casework.web import undo
from casework.web.case.case_forms import postcode
from casework.web.fields import line, one_of, paragraph, whole_number
from casework.web.filters import count
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404, reads_story

bp = Blueprint("call_rounds", __name__)
PLACE = "/cases/<reference>/calls"
ONE = f"{PLACE}/<int:round_id>"


class RoundForm(HouseForm):
    """An evening of calls."""

    words = paragraph(
        "What you say",
        lang="en-GB",
        hint="A few sentences to read out. Who rings sees this and nothing else of the story.",
        most=LONGEST_SAID,
        rows=6,
        required="Write what you say.",
    )
    audience = one_of(
        "Who may hear it?",
        [(one.value, words) for one, words in AUDIENCES.items()],
        required="Choose who may hear it.",
    )
    place = SelectField("Only those who live in", validate_choice=False)
    left_alone = one_of(
        "Leave alone whoever was rung within",
        [(str(days), of_ours(words)) for days, words in LEFT_ALONE.items()],
        required="Choose one of the answers.",
    )

    def offer(self, case: Case) -> None:
        """Let one constituency be chosen, or all."""
        known = supporters.places_of(case)
        named = sorted((constituency_name(code) or code, code) for code in known)
        self.place.choices = [("", "Everywhere"), *((code, name) for name, code in named)]


class CallForm(HouseForm):
    """How a call ended."""

    outcome = one_of(
        "How did it end?", [(one.value, one.words) for one in Outcome], required="Tick how it ended."
    )
    words = line(
        "A few words for whoever rings next",
        hint="Only what helps: “ring after six”. Not how they vote, and nothing of their health.",
        most=LONGEST_WORDS,
        autocomplete="off",
    )
    postcode = postcode("If they moved: their new postcode", "Leave it empty if they would rather not say.")


@bp.get(PLACE)
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    found = call_rounds.list_rounds(case)
    at = call_rounds.evenings(found)
    rows = [(row, at[row.id]) for row in found]
    return render_template("call_rounds/index.html", case=case, rows=rows, **_numbers(case))


def _numbers(case: Case) -> dict[str, int]:
    return {
        "agreed": message_readers.numbers(case)[Means.CALL],
        "not_asked": message_readers.not_asked(case),
    }


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_round(reference: str) -> Any:
    case = case_or_404(reference)
    form = RoundForm()
    form.offer(case)
    if request.method == "GET":
        said = messages.suggested(case, Kind.ASK, Means.CALL, Audience.SUPPORTERS)
        form.words.data, form.audience.data, form.left_alone.data = said.words, "supporters", "7"
    if form.validate_on_submit():
        try:
            new = NewRound(
                form.words.data or "",
                Audience(form.audience.data),
                form.place.data or None,
                whole_number(form.left_alone.data),
            )
            row = call_rounds.make(case, new, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"{count(call_rounds.evening(row).total, 'person is', 'people are')} on the list.")
            return _to(row)
    return render_template("call_rounds/new_round.html", case=case, form=form, **_numbers(case))


@bp.get(ONE)
@allow(Action.VIEW_CASE)
def show(reference: str, round_id: int) -> str:
    case = case_or_404(reference)
    row = call_rounds.get(case, round_id)
    may_ring = current_user.may(Action.KEEP_SUPPORTERS)
    beyond = messages.beyond(row.message)
    return render_template(
        "call_rounds/show.html",
        case=case,
        row=row,
        at=call_rounds.evening(row),
        stops=_why_not(row),
        said=row.message.words if reads_story() or not beyond else "",
        audience=AUDIENCES[Audience(row.message.audience)],
        place=constituency_name(row.message.gss_code),
        calls=calls.made_calls(row) if may_ring else [],
        outcomes=Outcome,
        may_ring=may_ring,
        held=calls.in_hand(row, current_user) if may_ring else None,
    )


def _why_not(row: CallRound) -> str:
    try:
        call_rounds.refuse(row)
    except CaseworkError as error:
        return error.message
    return ""


@bp.post(f"{ONE}/next")
@allow(Action.KEEP_SUPPORTERS)
def take(reference: str, round_id: int) -> Any:
    row = call_rounds.get(case_or_404(reference), round_id)
    call = calls.take(row, current_user)
    if call is None:
        flash("Nobody is left to ring. Thank you.")
        return _to(row)
    return redirect(url_for("call_rounds.ring", reference=reference, round_id=row.id), 303)


@bp.route(f"{ONE}/ring", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def ring(reference: str, round_id: int) -> Any:
    case = case_or_404(reference)
    row = call_rounds.get(case, round_id)
    form = CallForm()
    if form.validate_on_submit():
        try:
            return _ticked(case, row, form)
        except CaseworkError as error:
            form.explain(error)
    call, stops = calls.in_hand(row, current_user), _why_not(row)
    if call is None and (stops or not form.wrong):
        return _to(row)
    return render_template(
        "call_rounds/ring.html", case=case, row=row, call=call, form=form, stops=stops, at=call_rounds.evening(row),
        last=calls.last_words(call.sign_up) if call and call.sign_up else [], outcomes=Outcome,
        **_person(call),
    )  # fmt: skip


def _person(call: Call | None) -> dict[str, Any]:
    """The person to ring, with their number as a telephone dials it."""
    if call is None or call.sign_up is None:
        return {"person": None}
    person, told = call.sign_up.supporter, message_readers.last_told(call.sign_up)
    return {
        "person": person,
        "dials": "".join(sign for sign in person.phone or "" if sign in "+0123456789"),
        "told": told,
        "told_words": Kind(told.kind).words if told else "",
    }


def _ticked(case: Case, row: CallRound, form: CallForm) -> Any:
    """Keep how the call ended, and lead on to the next person, or to the end of the list."""
    call_id = whole_number(request.form.get("call", ""))
    outcome = Outcome(form.outcome.data)
    sign_up = calls.tick(row, call_id, outcome, form.words.data, form.postcode.data, current_user)
    if outcome is Outcome.STOP:
        path = url_for("supporters.undo_stop", reference=case.reference)
        undo.say(
            "They are off the list. In half a minute all that we keep of them is erased.",
            path,
            row=sign_up.id,
        )
        return _to(row)
    if request.form.get("then") == "next" and not _why_not(row) and calls.take(row, current_user) is not None:
        return redirect(url_for("call_rounds.ring", reference=case.reference, round_id=row.id), 303)
    flash("Written down. Thank you.")
    return _to(row)


@bp.post(f"{ONE}/give-back")
@allow(Action.KEEP_SUPPORTERS)
def give_back(reference: str, round_id: int) -> Any:
    row = call_rounds.get(case_or_404(reference), round_id)
    calls.give_back(row, current_user)
    flash("Somebody else can ring them now.")
    return _to(row)


@bp.post(f"{ONE}/again")
@allow(Action.KEEP_SUPPORTERS)
def again(reference: str, round_id: int) -> Any:
    row = call_rounds.get(case_or_404(reference), round_id)
    anew = call_rounds.again(row, current_user)
    flash(f"{count(anew.waiting, 'person waits', 'people wait')} to be rung once more.")
    if anew.left_alone:
        flash(
            f"{count(anew.left_alone, 'person is', 'people are')} left alone: another call list has them, or we "
            "reached them through one since."
        )
    return _to(row)


@bp.post(f"{ONE}/close")
@allow(Action.KEEP_SUPPORTERS)
def close(reference: str, round_id: int) -> Any:
    row = call_rounds.get(case_or_404(reference), round_id)
    closed_at = call_rounds.close(row, current_user)
    if closed_at is None:
        flash("The list is closed.")
    else:
        path = url_for("call_rounds.open_again", reference=reference, round_id=row.id)
        undo.say("The list is closed.", path, at=closed_at.isoformat())
    return _to(row)


@bp.post(f"{ONE}/undo")
@allow(Action.KEEP_SUPPORTERS)
def open_again(reference: str, round_id: int) -> Any:
    row = call_rounds.get(case_or_404(reference), round_id)
    closed_at = datetime.fromisoformat(undo.accepted()["at"])
    try:
        call_rounds.open_again(row, closed_at, current_user)
    except CaseworkError as error:
        flash(error.message)
    else:
        flash("The list is open again.")
    return _to(row)


def _to(row: CallRound) -> Any:
    return redirect(url_for("call_rounds.show", reference=row.case.reference, round_id=row.id), 303)
