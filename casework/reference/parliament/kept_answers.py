"""Answers kept from before, so that what has not changed is not sent again. They are public and name no case."""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """One answer as it came, with what the server called this state of it, and when (seconds since 1970)."""

    address: str
    text: str
    etag: str
    last_modified: str
    at: float


class KeptAnswers:
    """A folder with a file for each answer. It may be thrown away at any time; one that cannot be written is none."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def find(self, address: str) -> Kept | None:
        """The answer that this address gave before, if it is kept whole."""
        if self.folder is None:
            return None
        try:
            told = json.loads(self._path(address).read_text("utf-8"))
            kept = Kept(**told)
            return kept if kept.address == address and isinstance(kept.text, str) else None
        except (OSError, ValueError, TypeError, RecursionError):
            return None

    def keep(self, address: str, text: str, etag: str, last_modified: str) -> None:
        """Keep an answer in place of the one before."""
        if self.folder is None:
            return
        path = self._path(address)
        half_done = path.with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            told = asdict(Kept(address, text, etag, last_modified, time.time()))
            half_done.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
            half_done.chmod(0o600)
            half_done.replace(path)

    def _path(self, address: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{sha256(address.encode()).hexdigest()[:32]}.json"
