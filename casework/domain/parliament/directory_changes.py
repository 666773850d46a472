"""What answers of UK Parliament change in who sits where: values in, values out.

The order in which seats were answered makes no difference, and the same answers twice make what they made once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from casework.domain.dates import spoken
from casework.domain.parliament.directory import PUBLISHED, Member, Result, Term, bare_name
from casework.domain.parliament.directory_answers import Answers, Left, MemberSaid, Poll, SeatSaid

# Facts of these kinds are Parliament's to say: a whole answer takes the place of all that was known before.
SAID_BY_PARLIAMENT = frozenset(
    {
        "government post",
        "opposition post",
        "other post",
        "select committee",
        "political interest",
        "registered interest",
        "web page",
    }
)
NOT_KNOWN_WHEN = "The day on which the last member left is not known."


@dataclass(frozen=True)
class Sitting:
    """The terms and the elections of one seat, oldest first."""

    terms: tuple[Term, ...]
    elections: tuple[Result, ...]


def settle(before: Mapping[str, Sitting], answers: Answers) -> dict[str, Sitting]:
    """Who sits where once these answers are taken in. Seats of which nothing was said stay as they are."""
    said = {one.gss_code: one for one in answers.seats}
    return {
        code: settle_seat(sitting, said[code], answers) if code in said else sitting
        for code, sitting in before.items()
    }


def settle_seat(before: Sitting, said: SeatSaid, answers: Answers) -> Sitting:
    """The same for one seat."""
    said = _by_now(said, answers.read_on)
    polls = sorted(said.polls, key=lambda poll: (poll.result.held_on, poll.result.winner))
    terms = list(before.terms)
    for poll in polls:
        if poll.result.held_on > terms[-1].since:
            _close(terms, poll.result.held_on, said.left, answers.read_on)
            terms.append(_term_of(poll, said.member, answers))
    if said.member is None:
        _empty(terms, said.left, answers.read_on)
    else:
        _seat(terms, said.member, said.left, answers)
    return Sitting(tuple(terms), _elections(before.elections, polls))


def _by_now(said: SeatSaid, read_on: date) -> SeatSaid:
    """What was said, without days that have not come yet."""
    member = said.member
    if member and member.since and member.since > read_on:
        member = replace(member, since=None)
    polls = frozenset(poll for poll in said.polls if poll.result.held_on <= read_on)
    return SeatSaid(
        said.gss_code, member, said.left if said.left and said.left.on <= read_on else None, polls
    )


def _elections(before: tuple[Result, ...], polls: Iterable[Poll]) -> tuple[Result, ...]:
    """The elections with those that are new; one that was known from a lesser source is as Parliament publishes it."""
    by_day = {result.held_on: result for result in before}
    for poll in polls:
        known = by_day.get(poll.result.held_on)
        if known is None or known.certainty != PUBLISHED:
            by_day[poll.result.held_on] = poll.result
    return tuple(by_day[day] for day in sorted(by_day))


def _term_of(poll: Poll, sitting: MemberSaid | None, answers: Answers) -> Term:
    """The term that a poll began: of whoever sits now, or of somebody who has left again."""
    result = poll.result
    if sitting and _won(poll, sitting):
        member = _as_member(sitting, None, answers)
    else:
        member = Member(
            name=result.winner, address_as="", given_name="", family_name="", party=result.winner_party,
            party_note="as elected", email="", member_id=poll.winner_id, twfy_id=None, first_elected="",
            source=result.source, as_of=result.held_on,
        )  # fmt: skip
    return Term(member, result.held_on, result.by, learnt_on=answers.read_on)


def _won(poll: Poll, said: MemberSaid) -> bool:
    if poll.winner_id:
        return poll.winner_id == said.member_id
    return poll.result.held_on == said.since or bare_name(poll.result.winner) == bare_name(said.name)


def _close(terms: list[Term], by: date, left: Left | None, read_on: date) -> None:
    """End the last term no later than this day: when its member left, where that was answered."""
    last = terms[-1]
    if last.until is not None and last.until <= by:
        return
    day, note = by, NOT_KNOWN_WHEN
    if left and left.member_id == last.member.member_id and last.since < left.on <= by:
        day, note = left.on, _left_in_words(left)
    terms[-1] = replace(last, until=max(day, last.since), note=note, learnt_on=read_on)


def _empty(terms: list[Term], left: Left | None, read_on: date) -> None:
    """The seat is vacant: end the last term, unless it is known to have ended."""
    last = terms[-1]
    if last.until is not None:
        return
    if left and left.member_id == last.member.member_id and last.since < left.on <= read_on:
        day, note = left.on, _left_in_words(left)
    else:
        day = max(read_on, last.since + timedelta(days=1))
        note = (
            f"Parliament's list showed the seat as vacant on {spoken(read_on)}; the exact day may be earlier."
        )
    terms[-1] = replace(last, until=day, note=note, learnt_on=read_on)


def _left_in_words(left: Left) -> str:
    why = f" ({left.reason})" if left.reason else ""
    return f"The member left on {spoken(left.on)}, as UK Parliament lists it{why}."


def _seat(terms: list[Term], said: MemberSaid, left: Left | None, answers: Answers) -> None:
    """Somebody sits: who sat before, with newer details, or somebody else."""
    last = terms[-1]
    member = _as_member(said, last.member, answers)
    if _is_same(last, said):
        if last.until is not None:  # the seat was not vacant after all, or is theirs again
            if said.since and said.since >= last.until:
                terms.append(Term(member, said.since, "by-election", learnt_on=answers.read_on))
                return
            last = replace(last, until=None, note="", learnt_on=answers.read_on)
        terms[-1] = replace(last, member=member)
        return
    day = said.since if said.since and said.since > last.since else max(answers.read_on, last.since)
    note = "" if day == said.since else f"Parliament's list showed this member on {spoken(answers.read_on)}."
    _close(terms, day, left, answers.read_on)
    terms.append(Term(member, day, "by-election", note=note, learnt_on=answers.read_on))


def _is_same(last: Term, said: MemberSaid) -> bool:
    if last.member.member_id:
        return last.member.member_id == said.member_id
    return last.since == said.since or bare_name(last.member.name) == bare_name(said.name)


def _as_member(said: MemberSaid, before: Member | None, answers: Answers) -> Member:
    """The member as Parliament describes them. Of before, what it never says is kept."""
    kept = before if before and (before.member_id in (None, said.member_id)) else None
    if kept and kept.member_id is None and bare_name(kept.name) != bare_name(said.name):
        kept = None
    party = said.party or (kept.party if kept else "")
    others = tuple(fact for fact in kept.facts if fact.kind not in SAID_BY_PARLIAMENT) if kept else ()
    return Member(
        name=said.name,
        address_as=said.address_as or (kept.address_as if kept else ""),
        given_name=said.given_name or (kept.given_name if kept else ""),
        family_name=said.family_name or (kept.family_name if kept else ""),
        party=party,
        party_note="",
        email=said.email,
        member_id=said.member_id,
        twfy_id=kept.twfy_id if kept else None,
        first_elected=said.first_elected or (kept.first_elected if kept else ""),
        source=answers.source,
        as_of=answers.read_on,
        certainty=PUBLISHED,
        facts=(*said.facts, *others),
        offices=said.offices,
    )


def is_sound(terms: tuple[Term, ...]) -> bool:
    """Whether the terms of a seat follow one another and none begins before the last has ended."""
    return bool(terms) and all(
        first.since <= second.since and first.until is not None and first.until <= second.since
        for first, second in pairwise(terms)
    )
