"""A form that is sent twice is saved once."""

from flask import Flask, Response, flash, redirect, request, url_for

from casework.services import submissions


def _claim() -> Response | None:
    token = request.form.get("once") if request.method == "POST" else None
    if not token or submissions.claim(token[:64]):
        return None
    flash("This form had already been sent. It was saved once.")
    return redirect(submissions.location_of(token[:64]) or url_for("cases.index"), 303)  # type: ignore[return-value]


def _keep(response: Response) -> Response:
    token = (
        request.form.get("once") if request.method == "POST" and response.status_code in (302, 303) else None
    )
    if token and response.location:
        submissions.keep_location(token[:64], response.location[:300])
    return response


def _forget(error: BaseException | None) -> None:
    """Give up what no service saved, the claim of a form that came back with an error among it."""
    submissions.give_up()


def save_once(app: Flask) -> None:
    """Watch every form that carries a `once` token."""
    app.before_request(_claim)
    app.after_request(_keep)
    app.teardown_request(_forget)
