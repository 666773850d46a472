"""Where the papers lie: a folder of this machine, unless the settings name another place.

Whoever keeps a paper hands over sealed bytes and a name that tells nothing (`storage/case_keys.py`): no place of these
ever sees a key or a word. A paper is whole in its place before any row of the database speaks of it. A crash between
the two leaves sealed bytes that nothing points to, and never a row without its paper.
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from casework.storage.whole_files import write_whole

_NAME = re.compile(r"[0-9a-z]{1,64}/[0-9a-z]{1,64}")


class WrongPlace(OSError):
    """The settings name a place that is not there: of no paper can be told whether it is missing."""


class Store(Protocol):
    """A place for sealed papers, each under its name `folder/name`."""

    def names(self, folder: str = "") -> set[str]:
        """The name of every paper that is whole, or of those in this folder."""

    def sizes(self, folder: str = "") -> dict[str, int]:
        """The same names, and how many sealed bytes lie under each."""

    def has(self, name: str) -> bool:
        """Whether there is a whole paper under this name."""

    def read_sealed(self, name: str) -> bytes:
        """The sealed bytes under this name. Raises OSError where there are none, or they cannot be reached."""

    def write_sealed(self, name: str, sealed: bytes) -> None:
        """Keep these bytes under this name, whole or not at all. Raises OSError when that fails."""

    def remove(self, name: str) -> None:
        """Take the paper under this name away. One that is not there is no matter."""

    def remove_folder(self, folder: str) -> None:
        """Take every paper of this folder away."""


class FolderStore:
    """Papers as files in a folder of the instance."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, name: str) -> Path:
        """Where the paper lies. A name of another form may come out of a backup, and leads nowhere."""
        if not _NAME.fullmatch(name):
            raise ValueError("This is no name of a paper.")
        return self.folder / name

    def names(self, folder: str = "") -> set[str]:
        found = self.folder.glob(f"{folder or '*'}/*")
        return {f"{path.parent.name}/{path.name}" for path in found if not path.name.startswith(".")}

    def sizes(self, folder: str = "") -> dict[str, int]:
        found = {}
        for name in self.names(folder):
            with suppress(FileNotFoundError):  # somebody erased it meanwhile
                found[name] = (self.folder / name).stat().st_size
        return found

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def read_sealed(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def write_sealed(self, name: str, sealed: bytes) -> None:
        path = self._path(name)
        for folder in (self.folder, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        write_whole(path, sealed)

    def remove(self, name: str) -> None:
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def remove_folder(self, folder: str) -> None:
        for name in self.names(folder):
            self.remove(name)
