"""The person's own view through the browser: the team's page, the link, and the page that it shows."""

import re

import pytest

from casework.domain.safety.accounts import Role
from casework.services.consent import own_view_links
from casework.services.language import languages
from casework.storage.database import db
from casework.web.consent.own_view import is_only_here
from tests.factories import home, make_case, make_user
from tests.pages import without_marks


@pytest.fixture
def case(app, organiser):
    """Samira's case."""
    return make_case(organiser, home(), name="Samira", official_name="Samira Ahmadi")


def link_of(browser, case) -> str:
    """The path of a new link."""
    page = browser.post(f"/cases/{case.reference}/own-view", 200, days="3")
    found = re.search(r">https?://[^/<]+(/yours/[^<]+)<", page)
    assert found
    return found[1]


def test_whoever_has_the_link_reads_everything_without_an_account(browser, case, stranger):
    path = link_of(browser, case)
    assert case.reference not in path
    assert "Samira" not in path
    page = stranger.post(path, 200)
    for words in (
        "Samira Ahmadi",
        "LS11 0ES",
        "What you agreed to",
        "Ruth, organiser",
        "Complain to the group first",
    ):
        assert words in page
    assert "Samira" not in page.partition("</title>")[0]
    assert stranger.last.headers["X-Robots-Tag"] == "noindex"
    assert stranger.last.headers["Cache-Control"] == "no-store"
    assert "Cases</a>" not in page


def test_it_is_in_their_language_beside_english_and_says_in_both_that_this_is_a_draft(
    browser, case, stranger
):
    case.languages = "Farsi"
    db.session.commit()
    page, said = stranger.post(link_of(browser, case), 200), languages.get_catalogue("fa").text
    for english in (
        "What we keep about you",
        "What you agreed to",
        "Full name, as the Home Office has it",
        "Draft translation. Nobody who speaks this language well has checked all of it yet.",
        "You can have a copy of all of this, and you can ask us to delete it.",
    ):
        assert english in page
        assert re.search(rf'lang="fa" dir="rtl">{re.escape(said(english).said)}<', page)
    assert "<bdi>Samira Ahmadi</bdi>" in page


def test_a_language_that_no_paper_has_leaves_the_page_in_english(browser, case, stranger):
    case.languages = "Quechua"
    db.session.commit()
    page = stranger.post(link_of(browser, case), 200)
    assert "Draft translation" not in page
    assert 'dir="' not in page.partition("<main")[2].partition("</main>")[0]


def test_nothing_can_be_changed_by_the_link(browser, case, stranger):
    path = link_of(browser, case)
    assert stranger.client.post(path).status_code in (400, 405)
    assert "<form" not in stranger.post(path, 200)


def test_back_after_leaving_quickly_shows_a_button_and_nothing_of_them(browser, case, stranger):
    path = link_of(browser, case)
    page = stranger.post(path, 200)
    assert "presses Back" in page
    assert "What we keep" not in page.partition("</title>")[0]
    stranger.get("/leave", 303)
    again = stranger.get(path)
    assert "Samira" not in again
    assert "What we hold about you" not in again
    assert "<button>Open</button>" in again


def test_the_team_sees_that_it_was_read_and_can_stop_it(browser, case, stranger):
    path = link_of(browser, case)
    here = f"/cases/{case.reference}/own-view"
    assert "last read: never" in browser.get(here)
    stranger.get(path)
    assert "last read: never" in browser.get(here)
    stranger.post(path, 200)
    assert "last read: never" not in browser.get(here)
    browser.post(f"{here}/stop", page=here)
    assert "A link works until" not in browser.get(here)
    assert "Ask the group for a new one" in stranger.get(path, 404)


def test_an_unknown_link_and_a_stopped_one_are_answered_alike_and_many_have_to_wait(browser, case, stranger):
    path = link_of(browser, case)
    browser.post(f"/cases/{case.reference}/own-view/stop", page=f"/cases/{case.reference}/own-view")
    page = stranger.get(path, 404)
    assert without_marks(page) == without_marks(stranger.get("/yours/never", 404))
    assert "Go to the first page" not in page
    for number in range(28):
        stranger.get(f"/yours/{number}", 404)
    assert "Wait" in stranger.get("/yours/again", 429)


def test_how_long_a_link_works_has_to_be_chosen(browser, case):
    assert "Choose for how long" in browser.post(f"/cases/{case.reference}/own-view", 200)
    assert "Choose one of the answers" in browser.post(f"/cases/{case.reference}/own-view", 200, days="365")


def test_nobody_outside_the_team_makes_a_link(case, sign_in):
    outsider = sign_in(make_user(Role.CASEWORKER, "Somebody else"))
    outsider.get(f"/cases/{case.reference}/own-view", 404)


def test_a_link_that_no_phone_can_open_says_so_and_offers_the_paper(browser, case, app):
    here = f"/cases/{case.reference}/own-view"
    page = browser.post(here, 200, days="3")
    assert "No phone can open this link" in page
    assert "CASEWORK_BASE_URL" in page
    assert "/campaign-consent/paper/own-view" in page or "own-view" in page.partition("No phone")[2]


@pytest.mark.parametrize(
    ("address", "only_here"),
    [
        ("http://127.0.0.1:8118/yours/x", True),
        ("http://[::1]/yours/x", True),
        ("http://localhost/yours/x", True),
        ("https://casework.example.org/yours/x", False),
        ("http://192.168.1.20:8118/yours/x", False),
    ],
)
def test_an_address_of_this_machine_alone_is_told_from_one_that_others_reach(address, only_here):
    assert is_only_here(address) is only_here


def test_whoever_has_the_link_reads_what_is_hidden_from_others_too(case, organiser, stranger):
    row = case.places[0]
    row.hidden = "address"
    token, street = own_view_links.make(case, 3, organiser), row.address.splitlines()[0]
    db.session.remove()  # as in a request of its own, in which nothing was read before
    assert street in stranger.post(f"/yours/{token}", 200)
