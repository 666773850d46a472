"""The only page while everything is locked: it asks for the passphrase, or says who can unlock it.

It is an application of its own, made without a key: it knows neither the database nor the group's name.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, redirect, render_template, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import PasswordField
from wtforms.validators import InputRequired

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.safety.sign_in import Patience, wait_in_words
from casework.settings import Settings, resource_dir
from casework.storage import key_file
from casework.web.headers import EVERYTHING_SHOWN, close_pages, version_of_style
from casework.web.reading import read_in_english
from casework.web.requests import read_requests

# From one address, and from all together: each try takes memory and a processor, and is worth nothing to a guesser.
FOR_AN_ADDRESS = Patience(free=5, first_wait=timedelta(seconds=5), longest_wait=timedelta(minutes=2))
FOR_EVERYBODY = Patience(free=60, first_wait=timedelta(seconds=1), longest_wait=timedelta(seconds=10))
MOST_ADDRESSES = 10_000
LARGEST_BODY = 16 * 1024
COOKIE = "casework_locked"
UNLOCK = "/unlock"
NOT_OPENED = (
    "The passphrase is right, but the program could not be opened. The disk may be full. Tell whoever looks after this "
    "machine, and try again."
)
_log = logging.getLogger(__name__)


class UnlockForm(FlaskForm):
    passphrase = PasswordField(
        "Passphrase",
        validators=[InputRequired("Type the passphrase.")],
        render_kw={"autocomplete": "current-password", "required": False},
    )


class Tries:
    """Wrong tries since the start, by address. They are kept in memory: while it is locked there is nowhere else."""

    def __init__(self) -> None:
        self._by_address: dict[str, tuple[int, datetime]] = {}
        self._all = (0, clock.now())
        self._one_at_a_time = threading.Lock()

    def attempt(self, address: str, what: Callable[[], None]) -> None:
        """Do this, once nobody else is at it. Raises CaseworkError while this address has to wait."""
        with self._one_at_a_time:
            tried, last_at = self._by_address.get(address, (0, clock.now()))
            wait = max(
                last_at + FOR_AN_ADDRESS.wait_after(tried),
                self._all[1] + FOR_EVERYBODY.wait_after(self._all[0]),
            )
            if wait > clock.now():
                raise TooManyTries(
                    f"There were many wrong tries. Wait {wait_in_words(wait - clock.now())}, then try again."
                )
            if len(self._by_address) >= MOST_ADDRESSES:
                self._by_address.clear()
            self._by_address[address], self._all = (tried + 1, clock.now()), (self._all[0] + 1, clock.now())
            what()
            self._by_address.clear()
            self._all = (0, clock.now())


class TooManyTries(CaseworkError):
    """This address, or everybody, has to wait."""


class LockedDoor:
    """The page to unlock, and what is sent from it. `unlock` raises CaseworkError."""

    def __init__(
        self, settings: Settings, unlock: Callable[[str], None], is_open: Callable[[], bool], style: str
    ) -> None:
        self._settings, self._unlock, self._is_open, self._style = settings, unlock, is_open, style
        self._tries = Tries()

    def ask(self, *_: Any, **__: Any) -> Any:
        """The page, whatever was asked for; the way in where it is open, and only the address is left from before."""
        if self._is_open():
            return self._in()
        return self._page(UnlockForm(formdata=None) if self._is_asked_for() else None)

    def open_up(self) -> Any:
        """The way in, once the passphrase is right or somebody else's was."""
        if self._is_open():
            return self._in()
        if not self._is_asked_for():
            return self._page(None)
        form = UnlockForm()
        if not form.validate_on_submit():
            return self._page(form)
        passphrase = form.passphrase.data or ""
        try:
            self._tries.attempt(request.remote_addr or "", lambda: self._unlock(passphrase))
        except CaseworkError as error:
            form.passphrase.errors = [error.message]
            return self._page(form, 429 if isinstance(error, TooManyTries) else 503)
        except Exception as error:
            _log.error("it could not be opened: %s", type(error).__name__)
            form.passphrase.errors = [NOT_OPENED]
            return self._page(form)
        return self._in()

    def _in(self) -> Any:
        response = redirect("/", 303)
        response.delete_cookie(COOKIE)
        return response

    def leave(self) -> Any:
        """Somewhere ordinary, as from every other page."""
        return redirect(self._settings.quick_exit_url, 303)

    def too_old(self, _: CSRFError) -> Any:
        """The page once more, for a form that was open too long or came from somewhere else."""
        if self._is_open():
            return self._in()
        if not self._is_asked_for():
            return self._page(None)
        form = UnlockForm(formdata=None)
        form.passphrase.errors = ["This page had been open too long. Type the passphrase again."]
        return self._page(form)

    def _is_asked_for(self) -> bool:
        """Whether a passphrase opens it: a bare key is for whoever sits at the machine, and for nobody from outside."""
        try:
            return key_file.is_wrapped(self._settings.key_file)
        except CaseworkError:
            return False

    def _page(self, form: UnlockForm | None, status: int = 503) -> Any:
        shown = render_template(
            "locked/page.html", form=form, by_passphrase=form is not None, style_version=self._style,
            quick_exit_url=self._settings.quick_exit_url,
        )  # fmt: skip
        return shown, status, {"Retry-After": "60", "Clear-Site-Data": EVERYTHING_SHOWN}


def make_locked_app(
    settings: Settings, unlock: Callable[[str], None], is_open: Callable[[], bool] = lambda: False
) -> Flask:
    """The application that answers everything with the page to unlock. `unlock` raises CaseworkError."""
    app = Flask("casework.app", template_folder=str(resource_dir("templates")), static_folder="static")
    app.config.update(
        SECRET_KEY=_mark_of_page(settings),
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    read_in_english(app)
    read_requests(app)
    CSRFProtect(app)
    close_pages(app)
    door = LockedDoor(settings, unlock, is_open, version_of_style(app))
    app.add_url_rule(UNLOCK, "open_up", door.open_up, methods=["POST"])
    app.add_url_rule("/leave", "leave", door.leave)
    app.register_error_handler(CSRFError, door.too_old)
    app.register_error_handler(HTTPException, door.ask)
    return app


def _mark_of_page(settings: Settings) -> bytes:
    """What proves that a form is of our page, in each process alike: one may show it and another be sent it.

    It tells nothing of the key: a file with a passphrase holds it sealed, and nobody from outside has that file.
    """
    with suppress(CaseworkError, OSError):
        if key_file.is_wrapped(settings.key_file):
            return sha256(b"the page while it is locked" + settings.key_file.read_bytes()).digest()
    return secrets.token_bytes(32)
