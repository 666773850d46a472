"""How somebody comes in and goes out: the session of their browser begins and ends here."""

from typing import Any

from flask import Response, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from casework import clock
from casework.services.safety import accounts, second_factors, sessions
from casework.services.safety.link_secrets import hash_of
from casework.storage.models import User
from casework.web import signed_out
from casework.web.safety.account_forms import CodeForm
from casework.web.safety.passkey_place import passkey_place

# Somebody whose password was right, and who has to show a second factor within this many seconds.
WAITING = "waiting"
WAITS_SECONDS = 600
CONFIRMED_SECONDS = 600


def begin_session(user: User, how: str, *, second_factor: bool = False) -> None:
    """Start afresh, so that nothing of an earlier visitor's session goes on."""
    if current_user.is_authenticated:
        sessions.end_all(current_user, only=current_user.session)
    sessions.begin(user, request.user_agent.string, how, second_factor=second_factor)
    session.clear()
    session.permanent = True
    login_user(user)


def end_session() -> None:
    """Have this browser forget its session."""
    logout_user()
    session.clear()


def cleared(response: Response) -> Response:
    """The answer with word to the browser to drop whatever it kept of these pages."""
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def go_on(user: User, how: str, *, second_factor: bool = False) -> Any:
    """Let somebody in, and lead them to the words they had typed, or to the page they asked for."""
    begin_session(user, how, second_factor=second_factor)
    return signed_out.give_back() or redirect(next_page(), 303)


def after_password(user: User, how: str) -> Any:
    """The way on for somebody whose password was right: in, or to the page that asks for a second factor."""
    if not second_factors.has_any(user):
        return go_on(user, how)
    if current_user.is_authenticated:
        accounts.sign_out(current_user)
    logout_user()
    session.clear()
    # The token of the next page belongs to the session that begins here.
    g.pop("csrf_token", None)
    session.permanent = True
    session[WAITING] = [user.id, clock.now().timestamp(), _mark(user)]
    if request.form.get("kept"):
        # What was typed elsewhere travels on in this page: it is too much for a cookie.
        return show_code_page(user, CodeForm(formdata=None, kept=request.form["kept"]))
    return redirect(url_for("second_factors.code", next=request.args.get("next")), 303)


def show_code_page(user: User, form: CodeForm, status: int = 200) -> Any:
    """The page that asks for the second factor of somebody whose password was right."""
    factors = second_factors.factors_of(user)
    return render_template(
        "second_factors/code.html",
        form=form,
        factors=factors,
        next=request.args.get("next"),
        by_passkey=bool(factors.passkeys) and passkey_place() is not None,
    ), status


def who_waits() -> User | None:
    """Whose password was right a moment ago in this browser; None when that is too long ago or has changed since."""
    waiting = session.get(WAITING)
    if not waiting:
        return None
    user_id, since, mark = waiting
    user = accounts.find_by_id(user_id)
    is_fresh = clock.now().timestamp() - since < WAITS_SECONDS
    return user if user and user.active and is_fresh and mark == _mark(user) else None


def is_confirmed() -> bool:
    """Whether this person showed within the last minutes, in this very session, who they are."""
    at = current_user.session.confirmed_at
    return at is not None and (clock.now() - at).total_seconds() < CONFIRMED_SECONDS


def ask_to_confirm(back: str | None = None) -> Any:
    """The way to the page that asks for the password once more, and from there back here."""
    return redirect(url_for("second_factors.confirm", next=back or request.path), 303)


def show_codes(codes: list[str]) -> Any:
    """The page with new recovery codes: shown once, as the answer to a form, so that it is kept nowhere."""
    return render_template("second_factors/codes.html", codes=codes)


def next_page() -> str:
    """The page that was asked for before signing in, when it is one of this house."""
    wanted = request.args.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else url_for("home.index")


def _mark(user: User) -> str:
    """What changes with the password, so that a new one ends every sign-in that is half done."""
    return hash_of(user.password_hash or "")[:16]
