"""What a deadline rule says: every field of it, and how each kind of date is spoken of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NoDate
from casework.domain.said import PARTS, in_a_row, of_ours
from casework.domain.timing.counting import Counting, Length
from casework.domain.timing.removals import WINDOW_RULES
from casework.domain.words import say


@dataclass(frozen=True)
class KindWords:
    """How pages speak of one kind of date."""

    name: str
    label: str
    meaning: str


class Kind(StrEnum):
    """What a date means for the person. Only a limit may look like one."""

    HARD_LIMIT = "hard_limit"
    NOTICE_PERIOD = "notice_period"
    EARLIEST_DATE = "earliest_date"
    LATEST_STATE_ACT = "latest_state_act"
    SERVICE_STANDARD = "service_standard"
    POLICY_TARGET = "policy_target"
    REVIEW_CYCLE = "review_cycle"
    STATUTORY_TARGET = "statutory_target"
    DEEMED_SERVICE = "deemed_service"

    @property
    def words(self) -> KindWords:
        """Its name, the label of its date, and what it means, in plain English."""
        return KIND_WORDS[self]


KIND_WORDS = {
    Kind.HARD_LIMIT: KindWords("Limit", "Last moment", "A right may be lost if this day is missed."),
    Kind.NOTICE_PERIOD: KindWords(
        "Notice period", "They may act from", "The Home Office may not act before this time has ended."
    ),
    Kind.EARLIEST_DATE: KindWords("Earliest day", "From", "From this day on it is useful to act."),
    Kind.LATEST_STATE_ACT: KindWords(
        "Window", "Window ends", "The last day of a time. What holds until then stands in its rule."
    ),
    Kind.SERVICE_STANDARD: KindWords(
        "Service standard", "Answer hoped for by about", "What an office says it aims at. It is not a limit."
    ),
    Kind.POLICY_TARGET: KindWords(
        "Target", "Planned for", "A day that is planned for. No right is lost when it passes."
    ),
    Kind.REVIEW_CYCLE: KindWords("Review", "Next due", "Something that should happen again and again."),
    Kind.STATUTORY_TARGET: KindWords(
        "Duty on a tribunal", "Should be decided by", "The law asks for this, with exceptions."
    ),
    Kind.DEEMED_SERVICE: KindWords(
        "Service",
        "Taken as served on",
        "The day on which a notice counts as having arrived, unless it can be shown otherwise.",
    ),
}
THEIR_LIMIT = KindWords(
    "Limit for them", "They must answer by", "The law says that they must answer by this day."
)
THEIR_TARGET = KindWords("Target", "They aim for", "What they aim at, or are asked to. It is not a limit.")
REMOVAL_WINDOW = KindWords(
    "Removal window", "Window ends", "Until this day the Home Office may act with less notice than usual."
)
RECOVERY = KindWords(
    "Recovery period",
    "Unless the conclusive decision comes later, they may act from",
    "The Home Office may not act before this time has ended, nor before the conclusive decision if that comes later.",
)
# What the words of their kind do not say, or say of others too of whom it is not true.
OF_RULE = {**dict.fromkeys(WINDOW_RULES, REMOVAL_WINDOW), "nrm_recovery_period": RECOVERY}


class OwedBy(StrEnum):
    """Who has to act: the person and those who help, or an office."""

    US = "us"
    THEM = "them"


class EndRule(StrEnum):
    """What happens when the time ends on a closed day. NONE: nothing is said, and no right turns on it."""

    ROLL_FORWARD = "roll_forward"
    NO_ROLL = "no_roll"
    NONE = "none"


class TriggerIs(StrEnum):
    """Which day of a notice starts the time; EVENT: something else, which the rule's `trigger` names."""

    SENT = "sent"
    RECEIVED = "received"
    POSTED = "posted"
    EVENT = "event"


class How(StrEnum):
    """How a notice came."""

    POST = "post"
    EMAIL = "email"
    HAND = "hand"
    PORTAL = "portal"


class Fits(StrEnum):
    """What must be true of the person on the day for a rule to be theirs."""

    IN_UK = "in_uk"
    ABROAD = "abroad"
    DETAINED = "detained"
    NOT_DETAINED = "not_detained"
    REMOVAL_CENTRE = "removal_centre"
    SHORT_TERM_FACILITY = "short_term_facility"

    @property
    def words(self) -> str:
        """The same as a page says it after "people who are"."""
        return FIT_WORDS[self]


FIT_WORDS = {
    Fits.IN_UK: "in the UK",
    Fits.ABROAD: "outside the UK",
    Fits.DETAINED: "detained",
    Fits.NOT_DETAINED: "not detained",
    Fits.REMOVAL_CENTRE: "held in a removal centre",
    Fits.SHORT_TERM_FACILITY: "held in a residential short-term holding facility",
}


class WaitingFor(StrEnum):
    """Who has to act next, by kind of office: what a board can be narrowed to."""

    US = "us"
    MEMBER = "member"
    HOME_OFFICE = "home_office"
    TRIBUNAL = "tribunal"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The same as a page says it after "waiting for"."""
        return WAITING_WORDS[self]


WAITING_WORDS = {
    WaitingFor.US: "us",
    WaitingFor.MEMBER: "an MP’s office",
    WaitingFor.HOME_OFFICE: "the Home Office",
    WaitingFor.TRIBUNAL: "a tribunal or court",
    WaitingFor.OTHER: "somebody else",
}


class Status(StrEnum):
    """How far the rule was checked against its source."""

    VERIFIED = "VERIFIED"
    MIXED = "MIXED"
    RECALLED = "RECALLED"

    @property
    def words(self) -> str:
        """The same in plain English, for a page."""
        return STATUS_WORDS[self]


STATUS_WORDS = {
    Status.VERIFIED: "read in the source named, in the version dated there",
    Status.MIXED: "read in the source in part; the rest is from general knowledge",
    Status.RECALLED: "from general knowledge; nobody has checked it yet",
}


class Confidence(StrEnum):
    """How sure we are of a rule."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Variant:
    """One of several lengths of a rule, with the words by which a person chooses it.

    `how` names the ways of sending to which it is confined, and `fits` what must be true of the person besides what
    the rule asks. What it leaves as None is as in its rule.
    """

    key: str
    label: str
    length: Length
    how: tuple[How, ...] = ()
    counting: Counting | None = None
    trigger_is: TriggerIs | None = None
    deemed_by: str | None = None
    fits: tuple[Fits, ...] = ()


@dataclass(frozen=True)
class Example:
    """A worked example: what starts the rule, where, and the dates that must come out."""

    trigger: date
    region: str
    dates: Mapping[str, date]
    variant: str | None = None
    why: str = ""


@dataclass(frozen=True)
class DeadlineRule:
    """A rule that makes one date from another, with its source and how far it was checked.

    `starts` names the events that open it, `may_start` those after which a person says whether it fits (with
    ":variant" where only one of its lengths may), `ends` those that settle it, and `fits` what must be true of the
    person. `repeats`: when one turn of a review is met, the next one begins, counted from the same start.
    `waiting_for` says whose turn it is. `changed` tells who of this group changed it, when and why; it is empty for
    a rule as the program carries it. `trigger`, `count_from`, `end_note` keep the source's own words.
    `trigger_is` says which day of a notice that is, and `deemed_by` is the key of the rule by which a posted one
    is taken as served. `length` is None when there are variants, or when no date can be counted: then
    `no_date` says why, and `date_in_notice` whether a notice gives it. `checked_on` is the day that
    somebody last looked it over; `checked_by` is the regulated adviser who confirmed it, empty until one has.
    """

    key: str
    name: str
    in_short: str
    kind: Kind
    owed_by: OwedBy
    actor: str
    trigger: str
    starts: tuple[str, ...]
    counting: Counting
    calendar: str
    end_rule: EndRule
    authority: str
    status: Status
    confidence: Confidence
    sources: tuple[str, ...]
    checked_on: date
    examples: tuple[Example, ...]
    length: Length | None = None
    variants: Mapping[str, Variant] = field(default_factory=dict)
    no_date: str = ""
    date_in_notice: bool = False
    trigger_is: TriggerIs = TriggerIs.EVENT
    deemed_by: str = ""
    count_from: str = ""
    end_note: str = ""
    must_be: str = ""
    clock: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    checked_by: str = ""
    may_start: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    repeats: bool = False
    fits: tuple[Fits, ...] = ()
    waiting_for: WaitingFor = WaitingFor.US
    changed: str = ""
    safe_margin_days: int = 0
    safe_calendar: str = ""
    applies_to: str = ""
    notes: str = ""

    @property
    def words(self) -> KindWords:
        """How pages speak of its date."""
        if self.is_their_limit:
            return THEIR_LIMIT
        theirs = self.kind is Kind.POLICY_TARGET and self.owed_by is OwedBy.THEM
        return THEIR_TARGET if theirs else OF_RULE.get(self.key, self.kind.words)

    @property
    def is_their_limit(self) -> bool:
        """Whether it is an office, and not the person, that must keep this limit."""
        return self.kind is Kind.HARD_LIMIT and self.owed_by is OwedBy.THEM

    def length_for(self, variant: str | None) -> Length:
        """The length that applies.

        Raises NoDate when the rule makes none, and CaseworkError when a variant is lacking or unknown.
        """
        if self.variants:
            return self._variant(variant).length
        if variant:
            raise CaseworkError(
                f"“{self.name}” has one length only, so no choice is needed.", field="variant"
            )
        if self.length is None:
            raise NoDate(self.no_date, field="rule")
        return self.length

    def counting_for(self, variant: str | None) -> Counting:
        """Which day is day 1 under this variant."""
        return (self._variant(variant).counting if self.variants else None) or self.counting

    def trigger_for(self, variant: str | None) -> TriggerIs:
        """Which day of a notice starts the time under this variant."""
        return (self._variant(variant).trigger_is if self.variants else None) or self.trigger_is

    def deemed_by_for(self, variant: str | None) -> str:
        """The key of the rule by which a posted notice is taken as served; empty where there is none."""
        return (self._variant(variant).deemed_by if self.variants else None) or self.deemed_by

    @property
    def events(self) -> set[str]:
        """The names of all events that start it, may start it, or end it."""
        return {*self.starts, *self.ends, *(word.partition(":")[0] for word in self.may_start)}

    @property
    def triggers(self) -> list[TriggerIs]:
        """Which day of a notice starts the time: each that any of the lengths names."""
        return list(dict.fromkeys(self.trigger_for(key) for key in self.variants or [None]))

    @property
    def may_be_deemed(self) -> bool:
        """Whether a posted notice is taken as served under any of the lengths."""
        return any(self.deemed_by_for(key) for key in self.variants or [None])

    @property
    def is_for_some(self) -> bool:
        """Whether it, or any of its lengths, is only for people in the UK, abroad, detained or not."""
        return bool(self.fits) or any(one.fits for one in self.variants.values())

    def check_in_force(self, day: date) -> None:
        """Nothing, or a CaseworkError when the rule did not apply to what happened on this day."""
        if self.in_force_from and day < self.in_force_from:
            since = spoken(self.in_force_from)
            raise CaseworkError(f"This rule applies only from {since}. Check the date.", field="trigger_date")
        if self.in_force_to and day > self.in_force_to:
            until = spoken(self.in_force_to)
            raise CaseworkError(f"This rule ended on {until}. Check the date.", field="trigger_date")

    def _variant(self, key: str | None) -> Variant:
        if key is None or key not in self.variants:
            raise which_applies(self.variants.values())
        return self.variants[key]


def which_applies(choices: Iterable[Variant]) -> CaseworkError:
    """What is asked where a rule has several lengths, and nobody said which of them it is."""
    told = (
        say("{key} ({label}: {length})", key=v.key, label=of_ours(v.label), length=of_ours(str(v.length)))
        for v in choices
    )
    return CaseworkError(say("Say which applies: {choices}.", choices=in_a_row(told, PARTS)), field="variant")
