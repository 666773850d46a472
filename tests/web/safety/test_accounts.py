"""The doors: sign in and out, one-time links, the people of the group and of a case."""

import re

import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.safety import accounts
from tests.factories import home, make_case, make_user

WORDS = "lantern gravel otter noon"


@pytest.fixture
def ada(organiser):
    """A volunteer who has chosen her password."""
    _, token = accounts.add_user("Ada Mensah", "ada@example.org", Role.VOLUNTEER, organiser)
    return accounts.use_link(token, WORDS)


def sign_in_at(browser, path="/sign-in", password=WORDS, status=303):
    return browser.post(path, sign_in_name="ada@example.org", password=password, status=status)


def test_the_first_visit_leads_from_the_link_to_the_first_page(stranger):
    token = accounts.first_organiser_link()
    assert "stands in the terminal" in stranger.get("/sign-in")
    path = f"/first/{token}"
    assert "at least 12" in stranger.post(path, 200, name="Ruth", sign_in_name="ruth", password="short")
    stranger.post(path, name="Ruth", sign_in_name="ruth", password=WORDS)
    assert "You are signed in, Ruth." in stranger.client.get("/", follow_redirects=True).get_data(
        as_text=True
    )
    assert "used already" in stranger.get(path, 422)


def test_looking_at_a_link_does_not_use_it(organiser, stranger):
    _, token = accounts.add_user("Ada", "ada", Role.VOLUNTEER, organiser)
    for _ in range(3):
        assert "Hello Ada" in stranger.get(f"/join/{token}")


def test_a_made_up_link_is_no_page(stranger, organiser):
    stranger.get("/join/made-up", 404)
    stranger.get("/first/made-up", 404)


def test_signing_in_leads_to_the_page_that_was_asked_for(ada, stranger):
    stranger.get("/you/password", 302)
    asked = stranger.location
    sign_in_at(stranger, asked)
    assert stranger.location == "/you/password"


@pytest.mark.sqlcipher
def test_signing_in_leads_each_role_to_today_and_to_what_they_can_begin_there(organiser, sign_in):
    case = make_case(organiser, home(), name="Samira")
    first = "Someone has been detained"
    for role, begins in {
        Role.ORGANISER: first,
        Role.CASEWORKER: first,
        Role.VOLUNTEER: "",
        Role.READER: "",
    }.items():
        new = make_user(role, f"New {role}")
        browser = sign_in(new)
        browser.get("/", 302)
        assert browser.location == "/today"
        page = browser.get("/today")
        assert "No cases yet." in page
        assert (first in page) is bool(begins), role
        assert ("Open a case" in page) is (role is not Role.READER)
        cases.add_to_team(case, new.id, organiser)
        page = browser.get("/today")
        assert "No cases yet." not in page
        assert (first in page) is bool(begins), role


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "you"])
def test_signing_in_never_leads_out_of_the_house(ada, stranger, elsewhere):
    sign_in_at(stranger, f"/sign-in?next={elsewhere}")
    assert stranger.location == "/"


def test_a_wrong_password_keeps_the_name_and_never_the_password(ada, stranger):
    page = sign_in_at(stranger, password="not the right one", status=200)
    assert "do not go together" in page
    assert "ada@example.org" in page
    assert "not the right one" not in page
    assert "What you typed is still here" not in page  # for the password is not


def test_the_same_page_can_be_sent_again_after_a_wrong_password(ada, stranger):
    page = sign_in_at(stranger, password="not the right one", status=200)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    fields = {"csrf_token": token, "sign_in_name": "ada@example.org", "password": WORDS}
    assert stranger.client.post("/sign-in", data=fields).status_code == 303


def test_after_many_wrong_passwords_the_page_says_how_long_to_wait(ada, stranger, monkeypatch):
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)  # a slow machine would have waited a second of it already
    for _ in range(5):
        sign_in_at(stranger, password="wrong", status=200)
    assert "Wait 15 seconds" in sign_in_at(stranger, status=429)


def test_signing_out_needs_a_form_of_the_house(browser, organiser):
    assert browser.client.post("/sign-out").status_code == 400
    assert '<button form="sign-out">Sign out</button>' in browser.get("/cases"), "from any page"
    browser.post("/sign-out", page="/cases")
    browser.get("/you", 302)


def test_a_new_password_signs_out_the_other_browser_and_not_this_one(ada, sign_in):
    here, there = sign_in(ada), sign_in(ada)
    here.post("/you/password", old=WORDS, password="pebble ladder violet seven")
    here.get("/you")
    there.get("/you", 302)


def test_the_cookie_holds_no_name_and_ends_with_the_session_hours(ada, stranger):
    sign_in_at(stranger)
    cookie = next(c for c in stranger.last.headers.getlist("Set-Cookie") if c.startswith("casework="))
    assert "Expires=" in cookie
    with stranger.client.session_transaction() as session:
        assert not [name for name in ("Ada Mensah", "ada@example.org") if name in str(dict(session))]


def test_an_organiser_adds_somebody_and_hands_over_a_link_that_works(browser, stranger):
    page = browser.post(
        "/people/new", 200, name="Ada Mensah", sign_in_name="Ada@Example.org", role="volunteer"
    )
    link = re.search(r'value="http://localhost(/join/[^"]+)"', page)[1]
    assert "for 7 days" in page
    stranger.post(link, password=WORDS)
    assert "Ada Mensah" in stranger.get("/you")
    assert "Ada Mensah" in browser.get("/people")


def test_a_person_is_not_added_without_a_part_in_the_group(browser):
    page = browser.post("/people/new", 200, name="Ada", sign_in_name="ada")
    assert "Choose what they do." in page
    assert [user.name for user in accounts.list_users()] == ["Ruth Ellery"]


def test_an_organiser_changes_a_part_makes_a_link_and_switches_off(browser, sign_in, ada):
    theirs = sign_in(ada)
    browser.post(f"/people/{ada.id}", role="caseworker")
    assert ada.role == Role.CASEWORKER
    assert "for 1 day" in browser.post(f"/people/{ada.id}/link", 200, page=f"/people/{ada.id}")
    here = f"/people/{ada.id}"
    for _ in range(2):  # a button pressed twice, or by two organisers, does not open what it closed
        browser.post(f"{here}/switch", page=here, to="off")
        theirs.get("/you", 302)
        assert not ada.active
        assert '<input type="hidden" name="to" value="on">' in browser.get(here)
    browser.post(f"{here}/switch", page=here, to="on")
    assert ada.active
    assert '<input type="hidden" name="to" value="off">' in browser.get(here)


def test_the_last_organiser_is_told_why_they_cannot_step_down(browser, organiser):
    page = browser.post(f"/people/{organiser.id}", 200, role="volunteer")
    assert "only organiser" in page


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER])
def test_nobody_but_an_organiser_comes_near_the_accounts(sign_in, app, role):
    theirs = sign_in(make_user(role))
    for path in ("/people", "/people/new", "/people/1"):
        theirs.get(path, 403)


def test_somebody_put_on_a_case_sees_it_and_nobody_else_does(browser, organiser, sign_in):
    case = make_case(organiser)
    ada, ben = make_user(Role.VOLUNTEER, "Ada"), make_user(Role.VOLUNTEER, "Ben")
    path = f"/cases/{case.reference}"
    browser.post(f"{path}/team", user=str(ada.id))
    assert "Ada" in browser.get(f"{path}/team")
    assert sign_in(ada).client.get(f"{path}/supporters").status_code == 200
    assert sign_in(ben).client.get(f"{path}/supporters").status_code == 404
    browser.post(f"{path}/team/{ada.id}/remove", page=f"{path}/team")
    assert sign_in(ada).client.get(f"{path}/supporters").status_code == 404


def test_the_last_caseworker_stays_on_the_case(browser, organiser):
    case = make_case(organiser)
    path = f"/cases/{case.reference}/team"
    page = browser.post(f"{path}/{organiser.id}/remove", 422, page=path)
    assert "must stay on the case" in page


def test_choosing_nobody_for_a_case_is_said_at_the_field(browser, organiser):
    case = make_case(organiser)
    make_user(Role.VOLUNTEER, "Ada")
    assert "Choose somebody with an account." in browser.post(f"/cases/{case.reference}/team", 200)


def test_a_volunteer_does_not_say_who_works_on_a_case(organiser, sign_in):
    ada = make_user(Role.VOLUNTEER, "Ada")
    case = make_case(ada)
    sign_in(ada).get(f"/cases/{case.reference}/team", 403)
