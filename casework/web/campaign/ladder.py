"""The ladder: what supporters of a case can do, what fits one of them next, and who of the team carries how much."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import BooleanField

from casework import clock
from casework.domain.campaign.ladder import ACTIVE_FOR, MUCH, RUNGS
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.campaign import ladder, needs, supporters
from casework.services.timing import loads
from casework.storage.models import Case, SignUp
from casework.web import undo
from casework.web.fields import DayField, ListField
from casework.web.filters import count
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("ladder", __name__)
ONE = "/cases/<reference>/supporters/<int:supporter_id>/ladder"


class ActForm(HouseForm):
    """Something that a supporter did."""

    what = ListField(
        "What did they do?", choices={"": "Choose one"} | {key: one.words for key, one in RUNGS.items()}
    )
    done_on = DayField("On which day?", required="Type the day, or “today”.", past=True)
    agreed = BooleanField("I asked them, and they agree that we keep what they do")


@bp.get("/cases/<reference>/ladder")
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    return render_template(
        "ladder/index.html",
        case=case,
        lines=ladder.lines(case),
        counts=ladder.counts(case),
        loads=loads.of_team(case),
        needs=len(needs.list_needs(case)),
        active_days=ACTIVE_FOR.days,
        much=MUCH,
    )


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def supporter(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    row = supporters.get_sign_up(case, supporter_id)
    form = ActForm(done_on=clock.today())
    if form.validate_on_submit():
        assert form.done_on.data
        try:
            ladder.record_act(
                case,
                supporter_id,
                form.what.data,
                form.done_on.data,
                current_user,
                agreed=bool(form.agreed.data),
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Kept. Have you thanked them?")
            return redirect(_address(case, row), 303)
    return render_template(
        "ladder/supporter.html",
        case=case,
        row=row,
        form=form,
        next=ladder.next_for(row),
        did=ladder.did_of(row),
    )


@bp.post(f"{ONE}/forget")
@allow(Action.KEEP_SUPPORTERS)
def forget(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    row = supporters.get_sign_up(case, supporter_id)
    if not request.form.get("sure"):
        return render_template("ladder/forget.html", case=case, row=row)
    number = ladder.forget_acts(case, supporter_id, current_user)
    flash(f"{count(number, 'thing is', 'things are')} erased. Nothing of what they do is kept from now on.")
    return redirect(_address(case, row), 303)


@bp.post("/cases/<reference>/acts/<int:act_id>/remove")
@allow(Action.KEEP_SUPPORTERS)
def remove_act(reference: str, act_id: int) -> Any:
    case = case_or_404(reference)
    was = ladder.remove_act(case, act_id, current_user)
    undo.say("Taken out.", url_for("ladder.put_act_back", reference=case.reference), **was)
    return redirect(_address(case, supporters.get_sign_up(case, was["supporter"])), 303)


@bp.post("/cases/<reference>/acts/undo")
@allow(Action.KEEP_SUPPORTERS)
def put_act_back(reference: str) -> Any:
    case = case_or_404(reference)
    was = undo.accepted()
    row = supporters.get_sign_up(case, was["supporter"])
    try:
        ladder.put_act_back(case, was, current_user)
    except CaseworkError as error:
        flash(error.message)
    else:
        flash("It is back where it was.")
    return redirect(_address(case, row), 303)


def _address(case: Case, row: SignUp) -> str:
    return url_for("ladder.supporter", reference=case.reference, supporter_id=row.supporter_id)
