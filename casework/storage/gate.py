"""The gate of the encrypted database: connections go through it, and a change of the key shuts it for some seconds.

Each connection that a request holds keeps the gate open, in whichever process. Whoever changes the key waits until none
does, and writes a new number on it; a connection from before that number is closed and made anew with the new key. So a
request waits and does not fail.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import InvalidatePoolError

from casework.domain.errors import SettingsError

NAME = ".gate"
CHANGING = ".changing-key"
WANTED = b"!"
ANOTHER = "another instance lies in the place of the one that was opened"
# How long whoever comes lets the change of the key go first, and how long that waits for those inside.
LETS_IT_GO_FIRST = 10.0
WAITS_FOR_OTHERS = 30.0
_LOOK_AGAIN = 0.02


class BeingChanged(SettingsError):
    """Another program changes the key at this moment."""


class Gate:
    """The gate of one instance, as one process sees it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._changing = folder / CHANGING
        self.number = self.look()
        self._open: set[Any] = set()
        self._folder = (0, 0)
        self._is_another = False

    def keep(self, connection: Any, inside: int) -> Any:
        """This new connection, known as one of this number and of the folder of this descriptor."""
        self._folder = _identity(inside)
        self._open.add(connection)
        return connection

    def refuse_another_folder(self, inside: int) -> None:
        """Raise OperationalError when the folder is not the one from which connections are open.

        Somebody put another instance, such as a backup that was brought back, in its place while this ran. What is
        saved by an open connection would go into the old one, and closing it takes away the log of the new one.
        """
        self._is_another = (bool(self._open) or self._is_another) and _identity(inside) != self._folder
        if self._is_another:
            raise sqlcipher.OperationalError(ANOTHER)

    def let_go(self, connection: Any) -> None:
        """Forget a connection that its pool closes."""
        self._open.discard(connection)

    def close_older(self) -> None:
        """Close the connections from before the number on the gate. Nobody holds one: they wait in their pool."""
        for connection in self._open:
            connection.close()
        self._open.clear()

    def look(self) -> int:
        """The number on the gate now."""
        with suppress(FileNotFoundError):
            return _number(self._path.read_bytes())
        return 0

    def enter(self) -> int:
        """A descriptor that keeps the gate open until it is closed; its number is `number_of` it."""
        until = time.monotonic() + LETS_IT_GO_FIRST
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            wanted = os.pread(descriptor, 32, 0).endswith(WANTED)
            if not wanted or time.monotonic() > until or not self._somebody_changes():
                return descriptor
            os.close(descriptor)
            time.sleep(_LOOK_AGAIN)

    def _somebody_changes(self) -> bool:
        """Whether whoever wanted the gate shut is still alive."""
        with suppress(BeingChanged), changing_alone(self._changing.parent):
            return False
        return True

    @contextmanager
    def shut(self) -> Iterator[Callable[[], None]]:
        """Nobody is inside while it lasts; calling what it gives writes the next number on it.

        Raises SettingsError when somebody stays inside too long; then the gate is as it was.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        number = _number(os.pread(descriptor, 32, 0))
        try:
            _write(descriptor, str(number).encode() + WANTED)
            until = time.monotonic() + WAITS_FOR_OTHERS
            while not _locked_alone(descriptor):
                if time.monotonic() > until:
                    raise SettingsError(
                        "The database was busy all the time. Nothing was changed: try again later."
                    )
                time.sleep(_LOOK_AGAIN)

            def next_number() -> None:
                nonlocal number
                number += 1
                _write(descriptor, str(number).encode() + WANTED)

            yield next_number
        finally:
            _write(descriptor, str(number).encode())
            os.close(descriptor)


@contextmanager
def changing_alone(folder: Path, name: str = CHANGING, *, wait: bool = False) -> Iterator[None]:
    """While it lasts no other program changes the key. Raises BeingChanged when one does already, unless it waits."""
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    except BlockingIOError:
        raise BeingChanged("The key is being changed at this moment by another program.") from None
    finally:
        os.close(descriptor)


def through_gate(gate: Gate, options: dict[str, Any], take_over: Callable[[], None]) -> dict[str, Any]:
    """Engine options with which each connection goes through the gate.

    `take_over` gets the new key, whenever the number has changed; the `creator` of the options then uses it.
    """
    connections = _Connections(gate, options["creator"], take_over)
    events = [
        (connections.connected, "connect"), (connections.checked_out, "checkout"),
        (connections.checked_in, "checkin"), (connections.closed, "close"),
    ]  # fmt: skip
    return {**options, "creator": connections.create, "pool_events": events}


class _Connections:
    """The connections of one engine: each is made inside the gate, and keeps it open while somebody holds it."""

    def __init__(self, gate: Gate, creator: Callable[[], Any], take_over: Callable[[], None]) -> None:
        self._gate, self._creator, self._take_over = gate, creator, take_over
        self._here, self._taking_over = threading.local(), threading.Lock()

    def create(self) -> Any:
        """A new connection, with the key of now."""
        inside = self._gate.enter()
        try:
            self._gate.refuse_another_folder(inside)
            self._here.number = number_of(inside)
            with self._taking_over:
                if self._here.number != self._gate.number:
                    self._gate.close_older()
                    self._take_over()
                    self._gate.number = self._here.number
            return self._gate.keep(self._creator(), inside)
        finally:
            os.close(inside)

    def connected(self, connection: Any, record: Any) -> None:
        """Note by which number it was made."""
        record.info["number"] = self._here.number

    def checked_out(self, connection: Any, record: Any, proxy: Any) -> None:
        """Keep the gate open for whoever takes it; one from before a change of the key is made anew."""
        inside = self._gate.enter()
        try:
            self._gate.refuse_another_folder(inside)
        except sqlcipher.OperationalError:
            os.close(inside)
            raise
        if record.info.get("number") != number_of(inside):
            os.close(inside)
            raise InvalidatePoolError
        record.info["inside"] = inside

    def checked_in(self, connection: Any, record: Any) -> None:
        """Let go of the gate with it."""
        inside = record.info.pop("inside", None)
        if inside is not None:
            os.close(inside)

    def closed(self, connection: Any, record: Any) -> None:
        """Forget it."""
        self._gate.let_go(connection)


def number_of(descriptor: int) -> int:
    """The number on the gate that this descriptor keeps open."""
    return _number(os.pread(descriptor, 32, 0))


def _identity(descriptor: int) -> tuple[int, int]:
    """Which file this is, whatever it is called now."""
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino


def _number(text: bytes) -> int:
    return int(text.rstrip(WANTED) or b"0")


def _write(descriptor: int, text: bytes) -> None:
    os.pwrite(descriptor, text, 0)
    os.ftruncate(descriptor, len(text))
    os.fsync(descriptor)


def _locked_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
