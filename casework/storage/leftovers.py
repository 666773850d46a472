"""What a program leaves behind that is killed while it writes a copy of anything, and how it is taken away.

Whoever writes such a copy holds the lock of a note in the instance folder as long as it is at work: `.scratch-x.lock`
stands for the folder `.scratch-x` beside it, or names the file that is being written elsewhere. What nobody holds any
more was left behind.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from casework import clock
from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage.gate import changing_alone

SCRATCH, LOCK = ".scratch-", ".lock"
HALF = ".casework-"
_OF_A_DATABASE = ("", "-journal", "-wal", "-shm")


@dataclass(frozen=True)
class Left:
    """Something that was left behind, where it lies, when it was begun, and the note that speaks of it."""

    path: Path
    made_at: datetime
    note: Path | None = None


@contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """A folder for encrypted files alone, gone at the end. What killed programs left behind is swept away first."""
    sweep(beside)
    with _held(beside) as lock:
        folder = lock.with_suffix("")
        folder.mkdir(mode=0o700)
        yield folder


@contextmanager
def noted(path: Path, beside: Path) -> Iterator[None]:
    """Note that this file is being written, wherever it lies, until it has its name or is taken away again."""
    with _held(beside) as lock:
        lock.write_text(str(path.absolute()), encoding="utf-8")
        yield


@contextmanager
def _held(beside: Path) -> Iterator[Path]:
    """A note of ours whose lock is held until the end. What it stands for goes then, and the note goes with it."""
    while True:
        descriptor, name = mkstemp(prefix=SCRATCH, suffix=LOCK, dir=beside)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if Path(name).exists():
            break
        os.close(descriptor)  # somebody swept it away before it was held
    try:
        yield Path(name)
    finally:
        if _take_away(Path(name)):
            Path(name).unlink(missing_ok=True)
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Take away what was left behind of this instance and can be reached; what somebody is at work in stays."""
    for lock in folder.glob(f"{SCRATCH}*{LOCK}"):
        with _nobody_holds(lock) as is_left:
            if is_left and _take_away(lock):
                lock.unlink(missing_ok=True)
    for path in _without_note(folder):
        shutil.rmtree(path, ignore_errors=True)
    with suppress(SettingsError, OSError):
        _take_away_next_database(folder)


def _take_away(lock: Path) -> bool:
    """Whether what this note stands for is gone now."""
    shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
    path = _named_in(lock)
    if path is not None:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return not lock.with_suffix("").exists() and (path is None or _is_gone(path, lock.parent))


def _is_gone(path: Path, folder: Path) -> bool:
    # A stick that is not in the machine now may hold it still.
    return not path.exists() and (path.parent.exists() or path.is_relative_to(folder.absolute()))


def _named_in(lock: Path) -> Path | None:
    """The file of which this note speaks. One of another name is none that was begun here."""
    try:
        text = lock.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return Path(text) if text and Path(text).name.startswith(HALF) else None


def _without_note(folder: Path) -> list[Path]:
    """Scratch folders whose note is gone already. A note is there before its folder, and goes after it."""
    found = [path for path in folder.glob(f"{SCRATCH}*") if path.is_dir()]
    return [path for path in found if not path.with_name(path.name + LOCK).exists()]


def _take_away_next_database(folder: Path) -> None:
    """Take away the copy that a change of the key did not put into its place.

    Raises SettingsError while the key is being changed. The database in its place is always the one that counts; which
    key opens it, the next start sees to.
    """
    left = _next_database(folder)
    if left:
        with changing_alone(folder):
            for path in left:
                path.unlink(missing_ok=True)


def _next_database(folder: Path) -> list[Path]:
    return [path for end in _OF_A_DATABASE if (path := folder / f"casework.db.next{end}").exists()]


def left(folder: Path) -> list[Left]:
    """What lies there and was left behind: before a sweep all of it, and after one what cannot be reached."""
    found = []
    for lock in sorted(folder.glob(f"{SCRATCH}*{LOCK}")):
        with _nobody_holds(lock) as is_left:
            if is_left and (path := _named_in(lock)) is not None and not _is_gone(path, folder):
                found.append(Left(path, _begun(lock), lock))
            if is_left and lock.with_suffix("").exists():
                found.append(Left(lock.with_suffix(""), _begun(lock)))
    found += [Left(path, _begun(path)) for path in _without_note(folder)]
    with suppress(SettingsError, OSError):
        if paths := _next_database(folder):
            with changing_alone(folder):
                found += [Left(path, _begun(path)) for path in paths if path.exists()]
    return found


def moved_database(settings: Settings) -> Left | None:
    """The file that stayed where all its rows went on to PostgreSQL: it holds what is erased there later."""
    path = settings.instance / "casework.db"
    return Left(path, _begun(path)) if settings.database and path.exists() else None


@contextmanager
def _nobody_holds(lock: Path) -> Iterator[bool]:
    """Whether nobody is at work in what this note stands for; if so nobody begins while it lasts."""
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except OSError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


def _begun(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, clock.now().tzinfo)
    except OSError:
        return clock.now()
