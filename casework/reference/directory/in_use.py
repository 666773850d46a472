"""The directory in use: the compiled tables, and over them the update that the instance points to."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from casework.reference.directory.reader import Directory, directory
from casework.reference.directory.records import DATA_DIR, DamagedDirectory
from casework.reference.directory.updates import (
    DAMAGED,
    FOLDER,
    POINTER,
    Pointer,
    Update,
    read_pointer,
    read_update,
)

_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class _Read:
    """What was read, and of which state of the file that names it. `wrong`: why it is not what that file names."""

    pointer: str
    stamp: _Stamp
    directory: Directory
    wrong: str = ""


_read: dict[tuple[Path, Path], _Read] = {}
_one_at_a_time = threading.Lock()


def directory_in_use(instance: Path, data_dir: Path | None = None) -> Directory:
    """The directory as it is now. It is looked for anew each time, so that a running server sees an update.

    An update that cannot be read leaves the tables as they were compiled: `trouble` says so.
    """
    return _now(instance, data_dir or DATA_DIR).directory


def trouble(instance: Path, data_dir: Path | None = None) -> str:
    """Why the update that the instance points to is not used, in a sentence; empty where all is well."""
    return _now(instance, data_dir or DATA_DIR).wrong


def _now(instance: Path, data_dir: Path) -> _Read:
    found = _read.get((instance, data_dir))
    pointer = found.pointer if found else str(instance / FOLDER / POINTER)
    stamp = _stamp(pointer)
    if found and found.stamp == stamp:
        return found
    with _one_at_a_time:
        found = _read[instance, data_dir] = _open(pointer, stamp, data_dir)
    return found


def _stamp(pointer: str) -> _Stamp:
    try:
        told = os.stat(pointer)  # a page asks this a thousand times
    except OSError:
        return None
    return told.st_mtime_ns, told.st_ino, told.st_size


def _open(pointer: str, stamp: _Stamp, data_dir: Path) -> _Read:
    compiled = directory(data_dir)
    if stamp is None:
        return _Read(pointer, stamp, compiled)
    try:
        update = update_pointed_to(Path(pointer).parent)
    except DamagedDirectory as error:
        return _Read(pointer, stamp, compiled, error.message)
    return _Read(pointer, stamp, compiled.with_update(update) if update else compiled)


def update_pointed_to(folder: Path) -> Update | None:
    """The update in use; None for the compiled tables alone. Raises DamagedDirectory when it cannot be read."""
    pointer = pointed_to(folder)
    return read_kept(folder, pointer.name, pointer) if pointer and pointer.name else None


def pointed_to(folder: Path) -> Pointer | None:
    """What the pointer says; None where there is none. Raises DamagedDirectory when it cannot be read."""
    try:
        return read_pointer((folder / POINTER).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedDirectory(DAMAGED) from error


def read_kept(folder: Path, name: str, pointer: Pointer | None = None) -> Update:
    """One of the updates that lie in the folder. Raises DamagedDirectory when it cannot be read."""
    try:
        content = (folder / f"{name}.json").read_bytes()
    except OSError as error:
        raise DamagedDirectory(DAMAGED) from error
    return read_update(content, pointer)
