"""Carrying the papers from one place to another: sealed as they are, each read back and compared."""

from collections.abc import Callable
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


def carry(source: Store, target: Store, after_each: Callable[[], None] = lambda: None) -> Moved:
    """Copy every paper that is not in its new place yet. Begun again after a stop, it goes on where it was.

    Raises CaseworkError when a place cannot be reached, or gives back other bytes than it got.
    """
    carried = there = 0
    try:
        for name in sorted(source.names()):
            if _carry_one(source, target, name):
                carried += 1
            else:
                there += 1
            after_each()
    except OSError as error:
        raise CaseworkError(f"It stopped after {carried} papers: {error}. Run it again to go on.") from None
    return Moved(carried, there)


def take_away(source: Store, target: Store) -> int:
    """Take every paper out of its old place that lies whole in the new one; how many there were."""
    taken = 0
    for name in sorted(source.names()):
        if _is_there(target, name, source.read_sealed(name)):
            source.remove(name)
            taken += 1
    return taken


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
