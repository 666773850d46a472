"""For whom the database is asked: which group, and which person's eyes. Unset means the machine itself: everything.

Set for each request from whoever is signed in, or from the case that a link leads to; see `models/seen.py` for what it
leaves out of every query.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace

FIRST_GROUP = 1  # the group that was there before there were several: it runs the machine
NOBODY = 0  # eyes that see nothing hidden: whoever has a link for the public


@dataclass(frozen=True)
class Asking:
    """Who asks. `group` is None for the machine itself; `eyes` the id of a person, NOBODY, or None for all-seeing.

    `sees_unasked` says whether this person's role sees what is hidden in a case unless its team said otherwise.
    """

    group: int | None = None
    eyes: int | None = None
    sees_unasked: bool = False


THE_MACHINE = Asking()
_asking: ContextVar[Asking] = ContextVar("casework_asking", default=THE_MACHINE)


def now_asking() -> Asking:
    """Who asks at this moment."""
    return _asking.get()


def group_now() -> int | None:
    """The group whose rows are seen; None where all are."""
    return _asking.get().group


def group_of_new_rows() -> int:
    """The group to which a new row belongs that says nothing else."""
    return _asking.get().group or FIRST_GROUP


def begin(asking: Asking) -> Token[Asking]:
    """Ask for this from now on. Give what comes back to `end`."""
    return _asking.set(replace(asking))  # a copy: `change` knows by it that something was begun


def end(token: Token[Asking]) -> None:
    """Ask as before."""
    _asking.reset(token)


def change(asking: Asking) -> None:
    """Ask for this until what `begin` began ends: it is known by now whose request it is. Else nothing changes."""
    if _asking.get() is not THE_MACHINE:
        _asking.set(asking)


@contextmanager
def asking_for(asking: Asking) -> Iterator[None]:
    """Ask for this for a while."""
    token = begin(asking)
    try:
        yield
    finally:
        end(token)


@contextmanager
def whole_case() -> Iterator[None]:
    """Count with everything that a case holds, hidden or not: a date must not hang on who looks."""
    with asking_for(replace(now_asking(), eyes=None)):
        yield


@contextmanager
def every_group() -> Iterator[None]:
    """Look over the whole machine: for what is the same for all, such as a name to sign in with."""
    with asking_for(THE_MACHINE):
        yield
