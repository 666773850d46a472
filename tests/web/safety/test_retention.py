"""How long things are kept, chosen on one page."""

from datetime import timedelta

from casework import clock
from casework.domain.safety.accounts import Role
from casework.domain.safety.retention import Kept
from casework.services.letters import letters
from casework.services.safety import retention_choices
from casework.storage.database import db
from casework.storage.models import User
from tests.factories import home, make_case, make_user
from tests.pages import Browser


def test_an_organiser_chooses_and_what_is_out_of_bounds_is_said_beside_its_field(browser: Browser) -> None:
    lengths = {"facts": "9", "authority": "24", "supporter": "12", "draft": "90"}
    page = browser.post("/keeping", 200, **{**lengths, "draft": "12"})
    assert "from 30 days to 365 days" in page
    assert 'value="12"' in page
    browser.post("/keeping", **lengths)
    assert "in a month" in browser.get("/keeping")
    assert retention_choices.chosen(Kept.FACTS).length == 9


def test_nobody_but_an_organiser_chooses(sign_in) -> None:
    sign_in(make_user(Role.CASEWORKER)).get("/keeping", 403)


def test_what_goes_soon_stands_under_today_in_the_case_and_on_the_page(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, home())
    letter = letters.draft_letter(case, "covering-letter", organiser, gss_code="E14001318")
    letter.saved_at = clock.now() - timedelta(days=70)
    db.session.commit()
    for path in ("/today", f"/cases/{case.reference}", "/keeping"):
        assert "1 draft of a letter" in browser.get(path), path
