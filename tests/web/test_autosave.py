"""A draft is saved as somebody types, and says so; what cannot be saved says why."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.letters import letters
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, Letter
from tests.factories import make_case_that_keeps_health_private, make_user
from tests.pages import Browser, check_page


@pytest.fixture
def case(app, organiser) -> Case:
    return make_case_that_keeps_health_private(organiser)


@pytest.fixture
def draft(case, organiser) -> Letter:
    return letters.draft_letter(case, "home-mp-urgent", organiser, gss_code=case.places[0].gss_code)


@pytest.fixture
def here(case, draft) -> str:
    return f"/cases/{case.reference}/letters/{draft.id}"


def save(browser: Browser, here: str, status: int = 200, **typed: object) -> dict[str, object]:
    """What the page is told when it saves itself."""
    page = browser.client.get(here).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)[1]
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    known = {"csrf_token": token, "version": version[1] if version else "1"}
    answer = browser.client.post(f"{here}/autosave", data={**known, **typed})
    assert answer.status_code == status, answer.text
    return answer.get_json()


def lines(action: str) -> int:
    return db.session.scalar(select(func.count()).where(AuditEvent.action == action))


def test_what_is_typed_is_kept_and_the_page_is_told_the_hour(browser, draft, here):
    hours = [clock.now()]
    told = save(browser, here, worth="She is missed.")
    hours.append(clock.now())  # a minute may end in between
    assert told["said"] in {f"Saved {at.astimezone(clock.LONDON):%H:%M}" for at in hours}
    assert draft.blocks["worth"] == "She is missed."
    assert told["version"] == draft.version


def test_typing_for_a_while_is_one_line_of_the_trail_for_each_person(
    browser, case, draft, here, sign_in, organiser, monkeypatch
):
    for words in ("She", "She is", "She is missed."):
        save(browser, here, worth=words)
    assert lines("draft saved") == 1
    idris = make_user(Role.VOLUNTEER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    save(sign_in(idris), here, worth="She is missed here.")
    assert lines("draft saved") == 2
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    save(browser, here, worth="She is very much missed.")
    assert lines("draft saved") == 3


def test_nothing_new_is_not_saved_again(browser, draft, here):
    save(browser, here, worth="She is missed.")
    version = draft.version
    assert save(browser, here, worth="She is missed.")["version"] == version


def test_somebody_else_s_words_are_not_written_over(browser, draft, here):
    old = draft.version
    save(browser, here, worth="Theirs.")
    assert "Somebody else saved this letter" in save(browser, here, 409, worth="Mine.", version=old)["said"]
    assert draft.blocks["worth"] == "Theirs."


def test_what_is_too_long_is_said_and_not_cut_off(browser, draft, here):
    assert "too long" in save(browser, here, 422, worth="w" * 10_001)["said"]


def test_an_issued_letter_does_not_change_and_no_word_typed_meanwhile_is_lost(browser, case, organiser):
    draft = letters.draft_letter(case, "form-of-authority", organiser)
    here = f"/cases/{case.reference}/letters/{draft.id}"
    letters.issue_letter(draft, organiser)
    assert "is issued and stays" in save(browser, here, 409, named_supporters="Ada")["said"]
    page = browser.post(here, 409, named_supporters="Ada, 07700 900123", version="1")
    assert "Ada, 07700 900123" in page
    assert "The letter was issued meanwhile" in page


def test_a_draft_that_somebody_threw_away_meanwhile_still_shows_what_was_typed(
    browser, draft, here, organiser
):
    version = draft.version
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', browser.get(here))[1]
    letters.discard_draft(draft, organiser)
    answer = browser.client.post(
        here, data={"csrf_token": token, "version": version, "worth": "She is missed."}
    )
    assert answer.status_code == 409
    assert "She is missed." in answer.text
    assert "Somebody threw this draft away meanwhile" in answer.text
    assert "Check it and issue it" not in answer.text
    check_page(answer)
    told = browser.client.post(f"{here}/autosave", data={"csrf_token": token, "version": version})
    assert told.status_code == 409
    browser.get(here, status=404)


def test_a_page_whose_sign_in_ended_is_told_so_without_its_words(browser, draft, here):
    browser.client.delete_cookie("casework")
    answer = browser.client.post(f"{here}/autosave", data={"worth": "She is missed."})
    assert answer.status_code in (302, 400)
    assert answer.mimetype == "text/html"


def test_sentences_that_may_not_be_told_stand_at_a_box_that_counts_for_them_alone(browser, draft, here):
    save(browser, here, worth="She cooks in the hospital.")
    page = browser.get(here)
    assert "<q>She cooks in the hospital.</q>" in page
    assert "This tells nothing about Samira and health" in page
    key = html.unescape(re.search(r'name="cleared" value="([^"]+)"', page)[1])
    save(browser, here, cleared=key)
    assert f'value="{key}" checked' in browser.get(here)
    save(browser, here, cleared=key, worth="She cooks in the hospital. She is ill.")
    assert (
        "checked" not in re.search(r'<input type="checkbox"[^>]*name="cleared"[^>]*>', browser.get(here))[0]
    )
