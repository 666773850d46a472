"""The directory in use: the compiled tables, and over them the update that the instance points to."""

import threading
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
_read: dict[tuple[Path, Path], tuple[_Stamp, Directory, str]] = {}
_one_at_a_time = threading.Lock()


def directory_in_use(instance: Path, data_dir: Path | None = None) -> Directory:
    """The directory as it is now. It is looked for anew each time, so that a running server sees an update.

    An update that cannot be read leaves the tables as they were compiled: `trouble` says so.
    """
    return _now(instance, data_dir or DATA_DIR)[1]


def trouble(instance: Path, data_dir: Path | None = None) -> str:
    """Why the update that the instance points to is not used, in a sentence; empty where all is well."""
    return _now(instance, data_dir or DATA_DIR)[2]


def _now(instance: Path, data_dir: Path) -> tuple[_Stamp, Directory, str]:
    pointer = instance / FOLDER / POINTER
    stamp = _stamp(pointer)
    found = _read.get((instance, data_dir))
    if found and found[0] == stamp:
        return found
    with _one_at_a_time:
        found = _open(pointer, stamp, data_dir)
        _read[instance, data_dir] = found
    return found


def _stamp(pointer: Path) -> _Stamp:
    try:
        told = pointer.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_ino, told.st_size


def _open(pointer: Path, stamp: _Stamp, data_dir: Path) -> tuple[_Stamp, Directory, str]:
    compiled = directory(data_dir)
    if stamp is None:
        return stamp, compiled, ""
    try:
        update = update_pointed_to(pointer.parent)
    except DamagedDirectory as error:
        return stamp, compiled, error.message
    return stamp, compiled.with_update(update) if update else compiled, ""


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
