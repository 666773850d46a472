"""What the directory holds: constituencies, members, places of detention, and the answer to a postcode."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from casework.domain.dates import spoken

FIRST_KNOWN_DAY = date(2024, 7, 4)
"""The first general election for these constituencies. Who sat for which place before is not known here."""

# Since 1997, the oldest that the directory dates. A test holds the first elections of members against them.
GENERAL_ELECTIONS = frozenset(
    map(
        date.fromisoformat,
        (
            "1997-05-01",
            "2001-06-07",
            "2005-05-05",
            "2010-05-06",
            "2015-05-07",
            "2017-06-08",
            "2019-12-12",
            "2024-07-04",
        ),
    )
)

PUBLISHED = "published record"
ONE_SOURCE = "one source"
OLD_AFTER_DAYS = 90
FACT_KINDS = (
    "government post",
    "opposition post",
    "other post",
    "select committee",
    "political interest",
    "registered interest",
    "web page",
    "all-party group",
    "first elected",
    "news",
    "statement on detained people",
)
"""Every kind of fact about a member."""
_TITLES = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "rev",
        "rt",
        "hon",
        "mp",
    )
)


@dataclass(frozen=True, slots=True)
class Result:
    """An election in one constituency. Shares are per cent of the valid votes; None is "not known"."""

    held_on: date
    by: str  # "general election" or "by-election"
    outcome: str  # such as "Lab gain from Con"
    winner: str
    winner_party: str
    winner_votes: int | None
    winner_share_pct: float | None
    runner_up: str
    runner_up_party: str
    runner_up_votes: int | None
    majority: int | None
    majority_pct: float | None
    source: str
    certainty: str = PUBLISHED


@dataclass(frozen=True, slots=True)
class Constituency:
    """One of the 650 constituencies in force since the general election of 4 July 2024."""

    gss_code: str
    name: str
    name_welsh: str
    nation: str
    region: str
    parliament_constituency_id: int
    three_letter_code: str
    longitude: float
    latitude: float
    local_authorities: tuple[str, ...]
    electorate_2024: int
    turnout_pct_2024: float
    elections: tuple[Result, ...]  # oldest first; the first is the general election

    @property
    def parliament_page(self) -> str:
        """The address of this constituency's page at the UK Parliament."""
        return f"https://members.parliament.uk/constituency/{self.parliament_constituency_id}/overview"

    @property
    def last_election(self) -> Result:
        """The newest result: the general election, or the last by-election since."""
        return self.elections[-1]


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated statement about a member, with its source. `warning` says why it may no longer hold."""

    kind: str  # one of FACT_KINDS
    text: str
    dated: str  # as its source dates it: 2026-07-20, 2026-09, or "undated"
    source: str
    certainty: str = PUBLISHED
    warning: str = ""
    began: str = ""  # the day from which it holds, 2026-07-20, where the source says so

    @property
    def when(self) -> str:
        """The date in words, as far as the source knows it: "20 July 2026", "September 2026" or "undated"."""
        parts = self.dated.split("-")
        if len(parts) == 3:
            return spoken(date.fromisoformat(self.dated))
        return f"{date(int(parts[0]), int(parts[1]), 1):%B %Y}" if len(parts) == 2 else self.dated


@dataclass(frozen=True, slots=True)
class Office:
    """Where a member is reached, as UK Parliament lists it. What it does not say is empty."""

    kind: str  # "Parliamentary office", "Constituency office" or another word of Parliament's
    lines: tuple[str, ...]
    postcode: str
    phone: str
    email: str
    source: str
    as_of: date
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the House of Commons who sits, or has sat, for a constituency of 2024."""

    name: str
    address_as: str  # the full title for an address; empty when we do not know it
    given_name: str
    family_name: str
    party: str
    party_note: str
    email: str
    member_id: int | None
    twfy_id: int | None
    first_elected: str
    source: str
    as_of: date
    certainty: str = PUBLISHED
    facts: tuple[Fact, ...] = ()
    offices: tuple[Office, ...] = ()

    @property
    def is_checked(self) -> bool:
        """Whether the published record names this member. If not, somebody looks before a letter is printed."""
        return self.certainty == PUBLISHED

    @property
    def parliament_page(self) -> str:
        """The address of this member's page of contacts at the UK Parliament; empty when the id is not known."""
        return f"https://members.parliament.uk/member/{self.member_id}/contact" if self.member_id else ""

    @property
    def theyworkforyou_page(self) -> str:
        """The address of this member's page at TheyWorkForYou; empty when the id is not known."""
        return f"https://www.theyworkforyou.com/mp/{self.twfy_id}" if self.twfy_id else ""

    @property
    def is_speaker(self) -> bool:
        """Whether this member is the Speaker of the House of Commons."""
        return self.party == "Speaker"

    @property
    def is_sinn_fein(self) -> bool:
        """Whether this member was elected for Sinn Féin, whose members do not take their seats."""
        return self.party == "Sinn Féin"

    @property
    def government_posts(self) -> tuple[Fact, ...]:
        """The posts in government that the directory knows of, newest last, each with its warning."""
        return self.facts_of("government post")

    @property
    def committees(self) -> tuple[Fact, ...]:
        """The select committees on which this member sits, as far as the directory knows."""
        return self.facts_of("select committee")

    def facts_of(self, kind: str) -> tuple[Fact, ...]:
        """The facts of one kind; `FACT_KINDS` has them all."""
        return tuple(fact for fact in self.facts if fact.kind == kind)

    def is_same_as(self, other: "Member") -> bool:
        """Whether both are one person: by the number that Parliament gave them, else by their name."""
        if self.member_id and other.member_id:
            return self.member_id == other.member_id
        return bare_name(self.name) == bare_name(other.name)


def bare_name(name: str) -> str:
    """A name without titles and capitals, to compare it: "keir starmer" for "Sir Keir Starmer"."""
    words = name.casefold().replace(".", "").replace(",", " ").split()
    return " ".join(word for word in words if word not in _TITLES)


def how_first_elected(member: Member) -> tuple[date | None, str]:
    """The day of the first election to the House, and "general election" or "by-election"; None if it is not known."""
    try:
        day = date.fromisoformat(member.first_elected)
    except ValueError:
        return None, ""
    return day, "general election" if day in GENERAL_ELECTIONS else "by-election"


@dataclass(frozen=True, slots=True)
class Term:
    """A time during which one member sat for one constituency.

    `until` is the day by which the seat was vacant, None while the member still sits. `note` says how
    exactly that day is known. `learnt_on` is the day on which this machine first heard of it by an update.
    """

    member: Member
    since: date
    by: str  # "general election" or "by-election"
    until: date | None = None
    note: str = ""
    learnt_on: date | None = None


class SeatStatus(StrEnum):
    """What the directory can say of a seat on a day."""

    MEMBER = "member"
    VACANT = "vacant"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sat for a constituency on a day: a member and the term, a vacancy, or "not known" with the reason."""

    constituency: Constituency
    day: date
    status: SeatStatus
    term: Term | None = None
    note: str = ""

    @property
    def member(self) -> Member | None:
        """The member who sat on that day, or None."""
        return self.term.member if self.term else None


@dataclass(frozen=True, slots=True)
class PlaceOfDetention:
    """A removal centre, a short-term holding place or a prison, with the constituency in which it stands."""

    place_id: str
    name: str
    kind: str  # IRC, RSTHF, STHF or prison
    status: str
    is_open: bool | None  # None when the sources do not say
    holds: str
    address: tuple[str, ...]  # lines, without the postcode
    is_address_complete: bool
    postcode: str
    gss_code: str
    constituency_basis: str
    operator: str
    operator_source: str
    phone: str
    phone_source: str
    capacity: str
    capacity_source: str
    hearing_centre: str
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def is_prison(self) -> bool:
        """Whether this is a prison or a young offender institution."""
        return self.kind == "prison"

    @property
    def may_be_closed(self) -> bool:
        """Whether the sources say that nobody is held there now, or that it was closed once."""
        return self.is_open is False or "not in use" in self.status


class LookupStatus(StrEnum):
    """How closely a postcode could be placed."""

    FOUND = "found"
    APPROXIMATE = "approximate"
    SECTOR = "sector"
    DISTRICT = "district"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A constituency in which a postcode may lie. `share` (0 to 1) is its part of the postcodes around it."""

    constituency: Constituency
    share: float


@dataclass(frozen=True, slots=True)
class Lookup:
    """The answer to a postcode. Status "found" has exactly one candidate; otherwise the user chooses."""

    postcode: str
    status: LookupStatus
    candidates: tuple[Candidate, ...]
    note: str
    directory_date: date
    source: str

    @property
    def constituency(self) -> Constituency | None:
        """The constituency, when the postcode was found exactly; otherwise None, and somebody must choose."""
        return self.candidates[0].constituency if self.status is LookupStatus.FOUND else None


@dataclass(frozen=True, slots=True)
class ReleasePart:
    """One part of the directory: what it is, how many rows it has, how fresh it is and whence it comes."""

    name: str
    count: int
    as_of: date
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Release:
    """The dates of one compiled directory.

    `directory_date` is the last day on which all members were read from Parliament's data together. A few
    seats are known to a later day (`members_known_to`), others may have changed since without our knowing.
    """

    directory_date: date
    members_known_to: date
    government_changed_on: date | None
    source: str
    parts: tuple[ReleasePart, ...]
    attributions: tuple[str, ...] = field(default=())
    update: str = ""  # the name of the update that it carries; empty for the tables as they were compiled

    def age_in_days(self, today: date) -> int:
        """How many days have passed since the members were read."""
        return (today - self.directory_date).days

    def is_old(self, today: date) -> bool:
        """Whether the members were read more than 90 days ago."""
        return self.age_in_days(today) > OLD_AFTER_DAYS
