"""The pages on which an organiser changes the words of letters."""

import re
from collections.abc import Callable

import pytest

from casework.domain.safety.accounts import Role
from casework.services.letters.group_letters import list_versions
from casework.services.letters.letter_wordings import wording_of
from casework.storage.models import User
from tests.factories import make_user
from tests.pages import Browser

PLACE = "/letter-wordings"
URGENT = f"{PLACE}/home-mp-urgent"


def form_of(key: str = "home-mp-urgent", **typed: object) -> dict[str, object]:
    """What the form of a letter sends."""
    wording = wording_of(key)
    template = wording.template
    return {
        "title": template.title,
        "purpose": template.purpose,
        "audience": str(template.audience),
        "tells": [str(kind) for kind in template.tells],
        **wording.words,
        **typed,
    }


def test_an_organiser_changes_the_words_and_sees_them_before_and_after(browser: Browser) -> None:
    assert "Casework’s own" in browser.get(PLACE)
    browser.get(URGENT)
    looked = browser.post(URGENT, 200, **form_of(ask="Ring {{ name() }} today.", then="look"))
    picture = re.search(rf'src="({PLACE}/seen/[0-9a-f]{{64}}/1\.png)"', looked)
    assert picture
    assert browser.client.get(picture[1]).data.startswith(b"\x89PNG")
    assert list_versions("home-mp-urgent") == []
    browser.post(URGENT, **form_of(ask="Ring {{ name() }} today.", then="save"))
    assert "Ring {{ name() }} today." in browser.get(browser.location)
    assert "Ours, by Ruth Ellery" in browser.get(PLACE)


def test_what_is_wrong_stands_at_its_block_with_its_line_and_the_typed_words_stay(browser: Browser) -> None:
    page = browser.post(URGENT, 200, **form_of(worth="Good\n{{ persn.name }}", then="save"))
    assert "Line 2: there is no value called persn. Did you mean person?" in page
    assert 'id="worth-error"' in page
    assert "{{ persn.name }}" in page
    assert "There is no preview while something is wrong" in page
    assert list_versions("home-mp-urgent") == []


def test_the_script_s_preview_is_the_same_check_and_the_same_page(browser: Browser) -> None:
    page = browser.get(URGENT)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    assert token
    good = browser.client.post(f"{URGENT}/look", data={**form_of(), "csrf_token": token[1]})
    assert "/1.png" in good.text
    assert "<h1" not in good.text
    bad = browser.client.post(f"{URGENT}/look", data={**form_of(ask="{{ config }}"), "csrf_token": token[1]})
    assert "there is no value called config" in bad.text
    assert f'data-look="{URGENT}/look"' in page
    assert list_versions("home-mp-urgent") == []


def test_versions_are_shown_with_their_words_and_taken_up_again(browser: Browser) -> None:
    for words in ("First words", "Second words"):
        browser.post(URGENT, **form_of(ask=words, then="save"))
    first = list_versions("home-mp-urgent")[-1].id
    page = browser.get(f"{URGENT}/versions")
    assert page.count("Changed: What we ask<") == 2
    shown = browser.get(f"{URGENT}/versions/{first}")
    assert "First words" in shown
    assert "For: An MP’s office or the Home Office" in shown
    browser.post(f"{URGENT}/versions/{first}/again", page=f"{URGENT}/versions/{first}")
    assert "First words" in browser.get(URGENT)
    browser.post(f"{URGENT}/own", page=f"{URGENT}/versions")
    assert "Casework’s own words again" in browser.get(PLACE)
    browser.get(f"{URGENT}/versions")
    assert "First words" not in browser.get(URGENT)


def test_a_new_letter_is_made_from_one_that_is_there_and_taken_off_the_list_again(browser: Browser) -> None:
    browser.get(f"{URGENT}/copy")
    assert "Give it a title." in browser.post(f"{URGENT}/copy", 200, title=" ")
    browser.post(f"{URGENT}/copy", title="From the choir")
    assert browser.location == f"{PLACE}/from-the-choir"
    browser.get(browser.location)
    browser.get(f"{PLACE}/from-the-choir/versions")
    browser.post(f"{PLACE}/from-the-choir/own", page=f"{PLACE}/from-the-choir/versions")
    assert "Not offered any more" in browser.get(PLACE)
    browser.get(f"{PLACE}/from-the-choir")


def test_of_two_windows_the_second_is_told_and_keeps_its_words(browser: Browser) -> None:
    browser.post(URGENT, **form_of(ask="Mine", then="save"))
    page = browser.post(URGENT, 200, **form_of(ask="Theirs", then="save", version="0"))
    assert "Somebody else saved words" in page
    assert "Theirs" in page


def test_there_is_nothing_to_change_about_a_form_and_nothing_under_other_names(browser: Browser) -> None:
    browser.get(f"{PLACE}/form-of-authority", 404)
    browser.get(f"{PLACE}/no-such-letter", 404)
    browser.get(f"{URGENT}/versions/1", 404)
    browser.get(f"{PLACE}/seen/{'0' * 64}/1.png", 404)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER])
def test_only_an_organiser_comes_in(sign_in: Callable[[User], Browser], role: Role) -> None:
    browser = sign_in(make_user(role, "Somebody"))
    for path in (PLACE, URGENT, f"{URGENT}/versions", f"{URGENT}/copy"):
        assert browser.client.get(path).status_code == 403
    assert "The words of our letters" not in browser.get("/you")
