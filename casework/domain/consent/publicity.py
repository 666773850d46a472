"""How far a person lets their story go: levels, kinds of fact, audiences, and what each may be told.

The ladder of publicity and the items chosen one by one are those of the practice guide, section 4.4. Nothing in
here is law: an MP's office asks for a signature, and the person decides the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How far the person lets their story go: each level includes those below it."""

    PLANNING = 0
    OFFICES = 1
    SUPPORTERS = 2
    CHANGED_NAME = 3
    FIRST_NAME_OR_PICTURE = 4
    PUBLIC = 5

    @property
    def words(self) -> str:
        """Who may know, as the paper says it."""
        return LEVEL_WORDS[self]


LEVEL_WORDS = {
    Level.PLANNING: "Only me, my lawyer and the supporters I name",
    Level.OFFICES: "Also my MP’s office and the Home Office",
    Level.SUPPORTERS: "Also supporters we know, with no name online",
    Level.CHANGED_NAME: "The public, with a changed name, no face, no place and no country",
    Level.FIRST_NAME_OR_PICTURE: "The public, with my first name or my picture, but not both",
    Level.PUBLIC: "The public, with my full name and my face",
}


class Kind(StrEnum):
    """What kind of fact something is. The first nine are chosen one by one."""

    NAME = "name"
    FACE = "face"
    VOICE = "voice"
    COUNTRY = "country"
    PLACE_OF_DETENTION = "place of detention"
    OFFENCE = "offence"
    HEALTH = "health"
    CHILDREN = "children"
    COURT_PAPERS = "court papers"
    CASE = "case"  # what was decided and what is planned, without saying who or where
    HOME = "home"  # the town or area
    ADDRESS = "address"
    IDENTITY = "identity"  # numbers, date of birth, language
    TRAVEL = "flight"
    LAWYER = "lawyer"
    FAMILY = "family abroad"
    SEXUALITY = "sexuality or gender"
    HIV = "HIV"
    TRAFFICKING = "trafficking or exploitation"
    BELIEFS = "religion or politics"

    @property
    def words(self) -> str:
        """The kind as somebody reads it who has not read this file."""
        return KIND_WORDS.get(self, self.value)


KIND_WORDS = {
    Kind.CASE: "what was decided and planned",
    Kind.HOME: "town",
    Kind.IDENTITY: "numbers, date of birth or language",
    Kind.COUNTRY: "country they come from",
}

ITEMS = tuple(Kind)[:9]
# Never further than the offices that need them, whatever was agreed.
ONLY_FOR_OFFICES = frozenset({Kind.ADDRESS, Kind.IDENTITY, Kind.LAWYER})
# Nobody ticks these for a campaign: without a word of the person's they stay where the lawyer keeps them.
ONLY_IF_NOT_WITHHELD_FROM_OFFICES = frozenset(
    {Kind.FAMILY, Kind.SEXUALITY, Kind.HIV, Kind.TRAFFICKING, Kind.BELIEFS}
)


class Audience(StrEnum):
    """Into whose hands a paper goes."""

    PERSON = "person"
    LAWYER = "lawyer"
    OFFICE = "office"
    SUPPORTERS = "supporters"
    AIRLINE = "airline"
    PUBLIC = "public"

    @property
    def level(self) -> Level:
        """The level that a paper for them needs."""
        return AUDIENCE_LEVELS[self]

    @property
    def notice(self) -> str:
        """What stands at the foot of a paper for them, so that whoever finds it knows how far it may go."""
        return NOTICES.get(self, "")


AUDIENCE_LEVELS = {
    Audience.PERSON: Level.PLANNING,
    Audience.LAWYER: Level.PLANNING,
    Audience.OFFICE: Level.OFFICES,
    Audience.SUPPORTERS: Level.SUPPORTERS,
    Audience.AIRLINE: Level.CHANGED_NAME,
    Audience.PUBLIC: Level.CHANGED_NAME,
}
# The practice guide, section 4.4: the level is printed inside every document made. What the person holds or signs
# themselves carries none.
NOTICES = {
    Audience.LAWYER: "Level 0: for the lawyer only",
    Audience.OFFICE: "Level 1: MP and Home Office only",
    Audience.SUPPORTERS: "Level 2: not to be published",
    Audience.AIRLINE: "Level 3: for the airline",
    Audience.PUBLIC: "Level 3 and up: for the public",
}


@dataclass(frozen=True)
class Agreement:
    """What the person has agreed to on a day; nothing, unless they said so.

    `items` are the kinds they chose for supporters and the public, `withheld` those that nobody may tell even to
    an office. `changed_name` is what a public paper calls them at the third level.
    """

    level: Level = Level.PLANNING
    items: frozenset[Kind] = frozenset()
    withheld: frozenset[Kind] = frozenset()
    changed_name: str = ""


def may_say(kind: Kind, audience: Audience, agreement: Agreement) -> bool:
    """Whether a paper for this audience may tell facts of this kind."""
    if audience is Audience.PERSON:
        return True
    if agreement.level < audience.level or kind in agreement.withheld:
        return False
    if audience in (Audience.OFFICE, Audience.LAWYER):
        return True
    if kind in ONLY_FOR_OFFICES or kind in ONLY_IF_NOT_WITHHELD_FROM_OFFICES:
        return False
    if audience is Audience.AIRLINE:
        return kind is Kind.TRAVEL or kind is Kind.CASE or (kind in ITEMS and kind in agreement.items)
    if kind in ITEMS:
        return kind in agreement.items and _fits_the_ladder(kind, audience, agreement)
    if kind is Kind.TRAVEL:
        return False
    return kind is Kind.CASE or audience is Audience.SUPPORTERS


def not_agreed(kinds: Iterable[Kind], audience: Audience, agreement: Agreement) -> frozenset[Kind]:
    """Those of these kinds that a paper for this audience may not tell."""
    return frozenset(kind for kind in kinds if not may_say(kind, audience, agreement))


def may_ever_say(kind: Kind, audience: Audience) -> bool:
    """Whether a paper for this audience may tell facts of this kind where the person agreed to everything."""
    return may_say(kind, audience, Agreement(Level.PUBLIC, frozenset(Kind)))


def is_as_strict(audience: Audience, than: Audience) -> bool:
    """Whether a paper for this audience needs at least as much consent as one for the other."""
    return audience is than or audience.level > than.level


def _fits_the_ladder(kind: Kind, audience: Audience, agreement: Agreement) -> bool:
    """Whether a chosen item may be public at this level: the lower levels leave out what would give them away."""
    if audience is not Audience.PUBLIC or agreement.level is Level.PUBLIC:
        return True
    if agreement.level is Level.FIRST_NAME_OR_PICTURE:
        return kind is not Kind.FACE or Kind.NAME not in agreement.items
    return kind not in (Kind.NAME, Kind.FACE, Kind.VOICE, Kind.PLACE_OF_DETENTION, Kind.COUNTRY)
