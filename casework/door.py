"""What people reach: the program while its keys are at hand, else one page that asks for the passphrase.

One process of a server has one door, and goes through it with every request. A marker in the instance folder locks the
doors of all of them.
"""

import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from casework.domain.errors import SettingsError
from casework.settings import Settings, load_settings
from casework.storage import key_file, key_ring, lock_marker
from casework.web.safety.locked import UNLOCK, make_locked_app

TIME_FOR_THE_ANSWER = 0.5  # seconds after a lock, for the answer to reach whoever locked it
ENDED_BY_LOCK = 1  # not 0: where the main process itself ends, systemd starts it again
_log = logging.getLogger(__name__)
LOOK_EVERY = 1.0  # seconds after which a process that nobody asks sees that it was locked


class Door:
    """A WSGI application that opens, and locks, without the process ending."""

    def __init__(
        self,
        settings: Settings,
        make: Callable[[Settings], Flask],
        *,
        app: Flask | None = None,
        after_open: Callable[[Flask], None] = lambda app: None,
        after_lock: Callable[[], None] = lambda: None,
    ) -> None:
        """`make` builds the application once the key is at hand; `app` is there where that was done already."""
        self._settings = settings
        self._make = make
        self._app = app
        self._after_open = after_open
        self._after_lock = after_lock
        self._turn = threading.Lock()
        self._locked_app = make_locked_app(settings, self.unlock, lambda: self.is_open)

    @property
    def is_open(self) -> bool:
        """Whether people are let in."""
        return self._app is not None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.look()
        app = self._app
        # The button of the page was pressed once more meanwhile: that page knows the way on.
        if app is None or environ.get("PATH_INFO") == UNLOCK:
            return self._locked_app(environ, start_response)
        try:
            return app(environ, start_response)
        except Exception:
            # It was in hand when everything was locked, and found no key any more. What it had not saved is not there.
            if self._app is app:
                raise
            return self._locked_app(environ, start_response)

    def look(self) -> None:
        """Lock when somebody locked the instance, and open when that is over and nobody has to type anything."""
        locked = lock_marker.is_locked(self._settings.instance)
        if self._app is not None:
            if locked:
                self.lock()
        elif not locked and self._key_at_hand():
            self._open()

    def unlock(self, passphrase: str) -> None:
        """Open with this passphrase, unless somebody did meanwhile.

        Raises WrongPassphrase, or SettingsError when the key opens no database.
        """
        if self.is_open:
            return
        if not key_file.is_wrapped(self._settings.key_file):
            raise key_file.WrongPassphrase(
                "No passphrase opens this: somebody at the machine has to unlock it."
            )
        found = lock_marker.as_it_is(self._settings.instance)
        key_ring.unlock(self._settings.key_file, passphrase)
        try:
            self._open(to_lift=found)
        except BaseException:
            key_ring.forget()  # it stays locked, and holds no key
            raise

    def lock(self) -> None:
        """Let nobody in any more, and drop the keys, the connections and whatever the program remembered."""
        with self._turn:
            app, self._app = self._app, None
            if app is None:
                return
            key_ring.forget()
            try:
                _close_connections(app)
            except Exception as error:  # the rest has to go all the more
                _log.error("a connection could not be closed: %s", type(error).__name__)
            app.extensions.pop("casework").keys = None
            app.secret_key = app.session_interface = None  # type: ignore[assignment]
            app = None
            gc.collect()
        self._after_lock()

    def watch(self) -> None:
        """Look once a second from now on, so that a process that nobody asks locks as well."""
        threading.Thread(target=self._watch, name="door", daemon=True).start()

    def look_after(self) -> None:
        """Lock when somebody locked it, use a new key, and clear up after a command that ended while it wrote one."""
        if self._app is not None:
            self.look()
            self._take_over_key(self._app)
        if self._app is not None:
            _clear_up_after_key(self._app)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            try:
                self.look_after()
            except Exception as error:  # a look that fails is no reason not to look again
                _log.error("the door could not be looked after: %s", type(error).__name__)

    def _take_over_key(self, app: Flask | None) -> None:
        """Use the new key when it was changed; lock where nobody handed it over, until its passphrase is typed."""
        gate = app.extensions["casework"].gate if app and "casework" in app.extensions else None
        if app is None or gate is None or gate.look() == gate.number:
            return
        try:
            _ask_for_connection(app)
        except key_file.NeedsPassphrase:
            self.lock()

    def _key_at_hand(self) -> bool:
        """Whether the key opens without a person: a bare key file, or a passphrase in a file."""
        try:
            if key_ring.has(self._settings.key_file):
                return True
            if self._settings.passphrase_file is None:
                return False
            key_ring.unlock(self._settings.key_file, key_file.read_passphrase(self._settings.passphrase_file))
        except (SettingsError, key_file.WrongPassphrase):
            return False
        return True

    def _open(self, *, to_lift: int | None = None) -> None:
        """Open, and lift this lock; where it was locked once more meanwhile, the next look locks this process again."""
        with self._turn:
            if self._app is not None:
                return
            app = self._make(self._settings)
            if to_lift is not None:
                # Imported here: while it is locked the program itself is not loaded.
                from casework.services.safety import locking

                with app.app_context():
                    locking.unlock(to_lift)
            self._app = app
        self._after_open(app)


def from_settings() -> Door:
    """The door of the instance that the settings name, for a server that asks for a WSGI application.

    Under gunicorn a process ends once it is locked, and with it what dropping cannot wipe from memory, and whatever was
    in hand; gunicorn puts a fresh one in its place.
    """

    def make(settings: Settings) -> Flask:
        from casework.app import create_app

        return create_app(settings)

    def end_process() -> None:
        threading.Timer(TIME_FOR_THE_ANSWER, lambda: os._exit(ENDED_BY_LOCK)).start()

    of_gunicorn = os.environ.get("SERVER_SOFTWARE", "").startswith("gunicorn/")
    door = Door(load_settings(), make, after_lock=end_process if of_gunicorn else lambda: None)
    door.watch()
    return door


# What follows imports here: while it is locked neither the program nor a database is loaded.
def _close_connections(app: Flask) -> None:
    from casework.storage.database import db

    with app.app_context():
        db.engine.dispose()


def _ask_for_connection(app: Flask) -> None:
    from casework.storage.database import db

    with app.app_context(), db.engine.connect():
        pass


def _clear_up_after_key(app: Flask) -> None:
    from casework.services.safety import key_changes

    with app.app_context():
        key_changes.clear_up()
