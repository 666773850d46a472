"""The ladder of things that a supporter can do, smallest first: which three fit somebody next, and who is active.

People act for different reasons, and some will only ever sign: each thing is asked for by itself, and none is worth
more than another. How long a thing takes is our own guess, and is marked so where it is shown. No source names a time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.domain.case.hands import ThingKind, counted
from casework.domain.consent.publicity import Agreement, Audience, Kind, Level, may_say
from casework.domain.said import in_a_row

SHOWN = 3
# Our own line, and no more than a way to count: who did something in these days is active, who has not is resting.
ACTIVE_FOR = timedelta(days=90)
# So many open things in one pair of hands are worth a word. Our own line; it stands on the page as such.
MUCH = 8


class Said(StrEnum):
    """What a supporter said who was asked to help with something."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"


SAID_WORDS = {Said.ASKED: "was asked", Said.YES: "said yes", Said.NO: "cannot this time"}


@dataclass(frozen=True)
class Rung:
    """One thing that a supporter can do.

    `words` name it in a list, `says` is what the supporter reads, and `takes` how long it takes. It is never shown
    under `level`, nor where the person has not agreed that supporters are told facts of the kinds in `tells`: the
    mere words "visit somebody in detention" tell that somebody is detained.
    """

    key: str
    words: str
    says: str
    takes: str
    level: Level = Level.SUPPORTERS
    tells: frozenset[Kind] = frozenset()


RUNGS = {
    rung.key: rung
    for rung in (
        Rung(
            "share",
            "Read and share",
            "Read the story on the campaign page, and share its address.",
            "five minutes",
            Level.CHANGED_NAME,
        ),
        Rung(
            "sign",
            "Sign a letter or a petition",
            "Sign a letter or a petition that is ready.",
            "five minutes",
        ),
        Rung("card", "Write a card", "Write a card to an MP by hand.", "ten minutes"),
        Rung(
            "letter",
            "Write to their own MP",
            "Write to your own MP, with a sentence of yours.",
            "half an hour",
        ),
        Rung("bring", "Bring one more person", "Bring one more person whom you trust.", "half an hour"),
        Rung(
            "translate",
            "Translate",
            "Translate a paper or a call.",
            "an hour or two, when you say",
            Level.PLANNING,
        ),
        Rung(
            "drive",
            "Drive",
            "Drive somebody to an appointment.",
            "half a day, when you say",
            Level.PLANNING,
        ),
        Rung("cook", "Cook", "Cook for a meeting.", "an evening", Level.PLANNING),
        Rung(
            "childcare",
            "Look after children",
            "Look after children during a meeting.",
            "an evening",
            Level.PLANNING,
        ),
        Rung("room", "Lend a room", "Lend a room for a meeting.", "a few minutes to arrange", Level.PLANNING),
        Rung("surgery", "Come to the MP’s surgery", "Come along to your MP’s surgery.", "half a day"),
        Rung(
            "visit",
            "Visit somebody in detention",
            "Visit somebody in detention, once the group has shown you how.",
            "a day, with the way there",
            tells=frozenset({Kind.PLACE_OF_DETENTION}),
        ),
        Rung(
            "letter_of_support",
            "Write a letter of support",
            "Write a letter of support about how you know them.",
            "two hours",
        ),
        Rung("host", "Host a meeting", "Host a meeting of friends and neighbours.", "an evening"),
        Rung(
            "role",
            "Take on a role in the group",
            "Take on a role in the group, such as keeping a list.",
            "an hour or two a week",
            Level.PLANNING,
        ),
    )
}
ORDER = {key: number for number, key in enumerate(RUNGS)}
# Seen without anybody offering it: they read the page, or wrote.
NOT_OFFERED = frozenset({"share", "letter"})


@dataclass(frozen=True)
class Somebody:
    """What is known of one supporter that decides what fits them next."""

    did: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    writes: bool = True
    languages: tuple[str, ...] = ()
    has_seat: bool = False


@dataclass(frozen=True)
class Campaign:
    """What is so in the case today. `agreement` is all that the person agreed to; `audience` is who is shown it."""

    agreement: Agreement
    audience: Audience = Audience.SUPPORTERS
    has_page: bool = False
    held: bool = False
    may_write: bool = True
    needs: frozenset[str] = frozenset()


def allowed(rung: Rung, campaign: Campaign) -> bool:
    """Whether the consent in force lets this be asked of anybody at all."""
    if campaign.agreement.level < rung.level:
        return False
    return all(may_say(kind, campaign.audience, campaign.agreement) for kind in rung.tells)


def possible(rung: Rung, campaign: Campaign) -> bool:
    """Whether it can be asked for in this case today: there is a page to share, an MP may be written to."""
    if not allowed(rung, campaign):
        return False
    if rung.key == "share":
        return campaign.has_page
    if rung.key in ("card", "letter", "surgery"):
        return campaign.may_write
    return rung.key != "visit" or campaign.held


def fits(rung: Rung, one: Somebody, campaign: Campaign) -> bool:
    """Whether it is something for this supporter now, whether they did it before or not."""
    if not possible(rung, campaign):
        return False
    if rung.key == "letter":
        return one.writes
    if rung.key == "translate":
        return bool(one.languages)
    return rung.key != "surgery" or one.has_seat


def next_three(one: Somebody, campaign: Campaign) -> list[Rung]:
    """What fits this supporter next, in the order of the ladder: never what they did, and three at most.

    What they offered and the case needs comes before anything else; then the smallest beyond the highest that they
    did; where the ladder ends there, the smaller ones that they left out.
    """
    open_to_them = [rung for key, rung in RUNGS.items() if key not in one.did and fits(rung, one, campaign)]
    reached = max((ORDER[key] for key in one.did if key in ORDER), default=-1)

    def how_soon(rung: Rung) -> tuple[bool, bool, int]:
        wanted = rung.key in one.offers and rung.key in campaign.needs
        return (not wanted, ORDER[rung.key] < reached, ORDER[rung.key])

    return sorted(sorted(open_to_them, key=how_soon)[:SHOWN], key=lambda rung: ORDER[rung.key])


@dataclass(frozen=True)
class Counts:
    """How many supporters are willing, how many did something of late, and how many have not for a while."""

    all: int
    willing: int
    active: int
    resting: int


def count(last_acts: Mapping[int, date], willing: Collection[int], number: int, today: date) -> Counts:
    """Those who offered or agreed to something, those who did something within `ACTIVE_FOR`, and those before that.

    `last_acts` say for each supporter who did anything on which day they last did.
    """
    active = sum(1 for day in last_acts.values() if day >= today - ACTIVE_FOR)
    return Counts(number, len(set(willing)), active, len(last_acts) - active)


def spoken_languages(text: str | None) -> tuple[str, ...]:
    """The languages that somebody speaks besides English: "English, Dari" gives dari."""
    parts = (
        part.strip(" .").casefold() for part in (text or "").replace(";", ",").replace("/", ",").split(",")
    )
    return tuple(dict.fromkeys(part for part in parts if part and part != "english"))


def speaks(languages: str | None, wanted: str | None) -> bool:
    """Whether somebody speaks what is wanted; where nothing is said of a language, everybody does."""
    return not wanted or wanted.strip().casefold() in spoken_languages(languages)


@dataclass(frozen=True)
class Load:
    """What one person of the team has in hand: how many of each kind in this case, and in all others together."""

    name: str
    here: Mapping[ThingKind, int]
    elsewhere: int = 0

    @property
    def in_words(self) -> str:
        """What of this case is theirs: "2 promises, 1 task"; empty where it is nothing."""
        return in_a_row(counted(kind, self.here[kind]) for kind in ThingKind if self.here.get(kind))

    @property
    def number(self) -> int:
        """How many things it is in all."""
        return sum(self.here.values()) + self.elsewhere

    @property
    def is_much(self) -> bool:
        """Whether it is time to ask whether somebody could take something over."""
        return self.number >= MUCH


def by_load(loads: Iterable[Load]) -> list[Load]:
    """Those with least in hand first, where whoever looks for hands begins; of equals as they come."""
    return sorted(loads, key=lambda one: one.number)
