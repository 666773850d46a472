"""What goes wrong, as pages that say what to do. Only here do errors become HTML."""

import logging
import secrets

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from casework.domain.errors import CaseworkError, NotAllowed, NotFound, OutOfDate
from casework.storage.database import db

log = logging.getLogger("casework")

WORDS = {
    403: ("You may not do this", "Your account does not carry this. Ask an organiser of your group."),
    404: ("There is no such page", "It may be gone, or it may belong to a case that you do not work on."),
    405: ("That did not work", "Go back, and use the button on the page."),
    413: (
        "That file is too large",
        "Send a smaller one: a photo at normal quality, or a PDF of a few pages.",
    ),
}
STATUS = {NotFound: 404, NotAllowed: 403, OutOfDate: 409}


def _page(status: int, heading: str, message: str, code: str | None = None) -> tuple[str, int]:
    return render_template("errors/problem.html", heading=heading, message=message, code=code), status


def show_errors(app: Flask) -> None:
    """Turn every kind of error into its page."""

    @app.errorhandler(CaseworkError)
    def ours(error: CaseworkError) -> tuple[str, int]:
        db.session.rollback()
        status = STATUS.get(type(error), 422)
        heading = WORDS[status][0] if status in WORDS else "That could not be done"
        return _page(status, heading, error.message)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> tuple[str, int]:
        return _page(
            400, "This page had been open too long", "Go back, load the page again and send it once more."
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str, int] | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        heading, message = WORDS.get(status, ("That did not work", "Go back and try again."))
        return _page(status, heading, message)

    @app.errorhandler(Exception)
    def bug(error: Exception) -> tuple[str, int]:
        db.session.rollback()
        code = secrets.token_hex(4)
        # The kind of error and where it happened, never its words: they may hold a name.
        frames = []
        trace = error.__traceback__
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
            trace = trace.tb_next
        log.error(
            "error %s: %s at %s (%s)", code, type(error).__name__, request.endpoint, " < ".join(frames[-4:])
        )
        return _page(
            500, "Something broke here", "What you saved before is safe. Go back and try again.", code
        )
