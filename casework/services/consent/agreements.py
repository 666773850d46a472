"""What the person has agreed to on a day, from every paper that is in force and from what they said of MPs."""

from collections.abc import Collection, Sequence
from datetime import date

from casework.domain.consent.campaign_consent import CampaignGiven
from casework.domain.consent.publicity import Agreement, Kind, Level
from casework.services.consent import campaign_consent, consent
from casework.storage.models import Authority, Case

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


def agreement_on(case: Case, day: date, forms: Sequence[Authority] | None = None) -> Agreement:
    """What the person has agreed to on this day, from every paper that is in force.

    A form of authority, or a recorded yes to writing to MPs, goes as far as the offices and no further. A form does not
    where they said no to MPs on its day or later. `forms` are all of theirs, where they were asked for already.
    """
    return agreement_under(case, day, campaign_consent.in_force(case, day), forms)


def agreement_under(
    case: Case, day: date, campaign: CampaignGiven | None, forms: Sequence[Authority] | None = None
) -> Agreement:
    """The same, were this the campaign consent in force on that day."""
    forms = consent.list_authorities(case) if forms is None else forms
    said_no_on = (case.asked_about_mps_on or date.max) if case.agreed_to_mps is False else None
    said_yes = said_yes_to_mps(case, day, forms)
    return _agreement(day, campaign, forms, said_yes=said_yes, said_no_on=said_no_on)


def agreement_after_no(case: Case, day: date, said_on: date) -> Agreement:
    """The same, had they said no to MPs on that day."""
    campaign, forms = campaign_consent.in_force(case, day), consent.list_authorities(case)
    return _agreement(day, campaign, forms, said_yes=False, said_no_on=said_on)


def _agreement(
    day: date,
    campaign: CampaignGiven | None,
    forms: Sequence[Authority],
    *,
    said_yes: bool,
    said_no_on: date | None,
) -> Agreement:
    form = consent.covering(forms, day)
    offices = said_yes or (form is not None and not (said_no_on and said_no_on >= form.signed_on))
    level = max(campaign.level if campaign else Level.PLANNING, Level.OFFICES if offices else Level.PLANNING)
    withheld = {WITHHELD_KINDS[key] for key in consent.withheld_keys(forms, day) if key in WITHHELD_KINDS}
    return Agreement(
        level=Level(level),
        items=campaign.items if campaign else frozenset(),
        withheld=frozenset(withheld),
        changed_name=campaign.changed_name if campaign else "",
    )


def agreements_on(cases: Collection[Case], day: date) -> dict[int, Agreement]:
    """What holds on this day in each of these cases, by its number; each table is asked once."""
    forms, papers = consent.authorities_of(cases), campaign_consent.papers_of(cases)
    return {
        case.id: agreement_under(
            case, day, campaign_consent.in_force(case, day, papers[case.id]), forms[case.id]
        )
        for case in cases
    }


def said_yes_to_mps(case: Case, day: date, forms: Sequence[Authority]) -> bool:
    """Whether a yes is on record, and no form of authority was taken back on its day or later."""
    asked_on = case.asked_about_mps_on or date.min
    return bool(case.agreed_to_mps and asked_on <= day and not consent.taken_back(forms, asked_on, day))
