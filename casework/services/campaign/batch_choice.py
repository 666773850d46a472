"""Whose letters a batch will hold: chosen by constituency, table or name, and what each of them still lacks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from casework import clock
from casework.domain.campaign.batches import Order, table_key
from casework.domain.errors import CaseworkError
from casework.domain.letters.letters import LetterTemplate
from casework.domain.parliament.directory import Seat
from casework.services.campaign import own_words
from casework.services.campaign.supporters import APPROXIMATE, is_unsettled, list_sign_ups
from casework.services.letters import letter_checks, letters
from casework.services.letters.written_lately import Written, all_written_lately
from casework.services.parliament.directory import directory
from casework.storage.models import Case, SignUp, Supporter


class Who(StrEnum):
    """How the signers are chosen."""

    ALL = "all"
    PLACES = "places"
    TABLES = "tables"
    TICKED = "ticked"


@dataclass(frozen=True)
class Choice:
    """A batch as somebody asks for it. `again` are sign-ups who wrote lately and are to write once more."""

    template: str
    who: Who = Who.ALL
    gss_codes: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    ticked: frozenset[int] = frozenset()
    order: Order = Order.CONSTITUENCY
    room_to_write: bool = False
    again: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Candidate:
    """Somebody who was chosen. `lacks` says why no letter can be made; `wrote` asks whether they write again."""

    sign_up: SignUp
    lacks: str = ""
    wrote: Written | None = None

    @property
    def supporter(self) -> Supporter:
        """Who they are."""
        return self.sign_up.supporter

    @property
    def to_settle(self) -> bool:
        """Whether somebody has to choose or look at the constituency first."""
        return is_unsettled(self.supporter)


@dataclass(frozen=True)
class Chosen:
    """Everybody whom a choice names: who is ready, who is asked about first, who lacks something."""

    ready: tuple[Candidate, ...]
    asked: tuple[Candidate, ...]
    lacking: tuple[Candidate, ...]

    @property
    def places(self) -> int:
        """To how many MPs the letters of those who are ready would go."""
        return len({one.supporter.gss_code for one in self.ready})


def offered() -> list[LetterTemplate]:
    """The kinds of letter that a supporter writes to their own MP."""
    return [one for one in letters.templates() if one.to == "own_member" and not one.sheet]


def template_of(key: str) -> LetterTemplate:
    """One of those. Raises CaseworkError for any other kind."""
    for one in offered():
        if one.key == key:
            return one
    raise CaseworkError("Choose one of the letters to a supporter’s own MP.", field="template")


def writers(case: Case) -> list[SignUp]:
    """Everybody who said that they write to their MP, by name."""
    return [one for one in list_sign_ups(case) if one.writes]


def choose(case: Case, choice: Choice) -> Chosen:
    """Everybody whom this choice names, sorted by what can be done."""
    template = template_of(choice.template)
    named = [one for one in writers(case) if _is_named(one, choice)]
    wrote = all_written_lately(named, clock.today())
    seats: dict[str, str] = {}
    found = [
        Candidate(one, _lacks(one, template, seats, room_to_write=choice.room_to_write), wrote.get(one.id))
        for one in named
    ]
    able = [one for one in found if not one.lacks]
    asked = tuple(one for one in able if one.wrote and one.sign_up.id not in choice.again)
    return Chosen(
        ready=tuple(one for one in able if one not in asked),
        asked=asked,
        lacking=tuple(one for one in found if one.lacks),
    )


def _lacks(sign_up: SignUp, template: LetterTemplate, seats: dict[str, str], *, room_to_write: bool) -> str:
    """Why no letter of theirs can be made, in a sentence; empty when it can. `seats` are those looked at before."""
    supporter = sign_up.supporter
    code = supporter.gss_code
    if not code:
        known = "We could not find a constituency for their postcode" if supporter.postcode else "No postcode"
        return f"{known}. Choose their constituency by hand."
    if supporter.gss_basis == APPROXIMATE:
        return "Their postcode lies in more than one constituency. Say which is theirs."
    if code not in seats:
        seats[code] = _lacks_of_seat(code)
    if seats[code]:
        return seats[code]
    if not supporter.postcode:
        return "No postcode, and an MP’s office asks for it."
    if "sender.lines" in template.needs and not (supporter.address or "").strip():
        return "No address, and an MP’s office asks for it."
    if not room_to_write and not own_words.is_ready(sign_up):
        return "No sentence of their own yet."
    return ""


def _lacks_of_seat(gss_code: str) -> str:
    seat = directory().seat_on(gss_code, clock.today())
    if seat.member is None:
        return f"Nobody sits for {seat.constituency.name} at present."
    if letter_checks.unchecked_at(gss_code):
        return f"Nobody has checked yet that {seat.member.name} is the MP."
    return ""


def places_of(sign_ups: Iterable[SignUp]) -> list[tuple[Seat, int]]:
    """The seats of these supporters by the name of the constituency, with how many they are."""
    counts: dict[str, int] = {}
    for one in sign_ups:
        if code := one.supporter.gss_code:
            counts[code] = counts.get(code, 0) + 1
    seats = [(directory().seat_on(code, clock.today()), number) for code, number in counts.items()]
    return sorted(seats, key=lambda one: one[0].constituency.name)


def _is_named(sign_up: SignUp, choice: Choice) -> bool:
    if choice.who is Who.PLACES:
        return sign_up.supporter.gss_code in choice.gss_codes
    if choice.who is Who.TABLES:
        return sign_up.table_name in choice.tables
    return choice.who is Who.ALL or sign_up.id in choice.ticked


def in_table_order(names: Iterable[str]) -> list[str]:
    """These tables with Table 2 before Table 10."""
    return sorted(names, key=table_key)
