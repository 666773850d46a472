"""A form that is sent twice is saved once: each carries a token, which also says who opened it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, abort, current_app, flash, redirect, request, url_for
from flask_login import current_user
from itsdangerous import Signer

from casework.services.letters import submissions


def new_token() -> str:
    """A token for a form, with the mark of whoever opens it. The mark tells nobody who that is."""
    return _marker(getattr(current_user, "id", 0)).sign(secrets.token_urlsafe(16)).decode()


def is_of(token: str, user_id: int) -> bool:
    """Whether this person opened the form that carries this token."""
    return _marker(user_id).validate(token)


def _marker(user_id: int) -> Signer:
    return Signer(current_app.secret_key or "", salt=f"once/{user_id}")


def _token() -> str | None:
    token = request.form.get("once") if request.method == "POST" else None
    return token[:64] if token else None


def _claim() -> Response | None:
    token = _token()
    if not token or submissions.claim(token):
        return None
    flash("This form had already been sent. It was saved once.")
    return redirect(submissions.location_of(token) or url_for("cases.index"), 303)  # type: ignore[return-value]


@contextmanager
def let_others_save() -> Iterator[None]:
    """While it lasts nobody waits for this form: its claim is given up, and made anew at the end.

    For what takes long before anything is saved, such as handing a scan to other storage. Where the form was saved
    meanwhile by its second sending, the request ends here as that one did.
    """
    if _token():
        submissions.give_up()
    yield
    if (saved := _claim()) is not None:
        abort(saved)


def _keep(response: Response) -> Response:
    token = _token() if response.status_code in (302, 303) else None
    if token and response.location:
        submissions.keep_location(token, response.location[:300])
    return response


def _forget(error: BaseException | None) -> None:
    """Give up what no service saved, the claim of a form that came back with an error among it."""
    submissions.give_up()


def save_once(app: Flask) -> None:
    """Watch every form that carries a `once` token."""
    app.before_request(_claim)
    app.after_request(_keep)
    app.teardown_request(_forget)
