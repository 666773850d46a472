"""The papers of a case: issued letters, packs and scans, kept encrypted and read back whole."""

from casework.storage.instance import current_instance
from casework.storage.models import Case


def keep(case: Case, content: bytes) -> str:
    """The name, a SHA-256 in hex, under which these bytes are now kept for this case."""
    return current_instance().archive.put(content)


def read(case: Case, name: str) -> bytes:
    """The bytes kept for this case under this name. Raises CaseworkError when they are missing or damaged."""
    return current_instance().archive.get(name)


def remove(case: Case, name: str) -> None:
    """Take away one paper of this case that nobody may keep any more. One that is not there is no matter."""
    current_instance().archive.remove(name)
