"""A new MP on the pages: where the case, the draft and the organiser meet it."""

from datetime import timedelta

import pytest

from casework import clock
from casework.domain.parliament.directory import Office
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.letters import letters
from casework.services.parliament import directory_updates
from casework.services.parliament.directory import directory
from casework.services.safety import groups
from casework.storage.database import db
from tests.answers import answers, apply, by_election
from tests.factories import home, make_case, make_user

LEEDS = "E14001323"
pytestmark = pytest.mark.sqlcipher  # what it asks of the database is tried on both in tests/services


@pytest.fixture
def case(organiser):
    return make_case(organiser, home())


@pytest.fixture
def draft(case, organiser):
    """The address of a draft that was begun for Hilary Benn."""
    letter = letters.draft_letter(case, "home-mp-first-contact", organiser, gss_code=LEEDS)
    return f"/cases/{case.reference}/letters/{letter.id}"


@pytest.fixture
def updated(app):
    """The directory once Jo Newly was elected in Leeds South."""
    polled = clock.today() - timedelta(days=10)

    def update():
        office = Office(
            "Constituency office", ("<b>Bold</b> Row",), "", "0113 496 0000", "", "x", clock.today()
        )
        left = polled - timedelta(days=21)
        return apply(answers(by_election(LEEDS, "Jo Newly", polled, left, offices=(office,))))

    return update


def test_every_page_of_the_case_and_of_the_draft_says_who_came_after_whom_and_what_to_do(
    browser, sign_in, case, draft, organiser, updated
):
    assert "Jo Newly" not in browser.get(f"/cases/{case.reference}")
    updated()
    page = browser.get(f"/mps/{LEEDS}")
    assert "0113 496 0000" in page
    assert "&lt;b&gt;Bold&lt;/b&gt; Row" in page  # what comes from elsewhere is text
    for path in (f"/cases/{case.reference}", f"/cases/{case.reference}/who-can-act"):
        page = browser.get(path)
        assert "The MP for Leeds South changed on" in page
        assert "Jo Newly after Hilary Benn." in page
        assert "Write to Jo Newly from the start" in page
    assert "Jo Newly after Hilary Benn." in browser.get(f"/cases/{case.reference}/letters")
    page = browser.get(draft)
    assert "This draft was begun for Hilary Benn." in page
    assert "those of Jo Newly now" in page
    mina = make_user(Role.VOLUNTEER, "Mina")
    cases.add_to_team(case, mina.id, organiser)
    assert "Jo Newly after Hilary Benn." in sign_in(mina).get(f"/cases/{case.reference}")
    directory_updates.roll_back(organiser)
    assert "Jo Newly" not in browser.get(f"/cases/{case.reference}")


def test_an_organiser_sees_the_update_what_it_changed_and_their_own_cases_and_goes_back(
    browser, sign_in, case, updated
):
    others = make_case(make_user(Role.ORGANISER, "Another"), home(), name="Qqdaniel")
    assert "the tables that Casework carries" in browser.get("/directory")
    update = updated()
    page = browser.get("/directory")
    for words in (
        update.name,
        "Jo Newly (Example Party) is the MP since",
        "Who sits: 1",
        "Elections: 1",
        case.reference,
    ):
        assert words in page
    assert others.reference not in page
    assert "Qqdaniel" not in page
    browser.post("/directory/back", 303)
    assert directory().seat_on(LEEDS, clock.today()).member.name == "Hilary Benn"
    page = browser.get("/directory")
    assert f"/directory/{update.name}/use" in page
    browser.post(f"/directory/{update.name}/use", 303)
    assert directory().seat_on(LEEDS, clock.today()).member.name == "Jo Newly"
    browser.post("/directory/..%2F..%2Fkey/use", 404)
    browser.post("/directory/in-use/use", 404)
    trail = browser.get("/trail")
    for words in ("directory updated", "directory rolled back", "directory taken up again"):
        assert words in trail


def test_only_organisers_of_the_group_that_runs_the_machine_change_what_all_groups_use(sign_in, updated):
    updated()
    group, _ = groups.add_group("Another Group")
    theirs = make_user(Role.ORGANISER, "Theirs")
    theirs.group_id = group.id
    db.session.commit()
    for user in (theirs, make_user(Role.CASEWORKER, "Idris")):
        other = sign_in(user)
        other.get("/directory", 403)
        other.post("/directory/back", 403)
    assert directory().release.update
