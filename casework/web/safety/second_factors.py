"""Second factors: the code at sign-in, the page that asks once more who you are, an app, recovery codes, a reset."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from markupsafe import Markup

from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.safety.second_factors import FEW_LEFT, in_groups
from casework.services.safety import accounts, passkeys, recovery_codes, second_factors
from casework.services.safety.tries import TooManyTries
from casework.web.anybody import public
from casework.web.entering import (
    ask_to_confirm,
    go_on,
    is_confirmed,
    next_page,
    show_code_page,
    show_codes,
    who_waits,
)
from casework.web.guards import allow
from casework.web.safety.account_forms import AppForm, CodeForm, ConfirmForm
from casework.web.safety.passkey_place import asked, passkey_place

bp = Blueprint("second_factors", __name__)
HERE = "/you/second-factor"
NEW_APP = "new_app"


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> Any:
    user = who_waits()
    if user is None:
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")), 303)
    form = CodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            kind = second_factors.check_code(user, form.code.data)
        except CaseworkError as error:
            form.explain(error)
            status = 429 if isinstance(error, TooManyTries) else 200
        else:
            return _let_in(user, kind)
    return show_code_page(user, form, status)


def _let_in(user: Any, kind: str) -> Any:
    answer = go_on(user, f"password and {kind}", second_factor=True)
    left = recovery_codes.left(user)
    if kind == "recovery code":
        flash(f"That recovery code is used up. {left} of them are left.")
    if left <= FEW_LEFT:
        flash("You have few recovery codes left. Make new ones under You, Second factor.")
    return answer


@bp.route("/you/confirm", methods=["GET", "POST"])
@allow(Action.OWN_ACCOUNT)
def confirm() -> Any:
    form = ConfirmForm()
    factors = second_factors.factors_of(current_user)
    if form.validate_on_submit():
        try:
            place, answer = passkey_place(), form.answer.data
            by_passkey = (
                (lambda: passkeys.owner_of(place, asked(), answer, current_user))
                if answer and place
                else None
            )
            second_factors.confirm(
                current_user,
                form.password.data,
                form.code.data or "",
                request.remote_addr or "",
                by_passkey,
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            return redirect(next_page(), 303)
    return render_template(
        "second_factors/confirm.html",
        form=form,
        factors=factors,
        next=request.args.get("next"),
        by_passkey=bool(factors.passkeys) and passkey_place() is not None,
    )


@bp.get(HERE)
@allow(Action.OWN_ACCOUNT)
def index() -> str:
    return render_template(
        "second_factors/index.html",
        factors=second_factors.factors_of(current_user),
        is_lacking=second_factors.is_lacking(current_user),
        few=FEW_LEFT,
    )


@bp.route(f"{HERE}/app", methods=["GET", "POST"])
@allow(Action.OWN_ACCOUNT)
def app() -> Any:
    if not is_confirmed():
        return ask_to_confirm()
    secret = session.setdefault(NEW_APP, second_factors.new_secret())
    form = AppForm()
    if form.validate_on_submit():
        try:
            codes = second_factors.set_up_app(current_user, secret, form.code.data)
        except CaseworkError as error:
            form.explain(error)
        else:
            session.pop(NEW_APP, None)
            flash("The app is set up. From now on you sign in with your password and a code.")
            return show_codes(codes) if codes else redirect(url_for("second_factors.index"), 303)
    return render_template(
        "second_factors/app.html", form=form, picture=_picture(secret), key=in_groups(secret)
    )


def _picture(secret: str) -> Markup:
    """The picture that an app reads, as drawing inside the page: nothing is fetched and nothing is kept."""
    import segno

    drawn = segno.make(second_factors.address_for_app(current_user, secret), error="m", micro=False)
    svg = drawn.svg_inline(omitsize=True, svgclass=None, lineclass=None, border=4, dark="#000", light="#fff")
    return Markup(svg)  # noqa: S704 - drawn by the library from figures alone


@bp.post(f"{HERE}/app/remove")
@allow(Action.OWN_ACCOUNT)
def remove_app() -> Any:
    if not is_confirmed():
        return ask_to_confirm(url_for("second_factors.index"))
    second_factors.remove_app(current_user)
    flash("Codes of the app work no more.")
    return redirect(url_for("second_factors.index"), 303)


@bp.post(f"{HERE}/codes")
@allow(Action.OWN_ACCOUNT)
def new_codes() -> Any:
    if not is_confirmed():
        return ask_to_confirm(url_for("second_factors.index"))
    if not second_factors.has_any(current_user):
        raise CaseworkError("Set up an app or a passkey first. Recovery codes stand in for it.")
    return show_codes(recovery_codes.make(current_user))


@bp.post("/people/<int:user_id>/second-factor/reset")
@allow(Action.MANAGE_PEOPLE)
def reset(user_id: int) -> Any:
    user = accounts.get_user(user_id)
    if not is_confirmed():
        return ask_to_confirm(url_for("accounts.show", user_id=user.id))
    second_factors.reset(user, current_user)
    flash(f"{user.name} now signs in with the password alone. Their sessions have ended.")
    return redirect(url_for("accounts.show", user_id=user.id), 303)
