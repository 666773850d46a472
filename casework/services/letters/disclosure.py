"""The one place that every way out passes: what the person agreed to on a day, and a paper without the rest."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from casework import clock
from casework.domain import words
from casework.domain.case.places import PlaceKind
from casework.domain.consent.campaign_consent import CampaignGiven
from casework.domain.consent.publicity import Agreement, Audience, Kind, Level, may_say
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.letters.disclosure import (
    SHORTEST_NAME,
    Screened,
    kinds_marked,
    kinds_told,
    parts_of,
    screen,
)
from casework.domain.letters.letter_values import LetterValues
from casework.domain.said import AND, in_a_row, of_ours, on_day
from casework.reference.topics import topics
from casework.services.consent import campaign_consent, consent
from casework.services.consent.agreements import agreement_on, agreement_under, said_yes_to_mps
from casework.services.consent.need_to_know import all_places
from casework.services.timing.removals import list_removals
from casework.storage.models import Case, CasePlace

_HOUSE_NUMBER = re.compile(r"^\d+\s?\w?\s+")


@dataclass(frozen=True)
class Sayable:
    """A paper as its audience may see it: its values and texts, and what was taken out of them."""

    values: LetterValues
    blocks: Mapping[str, str]
    taken_out: frozenset[Kind]


def why_offices(case: Case, day: date, campaign: CampaignGiven | None) -> str:
    """By what the offices may be told, where no campaign consent says so: "their yes of 9 November 2026 ..."."""
    agreement, form = agreement_under(case, day, campaign), consent.in_force(case, day)
    if agreement.level is not Level.OFFICES or (campaign and campaign.level >= Level.OFFICES):
        return ""
    if agreement_under(case, day, None).level is Level.OFFICES and said_yes_to_mps(
        case, day, consent.list_authorities(case)
    ):
        asked = case.asked_about_mps_on
        return f"their yes{f' of {spoken(asked)}' if asked else ''} to writing to MPs"
    return f"the form of authority signed on {spoken(form.signed_on)}" if form else ""


def yes_in_doubt(case: Case, day: date) -> str:
    """Why a yes to writing to MPs does not count that bears the day of a withdrawal; empty where there is none such.

    The hour of neither is kept, so nobody knows which came last, and what was taken back stays taken back.
    """
    asked_on, forms = case.asked_about_mps_on, consent.list_authorities(case)
    if not (case.agreed_to_mps and asked_on and asked_on in {row.withdrawn_on for row in forms}):
        return ""
    if asked_on > day or agreement_on(case, day, forms).level >= Level.OFFICES:
        return ""
    return words.say(
        "They said yes to MPs and took back a form of authority on the same day, {day}. Which came last is not kept, "
        "so nothing may be told. If they want it, record a new signed form of authority: it counts at once. Or ask "
        "them again on a later day and record that day.",
        day=on_day(asked_on),
    )


def forbidden(case: Case, items: Iterable[Kind]) -> list[str]:
    """Those of these kinds that a form of authority asks nobody to tell, in words: no yes elsewhere opens them."""
    withheld = agreement_on(case, clock.today()).withheld
    return [item.words for item in items if item in withheld]


def say(
    case: Case,
    audience: Audience,
    values: LetterValues,
    blocks: Mapping[str, str],
    *,
    cleared: Iterable[Kind] = (),
    agreement: Agreement | None = None,
) -> Sayable:
    """The paper without anything that was not agreed to; `cleared` as `domain.letters.disclosure.screen` has it.

    What was agreed to is what holds today, unless another `agreement` is to be tried.
    """
    screened = screen_for(case, audience, values, cleared=cleared, agreement=agreement)
    said = {name: screened.mask(text) for name, text in blocks.items()}
    taken_out = frozenset(kind for text in said.values() for kind in kinds_marked(text))
    return Sayable(screened.values, said, taken_out)


def screen_for(
    case: Case,
    audience: Audience,
    values: LetterValues,
    *,
    cleared: Iterable[Kind] = (),
    agreement: Agreement | None = None,
) -> Screened:
    """The values as this audience may see them, and what to take out of any text beside them; as `say` has it."""
    agreement = agreement or agreement_on(case, clock.today())
    return screen(values, audience, agreement, topics(), cleared, other_facts(case))


def told(
    case: Case, values: LetterValues, printed: str, blocks: Mapping[str, str], *, cleared: Iterable[Kind] = ()
) -> frozenset[Kind]:
    """The kinds of fact that a paper tells to whoever reads it."""
    return kinds_told(values, printed, "\n".join(blocks.values()), topics(), cleared, other_facts(case))


def other_facts(case: Case) -> dict[str, Kind]:
    """What would tell of the person and stands nowhere among the values of a letter: earlier homes, flights, places."""
    found: dict[str, Kind] = {}
    for place in all_places(case):
        found |= _of_detention(place) if place.kind == PlaceKind.DETENTION else _of_home(place)
    for removal in list_removals(case):
        travel = (removal.flight, removal.airline, removal.airport, *parts_of(removal.route or ""))
        travel += (spoken(removal.departs_on) if removal.departs_on else "",)
        found |= dict.fromkeys(filter(None, travel), Kind.TRAVEL)
        found |= dict.fromkeys(parts_of(removal.destination or ""), Kind.COUNTRY)
        found |= {removal.booked_name: Kind.NAME} if removal.booked_name else {}
    return {name: kind for name, kind in found.items() if len(name) >= SHORTEST_NAME}


def _of_detention(place: CasePlace) -> dict[str, Kind]:
    said = (place.name or "", *(place.address or "").splitlines(), place.postcode or "", place.room or "")
    return dict.fromkeys(map(str.strip, said), Kind.PLACE_OF_DETENTION)


def _of_home(place: CasePlace) -> dict[str, Kind]:
    """The street with and without its number, and the postcode; the other parts of the address are the town."""
    parts = [part.strip() for part in re.split(r"[\n,]", place.address or "") if part.strip()]
    streets = [part for number, part in enumerate(parts) if not number or any(map(str.isdigit, part))]
    roads = (_HOUSE_NUMBER.sub("", street) for street in streets)
    return {
        **{part: Kind.HOME for part in parts if part not in streets},
        **dict.fromkeys((*streets, place.postcode or ""), Kind.ADDRESS),
        **{road: Kind.ADDRESS for road in roads if " " in road},
    }


def beyond_level(
    case: Case, audience: Audience, tells: Iterable[Kind], *, agreement: Agreement | None = None
) -> frozenset[Kind]:
    """What a paper tells by its nature, where the person did not agree to its readers at all; else nothing."""
    agreement = agreement or agreement_on(case, clock.today())
    return frozenset(tells) if agreement.level < audience.level else frozenset()


def known_in_public(case: Case, values: LetterValues, agreement: Agreement | None = None) -> LetterValues:
    """The values with the name by which a public paper may call the person; without one where there is none.

    What was agreed to is what holds today, unless another `agreement` is to be tried.
    """
    agreement = agreement or agreement_on(case, clock.today())
    person = screen(values, Audience.PUBLIC, agreement).values.person
    name = "" if kinds_marked(person.name) else person.name
    return replace(values, person=replace(values.person, name=name, official_name="", other_names=""))


def name_for_supporters(case: Case) -> str:
    """The name by which supporters may know the person; empty where that was not agreed to."""
    agreed = agreement_on(case, clock.today())
    return case.person_name if may_say(Kind.NAME, Audience.SUPPORTERS, agreed) else ""


def lacking(case: Case, audience: Audience, kinds: Iterable[Kind]) -> list[str]:
    """What the person has not agreed to and a paper of this sort needs, in sentences that say how to ask."""
    agreement = agreement_on(case, clock.today())
    found: list[str] = []
    reason = why_offices(case, clock.today(), campaign_consent.in_force(case, clock.today()))
    if agreement.level < audience.level:
        told: dict[str, object] = {
            "needed": int(audience.level), "who": of_ours(audience.level.words),
            "agreed": int(agreement.level), "so_far": of_ours(agreement.level.words),
        }  # fmt: skip
        told["agreed_to"] = words.say("level {agreed} ({so_far})", **told)
        if reason:
            told["agreed_to"] = words.say(
                "{level}, by {reason}", level=told["agreed_to"], reason=of_ours(reason)
            )
        found.append(
            words.say(
                "This paper needs their yes to level {needed} ({who}). Nobody has asked them yet.", **told
            )
            if _nobody_asked(case)
            else words.say(
                "This paper needs their yes to level {needed} ({who}). They agreed to {agreed_to}.", **told
            )
        )
        if doubt := yes_in_doubt(case, clock.today()):
            found.append(doubt)
    for kind in kinds:
        if agreement.level >= audience.level and not may_say(kind, audience, agreement):
            found.append(words.say("They did not agree to have this told: {what}.", what=of_ours(kind.words)))
    return found


def refuse(kinds: Iterable[Kind]) -> None:
    """Nothing where nothing was taken out; else raises CaseworkError that names it and says how to ask."""
    if names := in_a_row(sorted(kind.words for kind in kinds), AND):
        raise CaseworkError(
            words.say(
                "There is no consent to say this: {names}. Take it out of the text, or ask the person and record what "
                "they agree to.",
                names=names,
            )
        )


def _nobody_asked(case: Case) -> bool:
    """Whether nothing is kept of what they were asked: no answer about MPs, and no paper of consent, old ones too."""
    asked = case.agreed_to_mps is not None or consent.list_authorities(case) or campaign_consent.papers(case)
    return not asked
