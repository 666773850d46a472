"""What a case needs: the list with who offers just that, a need new or changed, and what those said who were asked."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField

from casework.domain.campaign.ladder import SAID_WORDS, Said
from casework.domain.campaign.supporters import OFFERS
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.safety.accounts import Action
from casework.services.campaign import needs, supporters
from casework.services.campaign.needs import NeedFacts
from casework.storage.models import Case, CaseNeed
from casework.web.fields import DayField, ListField, line, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("needs", __name__)
PLACE = "/cases/<reference>/needs"
ONE = f"{PLACE}/<int:need_id>"


class NeedForm(HouseForm):
    """What the campaign needs."""

    version = HiddenField()
    what = ListField("What is needed?", choices={"": "Choose one", **OFFERS})
    words = line(
        "In a few words",
        hint="For example: a lift to the tribunal and back. Supporters and volunteers read it: nothing of the story.",
    )
    on = DayField("For which day, or by when?", hint="You may leave this empty.")
    wanted = line("How many?", most=4, inputmode="numeric")
    language = line("Which language, if one is needed", hint="For a translator: Dari.", most=60)

    def facts(self) -> NeedFacts:
        """What was typed."""
        return NeedFacts(
            what=self.what.data or "",
            words=self.words.data,
            on=self.on.data,
            wanted=whole_number(self.wanted.data) if self.wanted.data else 1,
            language=self.language.data,
        )


@bp.get(PLACE)
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    return render_template(
        "needs/index.html",
        case=case,
        matches=needs.matches(case),
        met=needs.list_needs(case, met=True),
        offers=OFFERS,
        said=SAID_WORDS,
    )


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def new_need(reference: str) -> Any:
    case = case_or_404(reference)
    form = NeedForm(wanted="1")
    if form.validate_on_submit():
        try:
            needs.add_need(case, form.facts(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _back(case)
    return render_template("needs/edit_need.html", case=case, form=form, row=None)


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def edit_need(reference: str, need_id: int) -> Any:
    case = case_or_404(reference)
    row = needs.get_need(case, need_id)
    form = _filled(row)
    if form.validate_on_submit():
        try:
            needs.change_need(case, need_id, form.facts(), whole_number(form.version.data), current_user)
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                form.meet(_filled(needs.get_need(case, need_id), formdata=None))
        else:
            return _back(case)
    return render_template("needs/edit_need.html", case=case, form=form, row=row)


def _filled(row: CaseNeed, **how: Any) -> NeedForm:
    kept = {name: getattr(row, name) for name in ("version", "what", "words", "on", "language")}
    return NeedForm(data={**kept, "wanted": str(row.wanted)}, **how)


@bp.post(f"{ONE}/met")
@allow(Action.KEEP_SUPPORTERS)
def met(reference: str, need_id: int) -> Any:
    case = case_or_404(reference)
    is_met = request.form.get("do") != "open"
    needs.say_met(case, need_id, current_user, met=is_met)
    flash("Met. Have they been thanked?" if is_met else "It is open again.")
    return redirect(_address(case), 303)


@bp.post(f"{ONE}/supporters/<int:supporter_id>")
@allow(Action.KEEP_SUPPORTERS)
def said(reference: str, need_id: int, supporter_id: int) -> Any:
    case = case_or_404(reference)
    needs.get_need(case, need_id), supporters.get_sign_up(case, supporter_id)
    word = request.form.get("said", "")
    try:
        if word not in set(Said):
            raise CaseworkError("Choose what they said.")
        needs.answer(case, need_id, supporter_id, Said(word), current_user)
    except CaseworkError as error:
        if error.__class__ is not CaseworkError:
            raise
        flash(error.message)
    return redirect(f"{_address(case)}#need-{need_id}", 303)


def _back(case: Case) -> Any:
    flash("Saved.")
    return redirect(_address(case), 303)


def _address(case: Case) -> str:
    return url_for("needs.index", reference=case.reference)
