import re

import pytest

from casework.services.campaign import own_words, supporters
from casework.services.letters import letters
from casework.storage.models import AuditEvent
from tests.factories import home, make_case

SOUP = "When my father came home from hospital she brought soup every evening without being asked."


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), name="Samira")


@pytest.fixture
def sign_up(case, organiser):
    friend = supporters.add_supporter(case, organiser, name="Łukasz Hughes", postcode="S1 2HH")
    return supporters.get_sign_up(case, friend.id)


def place(sign_up):
    return f"/cases/{sign_up.case.reference}/supporters/{sign_up.supporter_id}/words"


def test_the_page_asks_the_questions_and_never_for_a_party_or_a_number(browser, sign_up):
    page = browser.get(place(sign_up))
    assert "How do you know Samira?" in page
    assert "What would be lost if Samira had to go?" in page
    assert "Leave out any party, how you vote, and every number" in page
    assert "Until there is, their letter cannot be issued." in page
    assert not re.search(r'name="(party|vote|nationality|reference)', page)


def test_words_are_saved_metered_and_lead_to_the_letter_they_fill(browser, case, sign_up, organiser):
    other = supporters.add_supporter(case, organiser, name="Grace", postcode="S1 2HH", own_words=SOUP)
    browser.post(place(sign_up), own_words=SOUP)
    page = browser.get(browser.location)
    assert "This is very like one other letter." in page
    assert re.search(r"<meter [^>]*value=\"100\"", page)
    assert "Until there is" not in page
    alike = browser.get(f"/cases/{case.reference}/too-alike")
    assert "2 letters are very like another one" in alike
    assert other.name in alike
    browser.post(place(sign_up), own_words=f"{SOUP} Nobody asked her to.", then="letter")
    assert f"supporter={sign_up.supporter_id}" in browser.location


def test_a_page_that_is_open_saves_by_itself_with_one_line_of_the_trail(browser, sign_up):
    path = f"{place(sign_up)}/autosave"
    for words in ("We met at", "We met at the swings"):
        browser.post(path, 200, page=place(sign_up), how_known=words)
        assert re.match(r"Saved \d\d:\d\d", browser.last.json["said"])
    assert sign_up.how_known == "We met at the swings"
    lines = AuditEvent.query.filter_by(action=own_words.SAVED).all()
    assert [line.facts["supporter"] for line in lines] == [sign_up.supporter_id]
    browser.post(path, 409, page=place(sign_up), how_known="Old", version="1")
    assert "Yours are still here" in browser.last.json["said"]


def test_words_of_another_volunteer_are_shown_beside_one_s_own(browser, sign_up, organiser):
    seen = str(sign_up.version)
    own_words.save_words(sign_up, {"own_words": SOUP}, sign_up.version, organiser)
    page = browser.post(place(sign_up), 409, own_words="Mine, typed meanwhile.", version=seen)
    assert SOUP in page
    assert "Mine, typed meanwhile." in page


def test_a_draft_for_somebody_who_wrote_lately_asks_first(browser, case, sign_up, organiser):
    friend = sign_up.supporter
    own_words.save_words(sign_up, {"own_words": SOUP}, sign_up.version, organiser)
    letter = letters.draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    letter.issued_at = letter.saved_at
    new = f"/cases/{case.reference}/letters/new"
    chosen = {
        "page": f"{new}?mp={friend.gss_code}", "gss_code": friend.gss_code, "supporter": str(friend.id),
        "template": "supporter-to-own-mp",
    }  # fmt: skip
    page = browser.post(new, status=200, **chosen)
    assert "They wrote to this MP on" in page
    browser.post(new, again="y", **chosen)
    assert len(letters.list_letters(case)) == 2
