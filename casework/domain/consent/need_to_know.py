"""What of a case is hidden from some of its team, and who sees it unless somebody says otherwise."""

from collections.abc import Iterable
from enum import StrEnum

from casework.domain.safety.accounts import Action, Role, may


class Hidden(StrEnum):
    """Why a thing is kept from those who need not know it."""

    ADDRESS = "address"
    HEALTH = "health"
    OFFENCE = "offence"

    @property
    def words(self) -> str:
        """What a form calls it."""
        return _WORDS[self]


_WORDS = {
    Hidden.ADDRESS: "Where somebody is, or how to find them",
    Hidden.HEALTH: "Health",
    Hidden.OFFENCE: "An offence, or a claim of one",
}
NOT_HIDDEN = "Everybody on the case"


def sees_unasked(role: Role) -> bool:
    """Whether this role sees every hidden thing of its cases unless the team says otherwise."""
    return may(role, Action.EDIT_CASE)


def kinds_seen(sees: str | None, role: Role) -> frozenset[Hidden]:
    """Which hidden things somebody on a team sees; `sees` is what the team said, None where it said nothing."""
    if sees is None:
        return frozenset(Hidden) if sees_unasked(role) else frozenset()
    return frozenset(Hidden(kind) for kind in sees.split(",") if kind)


def as_kept(kinds: Iterable[Hidden], role: Role) -> str | None:
    """How it is kept which hidden things somebody sees; None where that is what their role sees anyway."""
    wanted = frozenset(kinds)
    return None if wanted == kinds_seen(None, role) else ",".join(sorted(wanted))
