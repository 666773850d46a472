"""That an MP changed: who sat before, who sits now, since when, and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework.domain.dates import spoken
from casework.domain.parliament.directory import Constituency, Member, Term, bare_name

NOTICED_FOR = timedelta(days=180)


@dataclass(frozen=True)
class NewMember:
    """That somebody else sits for a place than before, or nobody: from when, who before and who now."""

    constituency: Constituency
    on: date
    before: Member
    after: Member | None
    note: str

    @property
    def words(self) -> str:
        """What changed, and from when: "The MP for York changed on 5 March 2026: Eve Newly after Ben Sample."."""
        place, day = self.constituency.name, spoken(self.on)
        if self.after is None:
            return f"The MP for {place} left by {day}: {self.before.name}. Nobody sits there now."
        return f"The MP for {place} changed on {day}: {self.after.name} after {self.before.name}."

    @property
    def to_do(self) -> str:
        """What to do, in sentences. They are practice and no rule."""
        if self.after is None:
            return f"Nothing goes to {self.before.name} any more. Keep drafts until somebody is elected."
        return (
            f"Write to {self.after.name} from the start: do not expect that what {self.before.name} was sent was "
            f"handed on. Look through drafts and papers for {self.before.name}, a form of authority too, and ask "
            "the new office what it needs."
        )


def new_member(
    constituency: Constituency, terms: tuple[Term, ...], since: date, today: date
) -> NewMember | None:
    """The last change of who sits here, where it came, or was first heard of, on this day or later; else None.

    A member who was elected again is no change.
    """
    begun = [term for term in terms if term.since <= today]
    if not begun:
        return None
    last = begun[-1]
    if last.until is not None and last.until <= today:
        found = NewMember(constituency, last.until, last.member, None, last.note)
    else:
        others = [term.member for term in begun[:-1] if not term.member.is_same_as(last.member)]
        if not others or begun[-2].member.is_same_as(last.member):
            return None
        found = NewMember(constituency, last.since, others[-1], last.member, "")
    heard = max(found.on, last.learnt_on or found.on)
    return found if since <= heard else None


def new_members(
    seats: Iterable[tuple[Constituency, tuple[Term, ...]]], since: date, today: date
) -> tuple[NewMember, ...]:
    """The same for many seats; what was heard of half a year ago or more is left out."""
    first = max(since, today - NOTICED_FOR)
    found = (new_member(constituency, terms, first, today) for constituency, terms in seats)
    return tuple(one for one in found if one)


def was_with_another(terms: Sequence[Term], name: str, day: date | None, today: date) -> bool:
    """Whether what was sent, said or drafted under this name on this day was for somebody who sat here before.

    The name tells it where it is one of those who sat here; else the day does.
    """
    begun = [term for term in terms if term.since <= today]
    if not begun:
        return False
    sits = begun[-1].member
    others = [term for term in begun if not term.member.is_same_as(sits)]
    if not others or bare_name(name) == bare_name(sits.name):
        return False
    if bare_name(name) in {bare_name(term.member.name) for term in others}:
        return True
    first = min(term.since for term in begun if term.since > others[-1].since)
    return day is not None and day < first
