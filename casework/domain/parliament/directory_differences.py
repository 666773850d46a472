"""What is another in a newer directory than before, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.domain.dates import spoken
from casework.domain.parliament.directory import Member
from casework.domain.parliament.directory_changes import Sitting
from casework.domain.said import PARTS, in_a_row, names
from casework.domain.words import say


class About(StrEnum):
    """What a difference is about, in the order in which it matters."""

    MEMBER = "Who sits"
    VACANCY = "Empty seats"
    ELECTION = "Elections"
    PARTY = "Parties"
    POST = "Posts in government"
    NAME = "Names"
    OTHER_POST = "Other posts"
    COMMITTEE = "Select committees"
    CONTACT = "Contact details"
    INTEREST = "Interests"


CHANGES_HANDS = (About.MEMBER, About.VACANCY)
# What is told of one by one; of the rest a count is enough.
IN_FULL = (About.MEMBER, About.VACANCY, About.ELECTION, About.PARTY, About.POST, About.NAME)


@dataclass(frozen=True)
class Difference:
    """One thing that is another now, about one seat."""

    about: About
    gss_code: str
    words: str


def differences(
    before: Mapping[str, Sitting], after: Mapping[str, Sitting], names: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Everything that is another now, what matters most first, each seat by the name of its constituency."""
    order = list(About)
    found = [one for code in after for one in _of_seat(before[code], after[code], code, names[code])]
    return tuple(
        sorted(found, key=lambda one: (order.index(one.about), names[one.gss_code], one.gss_code, one.words))
    )


def _of_seat(before: Sitting, after: Sitting, code: str, name: str) -> Iterator[Difference]:
    old, new = before.terms[-1], after.terms[-1]
    for result in after.elections:
        if result not in before.elections:
            majority = "" if result.majority is None else f", by {result.majority:,} votes"
            won = f"{result.winner} ({result.winner_party}) won the {result.by} of {spoken(result.held_on)}"
            words = f"{name}: {won}{majority}."
            yield Difference(About.ELECTION, code, words)
    is_same = old.member.is_same_as(new.member)
    if new.until is not None:
        if old.until is None or not is_same:
            words = f"{name}: no MP since {spoken(new.until)}, after {new.member.name}."
            yield Difference(About.VACANCY, code, words)
        return
    if not is_same or old.until is not None:
        after_whom = f", after {old.member.name}" if not is_same else ", who sat here before"
        party = f" ({new.member.party})" if new.member.party else ""
        words = f"{name}: {new.member.name}{party} is the MP since {spoken(new.since)}{after_whom}."
        yield Difference(About.MEMBER, code, words)
        return
    for about, words in _of_member(old.member, new.member):
        yield Difference(about, code, f"{name}: {words}")


def _of_member(old: Member, new: Member) -> Iterator[tuple[About, str]]:
    if old.name != new.name:
        yield About.NAME, f"{old.name} is now called {new.name}."
    if old.party != new.party:
        yield (
            About.PARTY,
            f"{new.name} is now {new.party or 'of no party'}, not {old.party or 'of no party'}.",
        )
    for about, kinds in _COMPARED:
        gone, come = _texts(old, kinds), _texts(new, kinds)
        if gone != come:
            yield (
                about,
                say("{name}: {changes}.", name=new.name, changes=_gone_and_come(gone - come, come - gone)),
            )
    if _reached(old) != _reached(new):
        yield About.CONTACT, f"{new.name}."


_COMPARED = (
    (About.POST, ("government post",)),
    (About.OTHER_POST, ("opposition post", "other post")),
    (About.COMMITTEE, ("select committee",)),
    (About.INTEREST, ("political interest", "registered interest")),
)


def _texts(member: Member, kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(fact.text for kind in kinds for fact in member.facts_of(kind))


def _reached(member: Member) -> object:
    offices = {(one.kind, one.lines, one.postcode, one.phone, one.email) for one in member.offices}
    return member.email, offices, _texts(member, ("web page",))


def _gone_and_come(gone: frozenset[str], come: frozenset[str]) -> str:
    parts = []
    if come:
        parts.append(say("now {texts}", texts=names(sorted(come), PARTS)))
    if gone:
        parts.append(say("no longer {texts}", texts=names(sorted(gone), PARTS)))
    return in_a_row(parts)
