"""A campaign page: how long it may be open, whether it is, and what must be left out of what is written on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.domain.consent.publicity import Agreement, Audience, Kind, may_say
from casework.domain.errors import CaseworkError

# A page that is forgotten goes on telling. Eight weeks are longer than most notices of removal; then it is opened anew
# by somebody who looked again at what the person agrees to.
LASTS = {7: "one week", 14: "two weeks", 28: "four weeks", 56: "eight weeks"}
LONGEST_HEADING, LONGEST_WORDS = 120, 1_500
LONGEST_NAME, LONGEST_ADDRESS = 100, 300
# One address on the network may be a hall full of people who write, four steps each, or everybody when a web server
# stands in front.
STEPS_AN_HOUR = 600
MOST_LETTERS = 500  # PDFs that one page makes in a day; the text to copy has no such end

# What a letter that anybody can make leaves out, where it was not agreed to. It says the same whatever is true of the
# person, so that nobody learns from it what there is to be left out.
LEAVE_OUT = {
    Kind.NAME: "any other name",
    Kind.PLACE_OF_DETENTION: "where {they} {are} held",
    Kind.HOME: "where {they} {live} or lived",
    Kind.COUNTRY: "which country {they} {come} from",
    Kind.HEALTH: "illness and treatment",
    Kind.CHILDREN: "children",
    Kind.OFFENCE: "police, courts and prison",
    Kind.COURT_PAPERS: "what stands in papers of a court",
    Kind.FAMILY: "family abroad",
    Kind.BELIEFS: "religion and politics",
    Kind.TRAVEL: "flights and days of travel",
    Kind.IDENTITY: "numbers and dates of birth",
}


@dataclass(frozen=True)
class Asked:
    """What somebody typed so far. `chosen` is the constituency they chose where their postcode leaves a doubt."""

    name: str = ""
    postcode: str = ""
    chosen: str = ""
    address: str = ""
    how_known: str = ""
    own_words: str = ""
    ask: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Their own words, without what they left empty."""
        return tuple(filter(None, (self.how_known, self.own_words, self.ask)))


def check_name(asked: Asked) -> None:
    """Nothing where the name can sign a letter; otherwise raises CaseworkError."""
    if not asked.name:
        raise CaseworkError("Type your name, as you sign.", field="name")
    if len(asked.name) > LONGEST_NAME:
        raise CaseworkError(f"This is too long: {LONGEST_NAME} characters at most.", field="name")


class PageState(StrEnum):
    """Whether a page is there for anybody who has its address."""

    OPEN = "open"
    CLOSED = "closed"
    ENDED = "ended"


def state_on(now: datetime, expires_at: datetime, closed_at: datetime | None) -> PageState:
    """How a page stands at this moment."""
    if closed_at is not None:
        return PageState.CLOSED
    return PageState.ENDED if expires_at <= now else PageState.OPEN


def ends_after(days: int) -> timedelta:
    """How long a page is open. Raises CaseworkError for what cannot be chosen."""
    if days not in LASTS:
        raise CaseworkError("Choose for how long the page is open: eight weeks at most.", field="days")
    return timedelta(days=days)


def kinds_to_leave_out(agreement: Agreement) -> tuple[Kind, ...]:
    """The kinds of fact that nobody is to write on the page, in the order in which they are named."""
    return tuple(kind for kind in LEAVE_OUT if not may_say(kind, Audience.PUBLIC, agreement))


def leave_out(kinds: Iterable[Kind], they: str, plural: bool) -> list[str]:
    """The same in words that fit the person's pronoun: "where she lives or lived"."""
    forms = {
        "they": they,
        "are": "are" if plural else "is",
        "live": "live" if plural else "lives",
        "come": "come" if plural else "comes",
    }
    return [LEAVE_OUT[kind].format(**forms) for kind in kinds]
