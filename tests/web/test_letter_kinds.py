"""The kinds of letters through the browser: chosen from groups, with what each asks before it can be issued."""

import re
from datetime import timedelta

import pytest

from casework import clock
from casework.domain.consent.publicity import Kind, Level
from casework.domain.safety.accounts import Role
from casework.services.consent import campaign_consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import letters
from casework.services.parliament import ministers
from casework.services.timing import removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.models import Case
from tests.factories import detained_at, home, make_case, on_team

RISKS = ("return", "family", "known", "children", "evidence", "hostile", "forever")


@pytest.fixture
def case(app, organiser) -> Case:
    return make_case(organiser, home(), detained_at(), name="Samira", pronouns="she")


def test_the_letters_stand_in_groups_with_the_level_that_each_needs(browser, case):
    page = browser.get(f"/cases/{case.reference}/letters/new")
    heads = [
        page.index(words) for words in ("Letters to MPs", "Letters to others", "Sheets, forms and cards")
    ]
    assert heads == sorted(heads)
    assert heads[1] < page.index("Question to the lawyer") < heads[2] < page.index("Airline sheet")
    line = page[page.index("Line for a journalist") :][:300]
    assert "Needs their yes to level 3." in line
    assert "level" not in page[page.index("Urgent letter to the home MP") :][:150]


def test_a_volunteer_reads_nothing_of_a_flight_in_an_airline_sheet(sign_in, case, organiser):
    """Of a flight they read only that the day of a visit may be too late."""
    facts = RemovalFacts(departs_on=clock.today() + timedelta(9), departs_at="07:05", flight="XX 123")
    removals.record_removal(case, facts, organiser)
    sheet = letters.draft_letter(case, "airline-sheet", organiser)
    browser = sign_in(on_team(case, organiser, Role.VOLUNTEER, "Mina Castellan"))
    page = browser.get(f"/cases/{case.reference}/letters/new")
    assert "Postcards" in page
    assert "Airline sheet" not in page
    browser.get(f"/cases/{case.reference}/letters/{sheet.id}", status=404)
    assert "Airline sheet" not in browser.get(f"/cases/{case.reference}/letters")


def test_a_minister_is_chosen_from_the_list_and_the_draft_says_how_old_the_list_is(browser, case):
    new = f"/cases/{case.reference}/letters/new"
    held = ministers.ministers(clock.today())[0]
    assert f"{held.member.name}, {held.post}" in browser.get(new)
    browser.post(new, page=new, gss_code=held.gss_code, template="supporter-to-minister")
    page = browser.get(browser.location)
    assert "Who looked that this is still the minister, and when" in page
    assert held.fact.warning.split(".")[0] in page
    assert "Still missing: who looked that this is still the minister" in page
    assert "Where its claims come from" in page
    assert "nobody has checked it on GOV.UK" in page


def test_a_letter_to_a_minister_without_one_is_asked_for_beside_the_field(browser, case):
    new = f"/cases/{case.reference}/letters/new"
    assert "Choose the minister." in browser.post(new, page=new, status=200, template="supporter-to-minister")


def test_who_looked_is_kept_with_the_draft(browser, case):
    new = f"/cases/{case.reference}/letters/new"
    held = ministers.ministers(clock.today())[0]
    browser.post(new, page=new, gss_code=held.gss_code, template="supporter-to-minister")
    address = browser.location
    browser.post(address, page=address, minister_checked="Ruth, on gov.uk, today")
    assert 'value="Ruth, on gov.uk, today"' in browser.get(address)


def test_the_lawyer_s_address_can_be_typed_and_stands_in_the_window(browser, case):
    new = f"/cases/{case.reference}/letters/new"
    browser.post(new, page=new, template="question-to-lawyer")
    address = browser.location
    page = browser.get(address)
    assert "Still missing: the name of the lawyer, on the page of the person" in page
    browser.post(address, page=address, lawyer_address="3 Sample Street")
    assert "3 Sample Street" in browser.get(address)


def test_the_plan_before_a_flight_leads_to_the_airline_sheet_once_they_agreed(browser, case, organiser):
    facts = RemovalFacts(departs_on=clock.today() + timedelta(9), departs_at="07:05", carriage="commercial")
    row = removals.record_removal(case, facts, organiser)
    plan = f"/cases/{case.reference}/removals/{row.id}"
    assert "template=airline-sheet" not in browser.get(plan)
    new = NewCampaignConsent(
        clock.today(),
        Level.CHANGED_NAME,
        "Ruth",
        "signature",
        (Kind.NAME,),
        risks=RISKS,
        anonymity_order="no",
    )
    campaign_consent.record(case, new, organiser)
    door = re.search(r'href="([^"]+template=airline-sheet)"', browser.get(plan))
    assert door
    assert "<h1>Airline sheet</h1>" in browser.get(door[1])
