"""The one place that every way out passes: what the person agreed to on a day, and a paper without the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from casework import clock
from casework.domain.campaign_consent import CampaignGiven
from casework.domain.disclosure import kinds_marked, kinds_told, screen
from casework.domain.errors import CaseworkError
from casework.domain.letters import LetterValues
from casework.domain.publicity import Agreement, Audience, Kind, Level, may_say
from casework.reference.topics import topics
from casework.services import campaign_consent, consent
from casework.storage.models import Case

# The boxes of the form of authority under "What nobody may tell", and the kinds of fact that they close.
WITHHELD_KINDS = {
    "health": Kind.HEALTH,
    "hiv": Kind.HIV,
    "family": Kind.FAMILY,
    "offence": Kind.OFFENCE,
    "sexuality": Kind.SEXUALITY,
    "trafficking": Kind.TRAFFICKING,
    "beliefs": Kind.BELIEFS,
}


@dataclass(frozen=True)
class Sayable:
    """A paper as its audience may see it: its values and texts, and what was taken out of them."""

    values: LetterValues
    blocks: Mapping[str, str]
    taken_out: frozenset[Kind]


def agreement_on(case: Case, day: date) -> Agreement:
    """What the person has agreed to on this day, from every paper that is in force.

    A form of authority, or a recorded yes to writing to MPs, goes as far as the offices and no further.
    """
    return agreement_under(case, day, campaign_consent.in_force(case, day))


def agreement_under(case: Case, day: date, campaign: CampaignGiven | None) -> Agreement:
    """The same, were this the campaign consent in force on that day."""
    offices = consent.in_force(case, day) is not None or _said_yes_to_mps(case, day)
    level = max(campaign.level if campaign else Level.PLANNING, Level.OFFICES if offices else Level.PLANNING)
    withheld = {WITHHELD_KINDS[key] for key in consent.withheld_keys(case, day) if key in WITHHELD_KINDS}
    return Agreement(
        level=Level(level),
        items=campaign.items if campaign else frozenset(),
        withheld=frozenset(withheld),
        changed_name=campaign.changed_name if campaign else "",
    )


def say(
    case: Case,
    audience: Audience,
    values: LetterValues,
    blocks: Mapping[str, str],
    *,
    cleared: Iterable[Kind] = (),
    agreement: Agreement | None = None,
) -> Sayable:
    """The paper without anything that was not agreed to; `cleared` as `domain.disclosure.screen` has it.

    What was agreed to is what holds today, unless another `agreement` is to be tried.
    """
    agreement = agreement or agreement_on(case, clock.today())
    screened = screen(values, audience, agreement, topics(), cleared)
    said = {name: screened.mask(text) for name, text in blocks.items()}
    taken_out = frozenset(kind for text in said.values() for kind in kinds_marked(text))
    return Sayable(screened.values, said, taken_out)


def told(
    values: LetterValues, printed: str, blocks: Mapping[str, str], *, cleared: Iterable[Kind] = ()
) -> frozenset[Kind]:
    """The kinds of fact that a paper tells to whoever reads it."""
    return kinds_told(values, printed, "\n".join(blocks.values()), topics(), cleared)


def beyond_level(
    case: Case, audience: Audience, tells: Iterable[Kind], *, agreement: Agreement | None = None
) -> frozenset[Kind]:
    """What a paper tells by its nature, where the person did not agree to its readers at all; else nothing."""
    agreement = agreement or agreement_on(case, clock.today())
    return frozenset(tells) if agreement.level < audience.level else frozenset()


def known_in_public(case: Case, values: LetterValues) -> LetterValues:
    """The values with the name by which a public paper may call the person; without one where there is none."""
    person = screen(values, Audience.PUBLIC, agreement_on(case, clock.today())).values.person
    name = "" if kinds_marked(person.name) else person.name
    return replace(values, person=replace(values.person, name=name, official_name="", other_names=""))


def lacking(case: Case, audience: Audience, kinds: Iterable[Kind]) -> list[str]:
    """What the person has not agreed to and a paper of this sort needs, in sentences that say how to ask."""
    agreement = agreement_on(case, clock.today())
    found = []
    if agreement.level < audience.level:
        found.append(
            f"This paper needs their yes to level {int(audience.level)} ({audience.level.words}). "
            f"They agreed to level {int(agreement.level)} ({agreement.level.words})."
        )
    for kind in kinds:
        if agreement.level >= audience.level and not may_say(kind, audience, agreement):
            found.append(f"They did not agree to have this told: {kind}.")
    return found


def refuse(kinds: Iterable[Kind]) -> None:
    """Nothing where nothing was taken out; else raises CaseworkError that names it and says how to ask."""
    names = ", ".join(sorted(kinds))
    if names:
        raise CaseworkError(
            f"There is no consent to say this: {names}. Take it out of the text, or ask the person and record what "
            "they agree to."
        )


def _said_yes_to_mps(case: Case, day: date) -> bool:
    return bool(case.agreed_to_mps and (case.asked_about_mps_on or date.min) <= day)
