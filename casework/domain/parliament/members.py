"""Which MPs are tied to a case on a day, why, and what each may do.

The order and the customs are those of practice: the MP for the home first, then the MP for the place of
detention, then the MPs for former homes, then each supporter's own. These are conventions of the House of
Commons, not law; what nobody has checked says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.case.places import PlaceKind, former_homes_on, held_on, homes_on, is_there
from casework.domain.parliament.directory import Member, Seat, SeatStatus
from casework.domain.said import AND, PARTS, in_a_row, on_day, typed
from casework.domain.words import say

STATEMENT = "statement on detained people"
NOT_CHECKED = "This is general knowledge that nobody has checked for this page."


class Connection(StrEnum):
    """What ties a constituency to a case, in the order in which its MP is asked."""

    HOME = "home"
    DETENTION = "place of detention"
    FORMER_HOME = "former home"
    SUPPORTER = "supporter’s home"


@dataclass(frozen=True)
class TiedPlace:
    """A place of the case, as far as MPs are concerned. Without a code nobody knows its constituency yet."""

    kind: PlaceKind
    label: str
    gss_code: str | None
    since: date | None = None
    until: date | None = None
    is_approximate: bool = False
    doubt: str = ""  # a sentence: why nobody may be held there


@dataclass(frozen=True)
class TiedSupporters:
    """Those who live in one constituency and will write to their own MP: how many, and the names of a few of them."""

    gss_code: str
    names: tuple[str, ...]
    number: int = 1
    is_approximate: bool = False


@dataclass(frozen=True)
class Tie:
    """One connection of a constituency to the case, with the sentence that says why.

    `without_names` says the same where no supporter may be named, and where it is read out to the MP.
    """

    connection: Connection
    gss_code: str
    reason: str
    is_approximate: bool = False
    without_names: str = ""


@dataclass(frozen=True)
class Standing:
    """One seat with everything that ties it to the case, the strongest tie first."""

    seat: Seat
    ties: tuple[Tie, ...]
    name: str

    @property
    def connection(self) -> Connection:
        """The strongest tie: what this MP is to the case before all else."""
        return self.ties[0].connection

    @property
    def may(self) -> tuple[str, ...]:
        """What this MP may do, in sentences; nothing for an empty seat."""
        return _once(_MAY[tie.connection] for tie in self.ties) if self.seat.member else ()

    @property
    def may_not(self) -> tuple[str, ...]:
        """What this MP may refuse, or cannot do."""
        if not self.seat.member:
            return ()
        limits = _once(_MAY_NOT[tie.connection] for tie in self.ties[:1])
        return (*(limit.format(name=self.name) for limit in limits), CANNOT)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know before writing: an empty seat, one source only, the Speaker, a minister."""
        if self.seat.status is SeatStatus.VACANT:
            return (f"{self.seat.note} {_EMPTY[self.connection]}",)
        if self.seat.member is None:
            return (self.seat.note,)
        return tuple(cautions_about(self.seat.member))

    @property
    def said(self) -> tuple[str, ...]:
        """What this MP has said that speaks for asking, with its source."""
        facts = self.seat.member.facts if self.seat.member else ()
        return tuple(f"{fact.text} ({fact.source})" for fact in facts if fact.kind == STATEMENT)

    @property
    def is_approximate(self) -> bool:
        """Whether every tie rests on a postcode that is only roughly placed."""
        return all(tie.is_approximate for tie in self.ties)


CANNOT = (
    "No MP can cancel a removal, order a release, stand in for a lawyer or stop a clock. "
    "A letter to an MP never extends a legal deadline."
)
_MAY = {
    Connection.HOME: (
        "The MP to ask first. May raise the case with the Home Office or a minister, who must answer. May ask for "
        "removal to be put off when there is something new and strong. May get an answer where letters were ignored."
    ),
    Connection.DETENTION: (
        "May take up the case if they accept people held here as constituents. Ask when the MP for the home cannot "
        "act or will not."
    ),
    Connection.FORMER_HOME: (
        "Friends and family who still live here can write and visit as this MP’s own constituents. They can ask for a "
        "word with a minister or with the MP for the home."
    ),
    Connection.SUPPORTER: (
        "May speak to a minister or to another MP because a constituent asks, or support a petition or a motion."
    ),
}
_MAY_NOT = {
    Connection.HOME: "Need not take up a case, but should answer a constituent. Status makes no difference to that.",
    Connection.DETENTION: (
        "May say that {name} is not a constituent: by custom MPs do not take up the cases of other MPs’ constituents."
    ),
    Connection.FORMER_HOME: "Will usually leave the case itself to the MP for the home, by custom.",
    Connection.SUPPORTER: "Will usually not take up the case itself: by custom that is for the MP for the home.",
}
_EMPTY = {
    Connection.HOME: (
        "So there is no home MP to ask now. If the person is detained, ask the MP for the place of detention; keep "
        "the letter ready for whoever is elected. UK Parliament’s page says when."
    ),
    Connection.DETENTION: "So nobody can be asked for this place now. UK Parliament’s page says when that changes.",
    Connection.FORMER_HOME: "So friends here have no MP to ask now. UK Parliament’s page says when that changes.",
    Connection.SUPPORTER: "So this supporter has no MP to write to now. UK Parliament’s page says when that changes.",
}


def cautions_about(member: Member) -> list[str]:
    """What to know of this member before writing, whatever the case."""
    said = []
    if not member.is_checked:
        said.append(
            f"We know from one source only that {member.name} is the MP here. Look on UK Parliament’s page "
            "before you write."
        )
    if member.is_speaker:
        said.append(
            "This MP is the Speaker, who takes no side: no debates, no motions, no questions to ministers in the "
            f"House. The Speaker can still write to the Home Office for a constituent. {NOT_CHECKED}"
        )
    if member.is_sinn_fein:
        said.append(
            "Sinn Féin MPs do not take their seats, so they ask nothing in the House. Their offices still take up "
            f"cases and write to the Home Office. {NOT_CHECKED}"
        )
    if member.government_posts:
        newest = max(post.dated for post in member.government_posts)
        posts = [post for post in member.government_posts if post.dated == newest]
        named: str = in_a_row(dict.fromkeys(typed(post.text) for post in posts), PARTS)
        warning, when = posts[0].warning, posts[0].when
        if when not in warning:  # the warning may say the day itself
            named = say("{posts} ({when})", posts=named, when=when)
        said.append(
            say(
                "Named in government: {posts}. {warning} A minister does not speak in public against the government, "
                "but can write for a constituent and speak to colleagues.",
                posts=named,
                warning=warning,
            )
        )
    return said


def who_can_act(
    name: str,
    places: Iterable[TiedPlace],
    supporters: Iterable[TiedSupporters],
    on: date,
    seat_of: Callable[[str], Seat],
) -> list[Standing]:
    """Each seat that is tied to the case on this day, once, in the order in which its MP is asked."""
    ties: dict[str, list[Tie]] = {}
    for tie in [*ties_of_places(name, list(places), on), *_ties_of_supporters(name, supporters)]:
        ties.setdefault(tie.gss_code, []).append(tie)
    return [Standing(seat_of(gss_code), tuple(own), name) for gss_code, own in ties.items()]


def ties_of_places(name: str, places: list[TiedPlace], on: date) -> list[Tie]:
    """The ties of homes and places of detention on this day: home, detention, former homes newest first."""
    reasons = [(Connection.HOME, home, _lives(name, home, on)) for home in homes_on(places, on)]
    reasons += [(Connection.DETENTION, place, _is_held(name, place)) for place in held_on(places, on)]
    reasons += [(Connection.FORMER_HOME, home, _lived(name, home)) for home in former_homes_on(places, on)]
    return [
        Tie(connection, place.gss_code, _in_doubt(reason, place), place.is_approximate, without_names=reason)
        for connection, place, reason in reasons
        if place.gss_code
    ]


def _ties_of_supporters(name: str, supporters: Iterable[TiedSupporters]) -> list[Tie]:
    return [
        Tie(
            Connection.SUPPORTER, own.gss_code, _supporters_live(name, own), own.is_approximate,
            without_names=_somebody_lives(name, own.number),
        )
        for own in supporters
    ]  # fmt: skip


def _lives(name: str, home: TiedPlace, on: date) -> str:
    if home.kind is PlaceKind.FORMER_HOME or not is_there(home, on):
        return _lived_until_detained(name, home)
    where = _since(home)
    if home.kind is PlaceKind.CARE_OF:
        return say("{name} is staying here with somebody: {where}.", name=name, where=where)
    if home.kind is PlaceKind.NO_FIXED_ABODE:
        return say(
            "{name} has no fixed address and usually sleeps, or can be reached, here: {where}.",
            name=name,
            where=where,
        )
    return say("{name}’s home is here: {where}.", name=name, where=where)


def _since(place: TiedPlace) -> str:
    """The place, with the day since which somebody is there."""
    if place.since is None:
        return place.label
    return say("{place}, since {day}", place=place.label, day=on_day(place.since))


def _lived_until_detained(name: str, home: TiedPlace) -> str:
    return say(
        "{name}’s home was here until {end}: {place}. "
        "Somebody who is detained still asks the MP for their home first.",
        name=name, end=_end(home), place=home.label,
    )  # fmt: skip


def _end(home: TiedPlace) -> str:
    return on_day(home.until) if home.until else say("a day that is not known")


def _is_held(name: str, place: TiedPlace) -> str:
    return say("{name} is held here: {where}.", name=name, where=_since(place))


def _in_doubt(reason: str, place: TiedPlace) -> str:
    if not place.doubt:
        return reason
    return say("{reason} {doubt} Look whether this is right.", reason=reason, doubt=place.doubt)


def _lived(name: str, home: TiedPlace) -> str:
    told = {"name": name, "place": home.label}
    if home.since and home.until:
        days = {"since": on_day(home.since), "until": on_day(home.until)}
        return say("{name} lived here from {since} to {until}: {place}.", **told, **days)
    if home.until:
        return say("{name} lived here until {until}: {place}.", **told, until=on_day(home.until))
    return say("{name} lived here once: {place}.", **told)


def _somebody_lives(name: str, number: int) -> str:
    if number == 1:
        return say("Somebody who supports {name} lives here.", name=name)
    return say("{many} people who support {name} live here.", many=number, name=name)


def _supporters_live(name: str, own: TiedSupporters) -> str:
    if own.number == 1:
        return say("{supporter}, who supports {name}, lives here.", supporter=own.names[0], name=name)
    more = own.number - len(own.names)
    names = [typed(one) for one in own.names]
    named = in_a_row([*names, say("{more} more", more=more)] if more else names, AND)
    return say(
        "{many} people who support {name} live here: {named}.", many=own.number, name=name, named=named
    )


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))
