"""Handing over: what one person works on to another, and a whole case to another group."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import BooleanField, RadioField

from casework.domain.case.hands import HEADINGS, ThingKind, counted
from casework.domain.consent.need_to_know import Hidden
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.said import count, in_a_row
from casework.domain.words import say
from casework.services.consent import need_to_know
from casework.services.safety import accounts, case_moves, groups, handing_over
from casework.services.safety.handing_over import Load
from casework.storage.models import User
from casework.web.fields import several_of, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("handing_over", __name__)
CASE = "/cases/<reference>"


class ToForm(HouseForm):
    """To whom it goes."""

    to = RadioField("Who takes it?", choices={}, validate_choice=False)

    @property
    def to_id(self) -> int:
        """Who was chosen; 0, which is nobody, when nobody was."""
        return whole_number(self.to.data)


class GroupForm(HouseForm):
    """The group to which a case goes."""

    group = RadioField("Which group takes the case?", choices={}, validate_choice=False)
    agreed = BooleanField("The person was asked, and agreed that this group holds their case")


class SeesForm(HouseForm):
    """What somebody sees of what is hidden."""

    kinds = several_of("Hidden things that they see", {kind.value: kind.words for kind in Hidden})


@bp.route(f"{CASE}/team/<int:user_id>/hand-over", methods=["GET", "POST"])
@allow(Action.MANAGE_TEAM)
def in_case(reference: str, user_id: int) -> Any:
    case = case_or_404(reference)
    user = accounts.get_user(user_id)
    back = url_for("accounts.team", reference=case.reference)
    return _hand_over(user, handing_over.in_hand(user, case), back, case=case)


@bp.route("/people/<int:user_id>/hand-over", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def in_all(user_id: int) -> Any:
    user = accounts.get_user(user_id)
    return _hand_over(user, handing_over.in_hand(user), url_for("accounts.show", user_id=user.id))


def _hand_over(user: User, loads: list[Load], back: str, **shown: Any) -> Any:
    form = ToForm()
    others = [one for one in accounts.list_users() if one.active and one.id != user.id]
    form.to.choices = {str(one.id): f"{one.name}, {one.role}" for one in others}
    if form.validate_on_submit():
        try:
            to = next((one for one in others if one.id == form.to_id), None)
            if to is None:
                raise CaseworkError("Choose who takes it.", field="to")
            handing_over.hand_over(loads, user, to, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(say("{name} has it now: {things}.", name=to.name, things=in_words(loads)))
            gone = user.id == current_user.id and "case" in shown
            return redirect(url_for("cases.index") if gone else back, 303)
    return render_template(
        "handing_over/people.html", form=form, user=user, loads=loads, total=in_words(loads), others=others,
        headings=HEADINGS, back=back, **({"case": None} | shown),
    )  # fmt: skip


def in_words(loads: list[Load]) -> str:
    """All of it in a few words: "2 cases, 3 dates, 1 visit"."""
    numbers = {kind: sum(load.open[kind] for load in loads) for kind in ThingKind}
    things = (counted(kind, number) for kind, number in numbers.items() if number)
    return in_a_row([count(len(loads), "case"), *things])


@bp.route(f"{CASE}/team/<int:user_id>/sees", methods=["GET", "POST"])
@allow(Action.MANAGE_TEAM)
def sees(reference: str, user_id: int) -> Any:
    case = case_or_404(reference)
    user = accounts.get_user(user_id)
    now = need_to_know.seen_by(case, user)
    form = SeesForm(kinds=[kind.value for kind in now])
    if form.validate_on_submit():
        try:
            wanted = [Hidden(kind) for kind in form.kinds.data or () if kind in set(Hidden)]
            need_to_know.let_see(case, user.id, wanted, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved.")
            return redirect(url_for("accounts.team", reference=case.reference), 303)
    return render_template("handing_over/sees.html", case=case, form=form, user=user)


@bp.route(f"{CASE}/other-group", methods=["GET", "POST"])
@allow(Action.MOVE_CASES)
def offer(reference: str) -> Any:
    case = case_or_404(reference)
    form = GroupForm()
    others = groups.other_groups(case.group_id)
    form.group.choices = {str(group.id): groups.name_of(group.id) for group in others}
    if form.validate_on_submit():
        try:
            case_moves.offer(case, whole_number(form.group.data), current_user, agreed=form.agreed.data)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The case is offered. It stays yours until an organiser of the other group takes it.")
            return redirect(url_for("handing_over.offer", reference=case.reference), 303)
    to = groups.name_of(case.offered_to_id) if case.offered_to_id else None
    return render_template("handing_over/offer.html", case=case, form=form, others=others, to=to)


@bp.post(f"{CASE}/other-group/take-back")
@allow(Action.MOVE_CASES)
def take_back(reference: str) -> Any:
    case = case_or_404(reference)
    case_moves.take_back_offer(case, current_user)
    flash("The case is offered to nobody.")
    return redirect(url_for("handing_over.offer", reference=case.reference), 303)


@bp.get("/offered")
@allow(Action.MOVE_CASES)
def offered() -> str:
    return render_template("handing_over/offered.html", offers=case_moves.offers_to(current_user.group_id))


@bp.post("/offered/<int:case_id>/take")
@allow(Action.MOVE_CASES)
def take(case_id: int) -> Any:
    reference = case_moves.take(case_id, current_user)
    flash("The case is yours now. Nobody sees to its dates yet: look at them today.")
    return redirect(url_for("cases.show", reference=reference), 303)
