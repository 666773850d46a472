"""Carrying the papers from one place to another: sealed as they are, each read back and compared.

Only those of the cases of this instance: others may keep theirs in the same bucket.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from casework.domain.errors import CaseworkError
from casework.storage import case_keys
from casework.storage.archive import Store
from casework.storage.database import db


@dataclass(frozen=True)
class Moved:
    """How many papers were carried over now, and how many were there already."""

    carried: int
    there: int


def ours_in(source: Store) -> list[str]:
    """The papers in this place that are of a case of this instance. Raises CaseworkError when it cannot be reached."""
    with _in_words("Nothing was done"):
        there = source.names()
    folders = case_keys.folders()
    return sorted(name for name in there if name.partition("/")[0] in folders)


def carry(source: Store, target: Store, after_each: Callable[[], None] = lambda: None) -> Moved:
    """Copy every paper that is not in its new place yet. Begun again after a stop, it goes on where it was.

    Raises CaseworkError when a place cannot be reached, or gives back other bytes than it got.
    """
    carried = there = 0
    for name in ours_in(source):
        with _in_words(f"It stopped after {carried} papers"):
            is_new = _carry_one(source, target, name)
        carried, there = carried + is_new, there + (not is_new)
        after_each()
    return Moved(carried, there)


def take_away(source: Store, target: Store) -> int:
    """Take every paper out of its old place that lies whole in the new one; how many there were.

    Raises CaseworkError when a place cannot be reached.
    """
    taken = 0
    for name in ours_in(source):
        with _in_words(f"It stopped after {taken} papers were taken away"):
            if _is_there(target, name, source.read_sealed(name)):
                source.remove(name)
                taken += 1
    return taken


@contextmanager
def _in_words(stopped: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CaseworkError(f"{stopped}: {error}. Run it again to go on.") from None


def _carry_one(source: Store, target: Store, name: str) -> bool:
    sealed = source.read_sealed(name)
    if _is_there(target, name, sealed):
        return False
    target.write_sealed(name, sealed)
    db.session.commit()
    if target.read_sealed(name) != sealed:
        raise CaseworkError(f"The paper {name} came back otherwise than it was sent. Look at that storage.")
    return True


def _is_there(target: Store, name: str, here: bytes) -> bool:
    """Whether it lies whole in its new place: as here, or such that it opens, whatever became of the one here.

    A name stands for one content, so that what opens under it is that paper.
    """
    if not target.has(name):
        return False
    there = target.read_sealed(name)
    return there == here or case_keys.opens(name, there)
