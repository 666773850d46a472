"""When the person agrees to less, in the browser: what stops and who was told, before it is saved and afterwards."""

import re

import pytest

from casework import clock
from casework.domain.consent.publicity import Kind, Level
from casework.domain.dates import spoken
from casework.domain.safety.accounts import Role
from casework.services.campaign import call_rounds, calls, campaign_pages
from casework.services.campaign.call_rounds import NewRound
from casework.services.case import cases
from casework.services.consent import campaign_consent
from tests.factories import make_user
from tests.supporters import TO_OWN_MP, campaign_of, make_supporters

WORDS = "She is from Afghanistan."


@pytest.fixture
def case(organiser):
    """Samira, who agreed to everything that is told of her here, with a supporter who is rung and written to."""
    case = campaign_of(organiser, Kind.NAME, Kind.COUNTRY, level=Level.PUBLIC)
    case.nationality = "Afghanistan"
    make_supporters(case, 2, reached_by=["call", "email"], phone="07700 900555", email="one@example.org")
    return case


@pytest.fixture
def back(case):
    """Where the consent is taken back."""
    return f"/cases/{case.reference}/campaign-consent/{campaign_consent.papers(case)[0].id}/take-back"


def write(browser, case):
    told = {"kind": "update", "means": "email", "audience": "supporters", "to_whom": "all", "subject": "News"}
    browser.post(f"/cases/{case.reference}/messages/new", words=WORDS, **told)
    return browser.location


def take_back(browser, back):
    browser.post(back, 200, **{"withdrawn_on-day": "today"})
    browser.save(back)


def test_what_a_page_told_is_named_before_it_is_taken_down_and_stays_on_the_list(
    browser, case, back, organiser
):
    words = "Please write for Samira from Afghanistan."
    campaign_pages.open_page(case, TO_OWN_MP, "Write with us", words, 28, organiser)
    page = browser.post(back, 200, **{"withdrawn_on-day": "today"})
    assert "(tells: what was decided and planned, country they come from, and name)" in page
    browser.save(back)
    assert browser.location.endswith("/gone-out")
    page = browser.get(browser.location)
    assert "Write with us</a>, a campaign page open to anybody from" in page
    assert "It tells beyond: what was decided and planned, country they come from, name." in page


def test_messages_and_call_lists_that_stop_are_named_with_whoever_is_ringing(
    browser, case, back, organiser, sign_in
):
    write(browser, case)
    mina = make_user(Role.VOLUNTEER, "Mina Okoro")
    cases.add_to_team(case, mina.id, organiser)
    round_ = call_rounds.make(case, NewRound(WORDS), organiser)
    call = calls.take(round_, mina)
    page = browser.post(back, 200, **{"withdrawn_on-day": "today"})
    assert "1 message cannot be sent any more" in page
    assert ": News</a>" in page
    assert "1 call list stops" in page
    assert "1 person to ring" in page
    assert "Ringing now: Mina Okoro." in page
    browser.save(back)

    ring = f"/cases/{case.reference}/calls/{round_.id}/ring"
    volunteer = sign_in(mina)
    page = volunteer.get(ring)
    assert "Say no more of it" in page
    assert WORDS not in page
    assert "ring the next" not in page
    volunteer.post(ring, page=ring, call=call.id, outcome="spoke", then="next")
    assert "Written down. Thank you." in volunteer.get(volunteer.location)
    volunteer.post(
        f"/cases/{case.reference}/calls/{round_.id}/next", 422, page=f"/cases/{case.reference}/calls"
    )


def test_a_message_that_was_sent_before_is_written_down_afterwards_and_names_whom_to_ask(
    browser, case, back, sign_in
):
    where = write(browser, case)
    browser.get(f"{where}/readers.csv")
    take_back(browser, back)
    page = browser.get(where)
    assert "Was it sent before?" in page
    assert "Take the 2 names out" not in page
    today = clock.today()
    told = {"sent_on-day": today.day, "sent_on-month": today.month, "sent_on-year": today.year}
    assert "Type the day" in browser.post(f"{where}/sent", 200, page=where, **dict.fromkeys(told, ""))
    browser.post(f"{where}/sent", page=where, **told)
    page = browser.get(where)
    assert "Whom to ask to keep it to themselves: 2 supporters" in page
    assert "Signer1 Of" in page
    assert "to 2 supporters. It tells beyond:" in browser.get(f"/cases/{case.reference}/gone-out")
    browser.get(f"{where}/readers.csv", 422)


def test_what_supporters_were_told_is_ticked_off_with_the_day_on_which_they_were_asked(browser, case, back):
    where, there = write(browser, case), f"/cases/{case.reference}/gone-out"
    browser.post(f"{where}/sent", page=where, **{"sent_on-day": "today"})
    assert "Ask back what went out" not in browser.get(f"/cases/{case.reference}")
    take_back(browser, back)
    assert "Ask back what went out" in browser.get(f"/cases/{case.reference}"), "without a no to MPs too"
    page = browser.get(there)
    assert "Tick off what you asked back" in page
    (key,) = re.findall(r'value="(message-\d+)"', page)
    assert "This day" in browser.post(there, 200, asked=[key], **{"on-day": "tomorrow"})
    browser.post(there, asked=[key], **{"on-day": "today"})
    page = browser.get(there)
    assert f"Asked back on {spoken(clock.today(), weekday=True)}." in re.sub("<[^>]*>", "", page)
    assert "Ask back what went out" not in browser.get(f"/cases/{case.reference}")
    browser.post(there, were=key, **{"on-day": "today"})
    assert "Asked back on" not in browser.get(there)
