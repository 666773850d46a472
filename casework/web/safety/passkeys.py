"""Passkeys: made on one's own page, and shown at sign-in after the password or in place of it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.services.safety import passkeys
from casework.services.safety.passkeys import Place
from casework.web.anybody import public
from casework.web.entering import ask_to_confirm, go_on, is_confirmed, show_code_page, show_codes, who_waits
from casework.web.guards import allow
from casework.web.safety.account_forms import AnswerForm, CodeForm, PasskeyForm, SignInForm
from casework.web.safety.passkey_place import ask, asked, passkey_place

bp = Blueprint("passkeys", __name__)
HERE = "/you/second-factor/passkeys"
NO_PLACE = "Passkeys work only where Casework has a web address of its own, or as localhost."


def _place() -> Place:
    """Where passkeys count. Raises NotFound where they do not."""
    place = passkey_place()
    if place is None:
        raise NotFound(NO_PLACE)
    return place


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


@bp.get("/sign-in/passkey/question")
@public
def question() -> Response:
    return _json(ask(passkeys.question_for_sign_in(who_waits(), _place())))


@bp.post("/sign-in/passkey")
@public
def sign_in() -> Any:
    waiting, form = who_waits(), AnswerForm()
    try:
        user = passkeys.owner_of(_place(), asked(), form.answer.data or "", waiting)
    except CaseworkError as error:
        return _again(waiting, form.kept.data, error)
    return go_on(user, "password and passkey" if waiting else "passkey", second_factor=True)


def _again(waiting: Any, kept: str | None, error: CaseworkError) -> Any:
    """The page that somebody came from, with what went wrong; what they typed elsewhere travels on."""
    if waiting:
        code = CodeForm(formdata=None, kept=kept)
        code.explain(error)
        return show_code_page(waiting, code)
    form = SignInForm(formdata=None, kept=kept)
    form.explain(error)
    return render_template(
        "accounts/sign_in.html", form=form, is_new=False, next=request.args.get("next"), by_passkey=True
    )


@bp.route(f"{HERE}/new", methods=["GET", "POST"])
@allow(Action.OWN_ACCOUNT)
def new_passkey() -> Any:
    if not is_confirmed():
        return ask_to_confirm()
    form = PasskeyForm()
    if form.validate_on_submit():
        try:
            codes = passkeys.add(
                current_user, _place(), asked(), form.answer.data or "", form.name.data or ""
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The passkey is kept.")
            return show_codes(codes) if codes else redirect(url_for("second_factors.index"), 303)
    return render_template("second_factors/new_passkey.html", form=form, place=passkey_place())


@bp.get(f"{HERE}/question")
@allow(Action.OWN_ACCOUNT)
def question_for_new() -> Any:
    if not is_confirmed():
        return ask_to_confirm()
    return _json(ask(passkeys.question_for_new(current_user, _place())))


@bp.get("/you/confirm/question")
@allow(Action.OWN_ACCOUNT)
def question_to_confirm() -> Response:
    return _json(ask(passkeys.question_for_sign_in(current_user, _place())))


@bp.post(f"{HERE}/<int:passkey_id>/remove")
@allow(Action.OWN_ACCOUNT)
def remove(passkey_id: int) -> Any:
    if not is_confirmed():
        return ask_to_confirm(url_for("second_factors.index"))
    name = passkeys.remove(current_user, passkey_id)
    flash(f"The passkey “{name}” works no more.")
    return redirect(url_for("second_factors.index"), 303)
