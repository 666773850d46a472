"""The MPs who can act in a case, each with every reason and with what is still needed, and those who are new."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework import clock
from casework.domain.case.places import PlaceKind, has_home, left_since
from casework.domain.consent.telling_mps import Word
from casework.domain.parliament.directory import FIRST_KNOWN_DAY, Release, Seat
from casework.domain.parliament.members import Connection, Standing, TiedPlace, TiedSupporters
from casework.domain.parliament.members import who_can_act as standings
from casework.domain.parliament.new_members import NewMember, new_member, new_members
from casework.domain.said import on_day
from casework.domain.words import say
from casework.services.campaign import supporters
from casework.services.campaign.supporters import APPROXIMATE
from casework.services.case.case_places import closed_by_our_list, place_label
from casework.services.case.homes import places_to_count
from casework.services.consent import consent, telling_mps
from casework.services.consent.need_to_know import all_places
from casework.services.parliament import member_checks, offices
from casework.services.parliament.directory import directory, was_with_another
from casework.storage.models import Authority, Case, CasePlace, Letter, MemberCheck, Supporter

# Of the MPs who are tied to a case by supporters alone so many are shown in full, and so many supporters named of each.
MOST_BY_SUPPORTERS = 3
MOST_NAMED = 3


@dataclass(frozen=True)
class MemberOfCase:
    """One MP of a case, with what is still needed before anybody writes."""

    standing: Standing
    missing: tuple[str, ...]
    check: MemberCheck | None
    conditions: tuple[str, ...] = ()  # what the office asks for, with who learned it and when

    @property
    def seat(self) -> Seat:
        """The seat, with its member or its vacancy."""
        return self.standing.seat

    @property
    def gss_code(self) -> str:
        """The code of the constituency."""
        return self.seat.constituency.gss_code

    @property
    def needs_check(self) -> bool:
        """Whether somebody must look at UK Parliament's page before a letter is issued."""
        return bool(self.seat.member and not self.seat.member.is_checked and self.check is None)


@dataclass(frozen=True)
class WhoCanAct:
    """The MPs of a case on a day, in the order to ask them; and what keeps others from the list."""

    on: date
    members: tuple[MemberOfCase, ...]
    unplaced: tuple[CasePlace, ...]  # places without a constituency, or with one to be looked at
    unplaced_supporters: tuple[Supporter, ...]  # the first few
    to_settle: int  # how many supporters that are
    others: int  # more constituencies in which supporters live
    word: Word  # what the person said of telling an MP
    ask_first: str
    remarks: tuple[str, ...]
    changed: tuple[str, ...]  # what the newest transfer changed
    new_members: tuple[NewMember, ...]  # where somebody else sits than when the case was opened, or nobody
    release: Release
    today: date
    authorities: tuple[Authority, ...]  # every form of authority of the case, the one signed last first

    def __iter__(self) -> Iterator[MemberOfCase]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    @property
    def is_old(self) -> bool:
        """Whether the directory is older than 90 days."""
        return self.release.is_old(self.today)


def who_can_act(case: Case, on: date, places: Sequence[CasePlace] | None = None) -> WhoCanAct:
    """Every MP who is tied to the case on this day, each once, with every reason.

    `places` are all of the case, hidden ones too, where they were asked for already.
    """
    standing, others = _shown(_standings(case, on, places))
    checks = member_checks.last_checks(one.seat for one in standing)
    conditions = offices.conditions_by_seat(one.seat for one in standing)
    authorities = consent.list_authorities(case)
    word = telling_mps.word_of(case, clock.today(), authorities)
    unplaced, to_settle = supporters.to_settle(case, MOST_NAMED)
    return WhoCanAct(
        on=on,
        members=tuple(
            MemberOfCase(
                one,
                _missing(case, one, on, authorities, word),
                checks.get(one.seat.constituency.gss_code),
                tuple(conditions.get(one.seat.constituency.gss_code, ())),
            )
            for one in standing
        ),
        unplaced=tuple(row for row in case.places if _to_settle(row)),
        unplaced_supporters=unplaced,
        to_settle=to_settle,
        others=others,
        word=word,
        ask_first=_ask_first(case, word) if standing else "",
        remarks=_remarks(case, standing, on, places),
        changed=_newest_transfer(case, on),
        new_members=_new_members(case, standing, on),
        release=directory().release,
        authorities=tuple(authorities),
        today=clock.today(),
    )


def _new_members(case: Case, standing: list[Standing], on: date) -> tuple[NewMember, ...]:
    """The changes of MP that this case has to know of; none for a day that is over, nor for a closed case."""
    today = clock.today()
    if on < today or case.closed_on:
        return ()
    opened = clock.day_of(case.opened_at)
    tied = [one.seat.constituency for one in standing]
    return new_members(((one, directory().terms(one.gss_code)) for one in tied), opened, today)


def new_member_since(gss_code: str, day: date) -> NewMember | None:
    """The last change of MP for a place that came, or was first heard of, on this day or later."""
    constituency = directory().find(gss_code)
    return new_member(constituency, directory().terms(gss_code), day, clock.today()) if constituency else None


def new_member_for(letter: Letter) -> NewMember | None:
    """The change of MP that a draft has to know of: it was begun for somebody who does not sit there now."""
    if not letter.gss_code or letter.issued_at or letter.discarded_at:
        return None
    found = new_member_since(letter.gss_code, FIRST_KNOWN_DAY)
    begun = clock.day_of(letter.drafted_at)
    is_of_another = was_with_another(letter.gss_code, letter.member_name, begun)
    return found if found and (found.after is None or is_of_another) else None


def left_constituency(
    case: Case,
    gss_code: str,
    begun: date,
    places: Sequence[CasePlace] | None = None,
    *,
    asked_for: Connection | None = None,
) -> str:
    """Since when the person is not held, or does not live, where they were when something was begun; else empty.

    Asked for their home or their detention alone, an MP is asked for where that was at any time: a move is often
    recorded some days later. `places` are all of the case, hidden ones too, where they were asked for already. A
    hidden one is never named.
    """
    every = all_places(case) if places is None else places

    def counts(row: CasePlace) -> bool:
        of_kind = Connection.DETENTION if row.kind == PlaceKind.DETENTION else Connection.HOME
        return row.gss_code == gss_code and asked_for in (None, of_kind)

    left = left_since(every, counts, date.min if asked_for else begun, clock.today())
    if left is None or left.until is None or left not in case.places:
        return ""
    told: dict[str, object] = {"name": case.person_name, "day": on_day(left.until)}
    if left.kind == PlaceKind.DETENTION:
        return say("{name} is not held at {place} any more, since {day}.", place=place_label(left), **told)
    place = directory().constituency(gss_code).name
    return say("{name} does not live in {place} any more, since {day}.", place=place, **told)


def standings_in(
    cases: Collection[Case], on: date, places: Mapping[int, Sequence[CasePlace]]
) -> dict[int, list[Standing]]:
    """Who is tied to each of these cases and shown in full, by its number, with no more questions than for one.

    `places` are all of each case, hidden ones too.
    """
    by_seat = supporters.by_constituency_in([case.id for case in cases], MOST_NAMED)
    return {case.id: _shown(_tied(case, on, places.get(case.id, ()), by_seat[case.id]))[0] for case in cases}


def _standings(case: Case, on: date, places: Sequence[CasePlace] | None = None) -> list[Standing]:
    return _tied(case, on, places, supporters.by_constituency(case, MOST_NAMED))


def _tied(
    case: Case, on: date, places: Sequence[CasePlace] | None, by_seat: Iterable[TiedSupporters]
) -> list[Standing]:
    return standings(
        case.person_name, _places(case, places), by_seat, on, lambda code: directory().seat_on(code, on)
    )


def _shown(standing: list[Standing]) -> tuple[list[Standing], int]:
    """Those to show in full, and how many more there are, by supporters alone."""
    by_supporters = [one for one in standing if one.connection is Connection.SUPPORTER]
    others = by_supporters[MOST_BY_SUPPORTERS:]
    return [one for one in standing if one not in others], len(others)


def _places(case: Case, places: Sequence[CasePlace] | None) -> list[TiedPlace]:
    """Every place, so that no older home passes for a hidden one; what is hidden ties nobody to the case."""
    return [
        TiedPlace(
            kind=PlaceKind(row.kind),
            label=_label(row),
            gss_code=row.gss_code if row in case.places else None,
            since=row.since,
            until=row.until,
            is_approximate=row.gss_basis == APPROXIMATE,
            doubt=closed_by_our_list(row.place_id) if row.kind == PlaceKind.DETENTION else "",
        )
        for row in places_to_count(case, places)
    ]


def _label(row: CasePlace) -> str:
    label = place_label(row)
    with_postcode = row.kind != PlaceKind.DETENTION and row.postcode and row.postcode != label
    return f"{label}, {row.postcode}" if with_postcode else label


def _to_settle(row: CasePlace) -> bool:
    return not row.is_unknown and (row.gss_code is None or row.gss_basis == APPROXIMATE)


def _missing(
    case: Case, standing: Standing, on: date, authorities: list[Authority], word: Word
) -> tuple[str, ...]:
    """What is still needed before this MP hears of the case, in few words."""
    if standing.seat.member is None:
        return ()
    name, needed = case.person_name, []
    if word is not Word.YES:
        needed.append(say("{name}’s yes to telling an MP", name=name))
    takes_up_the_case = standing.connection in (Connection.HOME, Connection.DETENTION)
    must_name = standing.seat.constituency.gss_code if takes_up_the_case else None
    if consent.covering(authorities, on, must_name) is None:
        needed.append(say("a form of authority signed by {name}", name=name))
    return tuple(needed)


def _ask_first(case: Case, word: Word) -> str:
    """Why nobody may write yet; empty once the person has said yes."""
    if word is not Word.NOT_ASKED:
        return word.sentence(case.person_name)
    return say(
        "Ask {name} before any MP is told, and say the risk aloud: most offices help, but some are reported to "
        "have passed on details to immigration enforcement. What is said cannot be taken back.",
        name=case.person_name,
    )


def _remarks(
    case: Case, standing: list[Standing], on: date, places: Sequence[CasePlace] | None
) -> tuple[str, ...]:
    """What is known too little for the list to be whole, or hidden from whoever asks."""
    name = case.person_name
    if any(one.connection is Connection.HOME for one in standing):
        return ()
    if any(row not in case.places for row in places_to_count(case, places)):
        return (
            say(
                "A home of {name} is hidden from you, so an MP is missing here. Ask somebody on the team who sees it "
                "before anybody writes.",
                name=name,
            ),
        )
    if has_home(case.places, on):
        if any(row.kind != PlaceKind.DETENTION and row.gss_code is None for row in case.places):
            return ()  # the choice that is open says it
        return (
            f"No home is known for {name} on this day, only earlier ones. If {name} lives somewhere, add it: "
            "the MP for the home is the one to ask first.",
        )
    first = "We do not know where " + name + " lives or lived."
    ask = "The MP for the home is the one to ask first; half a postcode or the name of a town is enough to begin."
    if any(one.connection is Connection.DETENTION for one in standing):
        return (f"{first} {ask} Until then ask the MP for the place of detention.",)
    return (f"{first} {ask}",)


def seats_of(case: Case, on: date) -> dict[str, str]:
    """Each constituency that is tied to the case on this day, with its first reason."""
    return {one.seat.constituency.gss_code: one.ties[0].reason for one in _standings(case, on)}


def connections(case: Case, gss_code: str, on: date) -> list[Connection]:
    """Everything that ties this constituency to the case on this day, the strongest first."""
    found = (one for one in _standings(case, on) if one.seat.constituency.gss_code == gss_code)
    return [tie.connection for one in found for tie in one.ties]


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What has changed between two answers of `seats_of`, in sentences."""
    today = clock.today()
    new = [
        f"{_who(code, today)} can now be asked. {why}" for code, why in after.items() if code not in before
    ]
    gone = [f"{_who(code, today)} is no longer on the list." for code in before if code not in after]
    moved = [
        f"{_who(code, today)} stays on the list, for another reason. {why}"
        for code, why in after.items()
        if code in before and before[code] != why
    ]
    return [*new, *gone, *moved]


def _who(gss_code: str, on: date) -> str:
    seat = directory().seat_on(gss_code, on)
    place = seat.constituency.name
    return f"{seat.member.name}, MP for {place}," if seat.member else f"The MP for {place} (no MP now)"


def _newest_transfer(case: Case, on: date) -> tuple[str, ...]:
    """What the newest move into or between places of detention changed, up to this day."""
    moves = [
        row.since for row in case.places if row.kind == PlaceKind.DETENTION and row.since and row.since <= on
    ]
    if len(moves) < 2:
        return ()
    newest = max(moves)
    return tuple(changes(seats_of(case, newest - timedelta(days=1)), seats_of(case, newest)))
