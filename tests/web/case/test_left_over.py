"""After a move nothing goes to an MP who has no part in it any more before somebody looked at it again."""

from datetime import timedelta

import pytest

from casework import clock
from casework.services.case import case_places
from casework.services.letters import letter_checks, letters
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.models import Case, Letter
from tests.factories import detained_at, home, make_case
from tests.pages import Browser

TO_DETENTION = "detention-mp"


@pytest.fixture
def case(app, organiser) -> Case:
    since = clock.today() - timedelta(days=3)
    return make_case(organiser, home(), detained_at("brook-house", since), name="Samira")


@pytest.fixture
def crawley(case) -> str:
    return next(row.gss_code for row in case.places if row.place_id == "brook-house")


@pytest.fixture
def draft(case, crawley, organiser) -> Letter:
    return letters.draft_letter(case, TO_DETENTION, organiser, gss_code=crawley)


def move(case: Case, organiser, days_ago: int = 0) -> None:
    case_places.transfer(
        case, detained_at("harmondsworth", clock.today() - timedelta(days=days_ago)), organiser
    )


def test_before_a_transfer_is_saved_it_is_said_which_drafts_and_visits_it_leaves_over(
    browser: Browser, case, draft, crawley, organiser
):
    to_come = clock.today() + timedelta(days=4)
    surgeries.plan_visit(case, VisitFacts(crawley, held_on=to_come), organiser)
    transfer = f"/cases/{case.reference}/transfer"
    page = browser.post(transfer, 200, place_id="harmondsworth", **{"since-day": "today"})
    assert f"{draft.member_name}, MP for Crawley, is no longer on the list" in page
    assert f"A draft to {draft.member_name} stays" in page
    assert f"A visit to {draft.member_name} stays planned" in page
    browser.save(transfer)
    page = browser.get(f"/cases/{case.reference}")
    assert f"Call off the visit to {draft.member_name}, or change it" in page
    assert "Samira is not held at Brook House" in page


@pytest.mark.parametrize("days_ago", [0, 2])
def test_the_draft_says_that_they_are_not_held_there_any_more_and_goes_with_a_reason_alone(
    browser: Browser, case, draft, organiser, days_ago
):
    here = f"/cases/{case.reference}/letters/{draft.id}"
    assert "any more, since" not in browser.get(here)
    move(case, organiser, days_ago)
    assert "Samira is not held at Brook House" in browser.get(here)
    assert "Samira is not held at Brook House" in browser.get(f"/cases/{case.reference}/letters")
    assert any("before Samira moved" in one for one in letter_checks.reasons_to_wait(draft))


def test_who_is_brought_back_to_the_same_place_is_held_there_again(case, draft, organiser):
    move(case, organiser, 2)
    case_places.transfer(case, detained_at("brook-house", clock.today()), organiser)
    assert letter_checks.not_there_any_more(draft) == ""


def test_a_home_that_was_left_is_said_of_a_letter_to_its_mp(case, organiser):
    leeds = case.places[0].gss_code
    draft = letters.draft_letter(case, "home-mp-urgent", organiser, gss_code=leeds)
    assert letter_checks.not_there_any_more(draft) == ""
    case.places[0].until = clock.today() - timedelta(days=1)
    case_places.add_place(case, home("S1 2HH"), organiser)
    assert "Samira does not live in Leeds South any more" in letter_checks.not_there_any_more(draft)


def test_a_move_to_another_place_in_the_same_constituency_says_nothing(case, crawley, draft, organiser):
    case_places.transfer(case, detained_at("tinsley-house", clock.today()), organiser)
    assert case.places[-1].gss_code == crawley
    assert letter_checks.not_there_any_more(draft) == ""
