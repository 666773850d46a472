"""Issued PDFs and scans: encrypted, named by the SHA-256 of their contents, never changed.

A file is whole on the disk before any row of the database speaks of it. A crash between the two leaves an
encrypted file that nothing points to, and never a row without its file.
"""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from casework.domain.errors import CaseworkError
from casework.storage.encryption import seal, unseal


class Archive:
    """The folder of encrypted papers of one instance."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def put(self, content: bytes) -> str:
        """Keep these bytes and return their name: the SHA-256 in hex. Keeping the same bytes twice is one file."""
        name = sha256(content).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        for folder in (self.folder, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        sealed = seal(self._key, content, name.encode())
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name

    def get(self, name: str) -> bytes:
        """The bytes kept under this name, checked against it.

        Raises CaseworkError when the file is missing or damaged.
        """
        try:
            content = unseal(self._key, self._path(name).read_bytes(), name.encode())
        except (OSError, ValueError):
            raise CaseworkError(
                "This paper is missing from the archive or damaged. Bring the instance folder back from a back-up."
            ) from None
        return content

    def remove(self, name: str) -> None:
        """Take away a paper that nobody may keep any more. One that is not there is no matter."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """The name of every paper that is whole in the archive."""
        return {path.name for path in self.folder.glob("??/*") if not path.name.startswith(".")}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
