"""Consent to a campaign: which paper counts on a day, and what has to be gone through before anything is public."""

from datetime import date

import pytest

from casework.domain.consent.campaign_consent import RISKS, CampaignGiven, check, in_force
from casework.domain.consent.publicity import Kind, Level
from casework.domain.errors import CaseworkError

TODAY = date(2026, 11, 20)
FIRST = CampaignGiven(date(2026, 3, 1), Level.PUBLIC, frozenset({Kind.NAME}))
LESS = CampaignGiven(date(2026, 6, 1), Level.OFFICES)


def test_the_newest_paper_counts_and_an_older_one_never_comes_back():
    assert in_force([FIRST, LESS], date(2026, 5, 31)) is FIRST
    assert in_force([FIRST, LESS], date(2026, 6, 1)) is LESS
    taken_back = CampaignGiven(date(2026, 6, 1), Level.OFFICES, withdrawn_on=date(2026, 7, 1))
    assert in_force([FIRST, taken_back], date(2026, 7, 1)) is None


def test_a_paper_counts_on_its_last_day_and_not_after_it():
    ends = CampaignGiven(date(2026, 3, 1), Level.SUPPORTERS, ends_on=date(2026, 9, 1))
    assert in_force([ends], date(2026, 9, 1)) is ends
    assert in_force([ends], date(2026, 9, 2)) is None


def test_of_two_papers_of_one_day_the_one_recorded_last_counts():
    same_day = CampaignGiven(FIRST.given_on, Level.PLANNING)
    assert in_force([FIRST, same_day], TODAY) is same_day


@pytest.mark.parametrize(
    ("paper", "risks", "field"),
    [
        (CampaignGiven(date(2026, 11, 21), Level.OFFICES), RISKS, "given_on"),
        (CampaignGiven(TODAY, Level.OFFICES, ends_on=date(2026, 11, 19)), RISKS, "ends_on"),
        (CampaignGiven(TODAY, Level.OFFICES, frozenset({Kind.ADDRESS})), RISKS, "items"),
        (CampaignGiven(TODAY, Level.PUBLIC, anonymity_order="no"), ["family"], "risks"),
        (CampaignGiven(TODAY, Level.PUBLIC, anonymity_order="yes"), RISKS, "anonymity_order"),
        (CampaignGiven(TODAY, Level.PUBLIC), RISKS, "anonymity_order"),
        (
            CampaignGiven(TODAY, Level.FIRST_NAME_OR_PICTURE, frozenset({Kind.NAME, Kind.FACE})),
            RISKS,
            "items",
        ),
    ],
)
def test_what_cannot_be_kept_is_answered_at_its_field(paper, risks, field):
    with pytest.raises(CaseworkError) as refused:
        check(paper, TODAY, how_given="signature", witness="", risks=risks)
    assert refused.value.field == field


def test_a_mark_or_a_word_on_the_phone_needs_a_witness():
    for how in ("mark", "call"):
        with pytest.raises(CaseworkError, match="saw or heard"):
            check(LESS, TODAY, how_given=how, witness="", risks=())
        check(LESS, TODAY, how_given=how, witness="Ruth", risks=())


def test_after_every_risk_and_a_word_of_the_lawyer_it_may_be_public():
    check(
        CampaignGiven(TODAY, Level.PUBLIC, anonymity_order="no"),
        TODAY,
        how_given="signature",
        witness="",
        risks=RISKS,
    )
