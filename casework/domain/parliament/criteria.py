"""What two models of choosing MPs look for, each answered as a fact: met, not met or not known, and why.

The models are those of campaigners: Hope for the Future (how open an MP may be to the people of the place) and Power
Postcodes (who has a minister's ear). No answer is added to another, and no member stands above another for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from casework.domain.parliament.directory import Fact, Member, Seat, how_first_elected
from casework.domain.said import count, of_ours, on_day
from casework.domain.words import say

NEWLY_SINCE = date(2024, 7, 4)
"""The general election of 4 July 2024. The model's own years were 2017 and 2019, the newest when it was written."""
POST = "government post"

SMALL_MAJORITY = 2_500  # votes; our own line for "a small majority", and no more than a way to find them


class Criterion(StrEnum):
    """One thing that a model looks for."""

    SMALL_MAJORITY = "small-majority"
    NEWLY_ELECTED = "newly-elected"
    PRIVATE_SECRETARY = "private-secretary"
    COMMITTEE = "select-committee"
    MINISTER = "minister"
    RISING_STAR = "rising-star"

    @property
    def words(self) -> str:
        """What it asks, in a few words."""
        return _WORDS[self]

    @property
    def why(self) -> str:
        """Why its model looks for it."""
        return _WHY[self]


_WORDS = {
    Criterion.SMALL_MAJORITY: f"Won by few votes (fewer than {SMALL_MAJORITY:,})",
    Criterion.NEWLY_ELECTED: "New in Parliament (first elected on 4 July 2024 or since)",
    Criterion.PRIVATE_SECRETARY: "Parliamentary private secretary",
    Criterion.COMMITTEE: "On a select committee",
    Criterion.MINISTER: "In the government (minister or whip)",
    Criterion.RISING_STAR: "Named as a rising star",
}
_WHY = {
    Criterion.SMALL_MAJORITY: "Each constituent counts for more. The line is our own; the model names none.",
    Criterion.NEWLY_ELECTED: "Fewer fixed positions, and perhaps many years to come.",
    Criterion.PRIVATE_SECRETARY: "Works beside a minister every day, and can speak to them.",
    Criterion.COMMITTEE: "Asks ministers questions that they have to answer.",
    Criterion.MINISTER: "Cannot speak in public against the government, but can speak within it.",
    Criterion.RISING_STAR: "May decide more in years to come. It is a judgement, so it needs its source.",
}
MODELS = {
    "Hope for the Future": (
        Criterion.SMALL_MAJORITY,
        Criterion.NEWLY_ELECTED,
        Criterion.PRIVATE_SECRETARY,
        Criterion.COMMITTEE,
    ),
    "Power Postcodes": (Criterion.MINISTER, Criterion.RISING_STAR),
}


# What ends with a government, so that a word from before the newest Prime Minister settles nothing.
_OF_A_GOVERNMENT = frozenset({Criterion.MINISTER, Criterion.PRIVATE_SECRETARY})


class Answer(StrEnum):
    """Whether a criterion is met, as far as anybody knows."""

    MET = "met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Typed:
    """What the group typed of a member that answers a criterion, with its source. `is_over`: not so, or no longer."""

    criterion: Criterion
    text: str
    source: str
    dated: date
    is_over: bool = False
    link: str = ""


@dataclass(frozen=True)
class Lists:
    """What the directory has lists of, so that a name that is missing there says something.

    `changed_on` is the day of the newest Prime Minister: an older list of posts says nothing of today.
    """

    posts_as_of: date | None = None
    changed_on: date | None = None
    also: frozenset[Criterion] = field(default_factory=frozenset)

    @property
    def posts_hold(self) -> bool:
        """Whether the list of posts is newer than the newest Prime Minister."""
        return self.posts_as_of is not None and (
            self.changed_on is None or self.posts_as_of >= self.changed_on
        )


@dataclass(frozen=True)
class Finding:
    """One criterion, its answer, and what that rests on. `once`: it was so by an older list, and may be still."""

    criterion: Criterion
    answer: Answer
    reason: str
    source: str = ""
    when: str = ""
    link: str = ""
    once: bool = False


def findings(seat: Seat, typed: Iterable[Typed], lists: Lists) -> tuple[Finding, ...]:
    """Every criterion of both models for whoever sits here; nothing for an empty seat."""
    if seat.member is None:
        return ()
    told = list(typed)
    return tuple(finding(criterion, seat, told, lists) for criterion in Criterion)


def finding(criterion: Criterion, seat: Seat, typed: Iterable[Typed], lists: Lists) -> Finding:
    """This criterion for whoever sits here: what the group typed last, unless the directory knows of a later day."""
    assert seat.member
    listed = _ASKED[criterion](seat, seat.member, lists)
    own = max((one for one in typed if one.criterion is criterion), key=lambda one: one.dated, default=None)
    if own is None or (listed.answer is not Answer.NOT_KNOWN and _newest(criterion, seat.member) > own.dated):
        return listed
    found = Finding(
        criterion,
        Answer.NOT_MET if own.is_over else Answer.MET,
        say("{text} (typed by the group)", text=own.text),
        own.source,
        on_day(own.dated),
        own.link,
    )
    if criterion in _OF_A_GOVERNMENT and lists.changed_on and own.dated < lists.changed_on:
        since = say(
            "A new Prime Minister was appointed on {day}, so it may no longer be so.",
            day=on_day(lists.changed_on),
        )
        reason = f"{found.reason}. {since}"
        return replace(found, answer=Answer.NOT_KNOWN, reason=reason, once=not own.is_over)
    return found


def is_private_secretary(fact: Fact) -> bool:
    """Whether a fact names somebody as a parliamentary private secretary, who is no minister."""
    return "parliamentary private secretary" in f"{fact.kind} {fact.text}".casefold()


def is_committee(fact: Fact) -> bool:
    """Whether a fact is about a committee of the House."""
    return "committee" in fact.kind.casefold()


def is_post(fact: Fact) -> bool:
    """Whether a fact names a post in the government."""
    return fact.kind == POST and not is_private_secretary(fact)


def small_majority(seat: Seat, member: Member, lists: Lists) -> Finding:
    """Whether the last election here, general or by-election, was won by few votes."""
    won = seat.constituency.last_election
    if won.majority is None:
        return Finding(
            Criterion.SMALL_MAJORITY, Answer.NOT_KNOWN, "The votes of the last election are not known."
        )
    votes = {"election": of_ours(won.by), "votes": count(won.majority, "vote")}
    return Finding(
        Criterion.SMALL_MAJORITY,
        Answer.MET if won.majority < SMALL_MAJORITY else Answer.NOT_MET,
        say("The {election} was won by {votes}.", **votes)
        if won.majority_pct is None
        else say(
            "The {election} was won by {votes} ({share} per cent).", **votes, share=f"{won.majority_pct:.1f}"
        ),
        won.source,
        on_day(won.held_on),
    )


def newly_elected(seat: Seat, member: Member, lists: Lists) -> Finding:
    """Whether the member first came to the House at the general election of 2024 or since."""
    day = how_first_elected(member)[0]
    if day is None:
        before = next((fact for fact in member.facts if fact.kind == "first elected"), None)
        if before:
            return Finding(
                Criterion.NEWLY_ELECTED, Answer.NOT_MET, before.text, before.source, on_day(member.as_of)
            )
        return Finding(
            Criterion.NEWLY_ELECTED, Answer.NOT_KNOWN, "The day of the first election is not known."
        )
    return Finding(
        Criterion.NEWLY_ELECTED,
        Answer.MET if day >= NEWLY_SINCE else Answer.NOT_MET,
        say("First elected on {day}.", day=on_day(day)),
        member.source,
        on_day(member.as_of),
    )


def private_secretary(seat: Seat, member: Member, lists: Lists) -> Finding:
    """Whether a list names the member as a parliamentary private secretary."""
    found = [fact for fact in member.facts if is_private_secretary(fact)]
    return _named(Criterion.PRIVATE_SECRETARY, found, lists, "No list of private secretaries is here.")


def on_committee(seat: Seat, member: Member, lists: Lists) -> Finding:
    """Whether a list names the member on a select committee."""
    found = [fact for fact in member.facts if is_committee(fact)]
    return _named(Criterion.COMMITTEE, found, lists, "No list of select committees is here.")


def minister(seat: Seat, member: Member, lists: Lists) -> Finding:
    """Whether the member is in the government. A list from before the newest Prime Minister settles nothing."""
    posts = [fact for fact in member.facts if is_post(fact)]
    now = [fact for fact in posts if not lists.changed_on or fact.dated >= lists.changed_on.isoformat()]
    if now:
        return _met(Criterion.MINISTER, now)
    if posts:
        last = max(posts, key=lambda fact: fact.dated)
        return Finding(
            Criterion.MINISTER,
            Answer.NOT_KNOWN,
            f"{last.text}. {last.warning}" if last.warning else f"{last.text} on {last.when}.",
            last.source,
            last.when,
            once=True,
        )
    if lists.posts_as_of and lists.posts_hold:
        return Finding(
            Criterion.MINISTER,
            Answer.NOT_MET,
            "Not named in the list of posts.",
            when=on_day(lists.posts_as_of),
        )
    if lists.posts_as_of and lists.changed_on:
        return Finding(
            Criterion.MINISTER,
            Answer.NOT_KNOWN,
            say(
                "Not named in the list of {day}, and a new Prime Minister was appointed on {changed_on}.",
                day=on_day(lists.posts_as_of),
                changed_on=on_day(lists.changed_on),
            ),
            when=on_day(lists.posts_as_of),
        )
    return Finding(Criterion.MINISTER, Answer.NOT_KNOWN, "No list of posts is here.")


def rising_star(seat: Seat, member: Member, lists: Lists) -> Finding:
    """Nothing that a directory knows: it is for the group to say who said so."""
    return Finding(
        Criterion.RISING_STAR, Answer.NOT_KNOWN, "No list says so. Type it with its source, if somebody did."
    )


def _named(criterion: Criterion, found: list[Fact], lists: Lists, without: str) -> Finding:
    if found:
        return _met(criterion, found)
    if criterion in lists.also:
        return Finding(criterion, Answer.NOT_MET, "Not named in the lists of the directory.")
    return Finding(
        criterion, Answer.NOT_KNOWN, say("{nothing} Look on UK Parliament’s page.", nothing=of_ours(without))
    )


def _met(criterion: Criterion, found: list[Fact]) -> Finding:
    """Met, by these facts; each is named, and the newest gives the source and the day."""
    newest = max(found, key=lambda fact: fact.dated)
    named = "; ".join(dict.fromkeys(fact.text.rstrip(".") for fact in found))
    return Finding(criterion, Answer.MET, f"{named}. {newest.warning}".strip(), newest.source, newest.when)


def _newest(criterion: Criterion, member: Member) -> date:
    """The newest day that the directory knows for what answers this criterion."""
    facts: list[Fact] = {
        Criterion.PRIVATE_SECRETARY: [fact for fact in member.facts if is_private_secretary(fact)],
        Criterion.COMMITTEE: [fact for fact in member.facts if is_committee(fact)],
        Criterion.MINISTER: [fact for fact in member.facts if is_post(fact)],
    }.get(criterion, [])
    days = [date.fromisoformat(fact.dated) for fact in facts if len(fact.dated) == len("2026-07-20")]
    return max(days, default=member.as_of)


_ASKED = {
    Criterion.SMALL_MAJORITY: small_majority,
    Criterion.NEWLY_ELECTED: newly_elected,
    Criterion.PRIVATE_SECRETARY: private_secretary,
    Criterion.COMMITTEE: on_committee,
    Criterion.MINISTER: minister,
    Criterion.RISING_STAR: rising_star,
}
