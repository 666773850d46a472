"""What goes wrong, as pages that say what to do. Only here do errors become HTML."""

import errno
import logging
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, InternalError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from casework.domain.errors import CaseworkError, NotAllowed, NotFound, OutOfDate
from casework.storage import hosted
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.web import signed_out

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
# What the machine says when it cannot save, and what that means for whoever sits before it.
CANNOT_SAVE = {
    "full": "The disk of this machine is full. Whoever looks after it has to make room; then send it again.",
    "readonly": "The folder of this program cannot be written to. Tell whoever looks after this machine.",
    "disk I/O error": "The disk of this machine does not take what is saved. It may be full or broken. Tell whoever "
    "looks after this machine, and send it again later.",
    "malformed": "The database is damaged. Stop working here, and tell whoever looks after this machine: it has to be "
    "brought back from the last good backup.",
    "away": (
        "The database of this program does not answer. Wait a little, go back and send it again; if that does not "
        "help, tell whoever looks after it."
    ),
    "another instance": "Another folder was put in the place of this one while Casework ran. Tell whoever looks after "
    "this machine: Casework has to be stopped and started again. Until then it saves nothing.",
    "locked": "Many people are saving at this moment. Wait a little, go back and send it again.",
}
DISK = {
    errno.ENOSPC: "full",
    errno.EFBIG: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
}
STATUS = {NotFound: 404, NotAllowed: 403, OutOfDate: 409}


def _page(status: int, heading: str, message: str, code: str | None = None) -> tuple[str, int]:
    return render_template("errors/problem.html", heading=heading, message=message, code=code), status


def _why_not_saved(error: DBAPIError | OSError) -> str | None:
    """Which of CANNOT_SAVE it is; None when it is something else, and so a bug."""
    if isinstance(error, OSError):
        return DISK.get(error.errno or 0)
    if hosted.is_postgres(db.engine):
        return hosted.why_not_saved(error)
    return next((reason for reason in CANNOT_SAVE if reason in str(error.orig)), None)


def _ask_nothing_more() -> None:
    """Have the page be made without asking who is signed in: the database that knows does not answer."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def _ours(error: CaseworkError) -> tuple[str, int]:
    db.session.rollback()
    status = STATUS.get(type(error), 422)
    heading = WORDS[status][0] if status in WORDS else "That could not be done"
    return _page(status, heading, error.message)


def _forged(error: CSRFError) -> Any:
    return signed_out.rescue() or _page(
        400, "This page had been open too long", "Go back, load the page again and send it once more."
    )


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    heading, message = WORDS.get(status, ("That did not work", "Go back and try again."))
    if status == 413:
        message += f" {current_instance().settings.upload_limit_mb} megabytes is the most."
    return _page(status, heading, message)


def _at_once(error: IntegrityError | StaleDataError) -> tuple[str, int]:
    db.session.rollback()
    log.error("two at once at %s", request.endpoint)
    return _page(
        409, "Somebody saved at the same moment", "Yours was not saved. Go back and send it once more."
    )


def _cannot_save(error: DatabaseError | OSError) -> tuple[str, int]:
    reason = _why_not_saved(error)
    if reason is None:
        return _bug(error)
    db.session.rollback()
    log.error("cannot save at %s: %s", request.endpoint, reason)
    if reason in ("away", "another instance"):
        _ask_nothing_more()
    return _page(503, "Nothing can be saved at this moment", CANNOT_SAVE[reason])


def _bug(error: Exception) -> tuple[str, int]:
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
    return _page(500, "Something broke here", "What you saved before is safe. Go back and try again.", code)


_PAGES: dict[type[Exception], Callable[[Any], Any]] = {
    CaseworkError: _ours,
    CSRFError: _forged,
    HTTPException: _http,
    **dict.fromkeys((IntegrityError, StaleDataError), _at_once),
    **dict.fromkeys((DatabaseError, OperationalError, InternalError, OSError), _cannot_save),
    Exception: _bug,
}


def show_errors(app: Flask) -> None:
    """Turn every kind of error into its page."""
    for kind, page in _PAGES.items():
        app.register_error_handler(kind, page)
