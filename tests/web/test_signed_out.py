"""A sign-in that ends while somebody types loses no word, and shows none to anybody else."""

import html
import re
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.letters import letters
from casework.services.safety import accounts
from casework.storage.models import Case, User
from casework.web import kept_words
from casework.web.kept_words import Typed
from tests.factories import home, make_case
from tests.pages import Browser, check_page

PASSWORD = "four invented words together"
WORDS = "She runs the Saturday breakfast.\n\nA second paragraph, “with” <marks> & é سميرة."


def an_account(name: str, role: Role = Role.CASEWORKER) -> User:
    """Somebody who chose their password."""
    _, token = accounts.add_user(name, f"{name.split()[0].lower()}@example.org", role)
    return accounts.use_link(token, PASSWORD)


@pytest.fixture
def ada(app) -> User:
    return an_account("Ada Marsh")


@pytest.fixture
def case(ada) -> Case:
    """A case on which Ada works."""
    return make_case(ada, home(), name="Samira")


@pytest.fixture
def at_work(ada, sign_in) -> Browser:
    """Ada's browser, signed in."""
    return sign_in(ada)


def fields_of(page: str) -> dict[str, str | list[str]]:
    """Every field of the first form in the page with what stands in it: hidden, typed or ticked."""
    form = re.search(r'<form method="post".*?</form>', page[page.index("<main") :], re.S)[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") not in ("radio", "checkbox") or re.search(r"\schecked", tag):
            found.setdefault(told["name"], []).append(html.unescape(told.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        found.setdefault(name, []).append(html.unescape(text).removeprefix("\r\n"))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def timed_out(browser: Browser) -> None:
    """The cookie is too old, and the browser drops it."""
    browser.client.delete_cookie("casework")


def send(browser: Browser, path: str, fields: dict, status: int) -> str:
    """Send a form as it stands, without opening a page first."""
    answer = browser.client.post(path, data=fields)
    assert answer.status_code == status, answer.text
    if answer.mimetype == "text/html" and status != 303:
        check_page(answer)
    browser.last = answer
    return answer.text


def sign_in_again(browser: Browser, page: str, name: str = "ada@example.org", status: int = 200) -> str:
    """Fill in the sign-in page that came back."""
    action = html.unescape(re.search(r'<form method="post" action="([^"]+)"', page.partition("<main")[2])[1])
    return send(browser, action, {**fields_of(page), "sign_in_name": name, "password": PASSWORD}, status)


def go_back(browser: Browser, page: str) -> str:
    """Press the button that leads back to the form."""
    assert "<h1>Your words are here</h1>" in page
    action = html.unescape(re.search(r'<form method="post" action="([^"]+)"', page.partition("<main")[2])[1])
    return send(browser, action, fields_of(page), 200)


def test_a_letter_that_was_typed_comes_back_to_its_form_and_is_saved_only_then(at_work, case, ada):
    letter = letters.draft_letter(case, "home-mp-first-contact", ada, gss_code=case.places[0].gss_code)
    path = f"/cases/{case.reference}/letters/{letter.id}"
    typed = {**fields_of(at_work.get(path)), "worth": WORDS, "then": "preview"}
    timed_out(at_work)
    page = send(at_work, path, typed, 401)
    assert "What you typed is kept" in page
    assert "breakfast" not in page
    page = go_back(at_work, sign_in_again(at_work, page))
    assert "Nothing is saved yet" in page
    assert fields_of(page)["worth"] == WORDS
    assert "breakfast" not in letter.blocks["worth"]
    send(at_work, path, {**fields_of(page), "then": "preview"}, 303)
    assert letter.blocks["worth"] == WORDS


def test_every_kind_of_field_comes_back(at_work, case):
    path = f"/cases/{case.reference}/authority/new"
    typed = {
        **fields_of(at_work.get(path)), "signed_on-day": "7", "signed_on-month": "3", "signed_on-year": "2026",
        "how_given": "paper", "mps": "any", "scope": ["ask", "replies"], "witness": "Grace",
    }  # fmt: skip
    timed_out(at_work)
    page = go_back(at_work, sign_in_again(at_work, send(at_work, path, typed, 401)))
    there = fields_of(page)
    assert {name: there[name] for name in typed if name not in ("csrf_token", "once")} == {
        name: value for name, value in typed.items() if name not in ("csrf_token", "once")
    }


def test_a_file_has_to_be_chosen_again_and_the_page_says_so(at_work, case):
    path = f"/cases/{case.reference}/letters-in/new"
    typed = {**fields_of(at_work.get(path)), "summary": WORDS, "scan": (BytesIO(b"%PDF-1.7"), "scan.pdf")}
    timed_out(at_work)
    assert "Choose the file again" in sign_in_again(at_work, send(at_work, path, typed, 401))


def test_a_wrong_password_loses_nothing(at_work, case):
    path = f"/cases/{case.reference}/notes/new"
    typed = {**fields_of(at_work.get(path)), "text": WORDS}
    timed_out(at_work)
    page = send(at_work, path, typed, 401)
    again = send(
        at_work, "/sign-in", {**fields_of(page), "sign_in_name": "ada@example.org", "password": "no"}, 200
    )
    assert fields_of(go_back(at_work, sign_in_again(at_work, again)))["text"] == WORDS


def test_whoever_signs_in_instead_sees_nothing_of_it(at_work, case, ada):
    grace = an_account("Grace Okoro")
    cases.add_to_team(case, grace.id, ada)
    path = f"/cases/{case.reference}/notes/new"
    typed = {**fields_of(at_work.get(path)), "text": WORDS}
    timed_out(at_work)
    page = send(at_work, path, typed, 401)
    sign_in_again(at_work, page, "grace@example.org", 303)
    assert "breakfast" not in at_work.get(at_work.last.location)


def test_after_half_an_hour_the_words_are_gone_and_signing_in_works(at_work, case, monkeypatch):
    path = f"/cases/{case.reference}/notes/new"
    typed = {**fields_of(at_work.get(path)), "text": WORDS}
    timed_out(at_work)
    page = send(at_work, path, typed, 401)
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    sign_in_again(at_work, page, status=303)
    assert at_work.last.location == path


@pytest.mark.parametrize("kept", ["", "x", "²", "gAAAAABforged"])
def test_what_we_did_not_seal_is_no_words(app, ada, stranger, kept):
    page = stranger.get("/sign-in")
    fields = {**fields_of(page), "sign_in_name": "ada@example.org", "password": PASSWORD, "kept": kept}
    send(stranger, "/sign-in", fields, 303)


def test_sealed_words_are_no_session(at_work, case, stranger):
    path = f"/cases/{case.reference}/notes/new"
    typed = {**fields_of(at_work.get(path)), "text": WORDS, "_user_id": "1"}
    timed_out(at_work)
    kept = fields_of(send(at_work, path, typed, 401))["kept"]
    stranger.client.set_cookie("casework", kept)
    stranger.get(f"/cases/{case.reference}", status=302)


def test_signed_in_again_in_another_window_the_old_page_still_loses_nothing(at_work, case, ada, sign_in):
    path = f"/cases/{case.reference}/notes/new"
    typed = {**fields_of(at_work.get(path)), "text": WORDS}
    timed_out(at_work)
    sign_in_again(at_work, at_work.get("/sign-in"), status=303)
    page = send(at_work, path, typed, 200)
    page = go_back(at_work, page)
    assert case.notes == []
    send(at_work, path, fields_of(page), 303)
    assert [note.text for note in case.notes] == [WORDS]


def test_a_form_that_another_site_made_somebody_send_is_refused_whole(at_work, case, organiser, sign_in):
    path = f"/cases/{case.reference}/notes/new"
    theirs = fields_of(sign_in(organiser).get("/cases/new"))["once"]
    for once in ("x", theirs):
        page = send(at_work, path, {"text": WORDS, "once": once}, 400)
        assert "breakfast" not in page


def test_a_password_is_never_carried_along(at_work):
    typed = {**fields_of(at_work.get("/you/password")), "old": "the old one", "password": PASSWORD}
    timed_out(at_work)
    assert 'name="kept"' not in send(at_work, "/you/password", typed, 400)


@given(
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=200))),
    st.text(max_size=50),
    st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_in_any_script_come_through_as_they_were(app, fields, path, file):
    words = Typed(path, "once", [list(pair) for pair in fields], file)
    assert kept_words.unseal(kept_words.seal(words)) == words


def test_what_is_too_much_to_carry_is_said_before_anybody_goes_on(at_work, case):
    path = f"/cases/{case.reference}/notes/new"
    typed = {**fields_of(at_work.get(path)), "text": "w" * 600_000}
    timed_out(at_work)
    page = send(at_work, path, typed, 401)
    assert "too much to carry along" in page
    assert 'name="kept"' not in page
