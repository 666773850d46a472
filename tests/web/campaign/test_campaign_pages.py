import re

import pytest

from casework import clock
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Level
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.services.campaign import campaign_pages
from casework.services.case import cases
from casework.services.consent import campaign_consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.storage.models import CampaignPage
from tests.factories import home, make_case, make_user

SAID = {
    "template": "supporter-to-own-mp",
    "heading": "For Leila",
    "words": "She sings in our choir.",
    "days": "56",
}
YES = NewCampaignConsent(
    clock.today(), Level.CHANGED_NAME, "Ruth Ellery", "signature", changed_name="Leila", risks=tuple(RISKS),
    anonymity_order="no",
)  # fmt: skip


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), name="Samira", pronouns="she")


@pytest.fixture
def path(case):
    return f"/cases/{case.reference}/campaign-page"


def test_it_waits_for_the_public_level_and_says_what_it_needs(browser, path, case, organiser):
    offices = NewCampaignConsent(clock.today(), Level.SUPPORTERS, "Ruth", "signature")
    campaign_consent.record(case, offices, organiser)
    page = browser.get(path)
    assert "needs their yes to level 3" in page
    assert "Open the page" not in page
    with pytest.raises(CaseworkError, match="needs their yes to level 3"):
        campaign_pages.open_page(case, "supporter-to-own-mp", "For Leila", "She sings.", 28, organiser)
    assert not CampaignPage.query.all()


def test_it_is_opened_for_a_while_its_address_is_shown_once_and_it_is_closed(browser, path, case, organiser):
    campaign_consent.record(case, YES, organiser)
    shown = browser.post(path, 200, **SAID)
    address = re.search(r"http://localhost(/c/[\w-]+)</textarea>", shown)[1]
    assert address.removeprefix("/c/") not in CampaignPage.query.one().token_hash
    page = browser.get(path)
    assert "It is open" in page
    assert "called Leila" in page
    assert address not in page
    browser.get(address)
    browser.post(f"{path}/close", page=path)
    assert "It is open" not in browser.get(path)
    browser.get(address, 404)
    assert "Choose one of the answers" in browser.post(path, 200, **{**SAID, "days": "365"})
    assert len(CampaignPage.query.all()) == 1


@pytest.mark.parametrize("field", ["heading", "words"])
def test_words_that_tell_more_than_is_agreed_do_not_open_it(browser, path, case, organiser, field):
    campaign_consent.record(case, YES, organiser)
    page = browser.post(path, 200, **{**SAID, field: "Samira of Leeds is ill in hospital."})
    assert "They did not agree to have this told" in page
    assert "Samira of Leeds is ill in hospital." in page
    assert not CampaignPage.query.all()


def test_a_volunteer_opens_none(sign_in, path, case, organiser):
    mina = make_user(Role.VOLUNTEER, "Mina")
    cases.add_to_team(case, mina.id, organiser)
    assert sign_in(mina).client.get(path).status_code == 403


def test_whoever_lowers_the_consent_sees_that_the_page_stops_and_it_is_taken_down(
    browser, path, case, organiser
):
    campaign_consent.record(case, YES, organiser)
    token = campaign_pages.open_page(case, *list(SAID.values())[:3], 28, organiser)
    row = campaign_consent.papers(case)[0]
    back = f"/cases/{case.reference}/campaign-consent/{row.id}/take-back"
    page = browser.post(back, 200, **{"withdrawn_on-day": "today"})
    assert "The campaign page is taken down" in page
    assert "For Leila" in page
    browser.save(back)
    assert "The campaign page is taken down." in browser.get(browser.location)
    assert CampaignPage.query.one().closed_at
    browser.get(f"/c/{token}", 404)


def test_before_a_no_to_mps_is_saved_it_is_said_that_the_page_stops_and_then_it_is_taken_down(
    browser, case, organiser
):
    campaign_consent.record(case, YES, organiser)
    token = campaign_pages.open_page(case, *list(SAID.values())[:3], 28, organiser)
    asked = f"/cases/{case.reference}/asked"
    page = browser.post(asked, 200, agreed="no", asked_by="Ruth", **{"asked_on-day": "today"})
    assert "The campaign page is taken down" in page
    assert "For Leila" in page
    browser.save(asked)
    assert CampaignPage.query.one().closed_at
    assert "The campaign page is taken down." in browser.get(browser.location)
    browser.get(f"/c/{token}", 404)
