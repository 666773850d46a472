"""The pages of the ladder and of what is needed: what each sees, and what a supporter is shown after signing up."""

import re
from datetime import date

import pytest

from casework import clock
from casework.domain.consent.publicity import Kind, Level
from casework.domain.safety.accounts import Role
from casework.services.campaign import campaign_pages, ladder, supporters
from casework.services.campaign.needs import NeedFacts, add_need
from casework.services.campaign.plans import TaskFacts, list_tasks, save_task
from casework.services.case import cases
from tests.factories import make_case, make_user
from tests.pages import Browser, day
from tests.supporters import TO_OWN_MP, campaign_of

pytestmark = pytest.mark.sqlcipher  # what the services keep is proved on both databases; here are the pages


@pytest.fixture
def case(organiser):
    return campaign_of(organiser)


@pytest.fixture
def ada(case, organiser):
    return supporters.add_supporter(
        case, organiser, name="Ada Bright", postcode="LS11 0ES", phone="07700 900123", offers=["drive"]
    )


@pytest.fixture
def mina(case, organiser, sign_in):
    volunteer = make_user(Role.VOLUNTEER, "Mina Castellan")
    cases.add_to_team(case, volunteer.id, organiser)
    return sign_in(volunteer)


def test_a_volunteer_sees_three_that_fit_keeps_what_was_done_and_takes_it_out_again(case, ada, mina):
    path = f"/cases/{case.reference}/supporters/{ada.id}/ladder"
    page = mina.get(path)
    assert len(re.findall(r"About [^C]", page[: page.index("</main>")])) == 3
    assert "our own guess" in page
    page = mina.post(path, 200, what="card", **day("done_on", "27 11 2026"))
    assert "Ask them first" in page
    assert 'value="card" selected' in page or 'selected value="card"' in page
    mina.post(path, what="card", agreed="y", **day("done_on", "27 11 2026"))
    page = mina.get(path)
    assert "Write a card" in page
    act = ladder.did_of(supporters.get_sign_up(case, ada.id))[0].act_id
    mina.post(f"/cases/{case.reference}/acts/{act}/remove", page=path)
    undo, offer = mina.offered_undo(path)
    assert "Nothing is known yet" in mina.get(path)
    mina.post(undo, page=path, offer=offer)
    [back] = ladder.did_of(supporters.get_sign_up(case, ada.id))
    assert (back.rung.key, back.on) == ("card", date(2026, 11, 27))
    mina.post(undo, page=path, offer=offer)
    assert "It is back already." in mina.get(path)
    mina.post(f"/cases/{case.reference}/acts/{back.act_id}/remove", page=path)
    undo, offer = mina.offered_undo(path)
    assert "Erase what we kept of what Ada Bright did?" in mina.post(f"{path}/forget", 200, page=path)
    mina.post(f"{path}/forget", page=path, sure="yes")
    assert "I asked them" in mina.get(path)
    mina.post(undo, page=path, offer=offer)
    assert "It stays erased." in mina.get(path), "what they took their yes back from does not come back"
    assert ladder.did_of(supporters.get_sign_up(case, ada.id)) == []


def test_the_list_of_needs_shows_who_offers_it_and_keeps_what_they_said(case, ada, mina):
    path = f"/cases/{case.reference}/needs"
    assert "One minute each" in mina.get(path)
    page = mina.post(f"{path}/new", 200, words="A lift", wanted="300")
    assert "Choose what is needed." in page
    assert 'value="A lift"' in page
    mina.post(f"{path}/new", what="drive", words="A lift", wanted="1")
    page = mina.get(path)
    assert "Ada Bright" in page
    assert "07700 900123" in page
    need = re.search(r'id="need-(\d+)"', page)[1]
    mina.post(f"{path}/{need}/supporters/{ada.id}", page=path, said="yes")
    assert "enough have said yes" in mina.get(path)
    mina.post(f"{path}/{need}/supporters/{ada.id}", page=path, said="perhaps")
    assert "Choose what they said." in mina.get(path)
    assert "said yes" in mina.get(path)
    mina.post(f"{path}/{need}/met", page=path)
    assert "Open again" in mina.get(path)


def test_the_page_of_the_case_says_for_whom_it_waits(case, ada, organiser, browser):
    need = add_need(case, NeedFacts("drive", "A lift"), organiser)
    browser.post(
        f"/cases/{case.reference}/needs/{need.id}/supporters/{ada.id}",
        page=f"/cases/{case.reference}/needs",
        said="yes",
    )
    page = browser.get(f"/cases/{case.reference}")
    waiting = page[page.index("Waiting for others") : page.index("Who can act")]
    assert "waiting for Ada Bright" in waiting
    assert f"/needs#need-{need.id}" in waiting


def test_a_volunteer_ticks_a_task_on_the_short_page_of_the_case(case, organiser, mina):
    task = save_task(case, TaskFacts("Book the hall"), organiser)
    page = f"/cases/{case.reference}"
    assert "Book the hall" in mina.get(page)
    mina.post(f"{page}/plan/tasks/{task.id}/tick", page=f"{page}/plan/tasks")
    assert mina.location.endswith("/plan/tasks")
    assert list_tasks(case)[0].done_on == clock.today()


def test_a_reader_sees_numbers_and_may_change_nothing(case, ada, organiser, sign_in):
    reader = make_user(Role.READER, "Rosa Stone")
    cases.add_to_team(case, reader.id, organiser)
    add_need(case, NeedFacts("drive", "A lift"), organiser)
    browser = sign_in(reader)
    for path in ("ladder", "needs", "plan", "plan/tasks", "reporting"):
        page = browser.get(f"/cases/{case.reference}/{path}")
        forms = page[page.index("<main") : page.index("</main>")]
        assert "<form" not in forms, path
        assert "07700 900123" not in page, path
    page = browser.get(f"/cases/{case.reference}")
    assert f'href="/cases/{case.reference}/plan"' in page
    assert "Give somebody a task" not in page


def test_who_signs_up_at_a_stall_sees_three_that_fit_and_nothing_beyond_the_consent(organiser, mina, sign_in):
    quiet = make_case(organiser, name="Daniel")
    volunteer = make_user(Role.VOLUNTEER, "Una Vale")
    cases.add_to_team(quiet, volunteer.id, organiser)
    browser = sign_in(volunteer)
    here = f"/cases/{quiet.reference}/supporters/stall"
    browser.post(f"{here}/start", page=here)
    assert "detention" not in browser.get(here)
    typed = {"name": "Somebody New", "postcode": "LS11 0ES", "writes": "no", "read": "y"}
    browser.post(here, 200, offers="visit", **typed)  # nobody may offer what nobody may be asked
    browser.post(here, offers="cook", **typed)
    assert supporters.list_sign_ups(quiet)[0].offers == ["cook"]
    page = browser.get(browser.location)
    assert "If you would like to do more" in page
    assert "Write to your own MP" not in page
    assert "detention" not in page


def test_who_writes_on_the_campaign_page_is_shown_what_the_public_may_be_asked(app, organiser):
    case = campaign_of(organiser, Kind.NAME, level=Level.PUBLIC)
    token = campaign_pages.open_page(case, TO_OWN_MP, "Write with us", "She is our neighbour.", 7, organiser)
    browser = Browser(app.test_client())
    typed = {
        "name": "Somebody New", "postcode": "LS11 0ES", "address": "1 Invented Row", "how_known": "We sing together.",
        "own_words": "She taught me a song in one evening.", "chosen": "E14001323",
    }  # fmt: skip
    page = browser.post(f"/c/{token}/after", 200, page=f"/c/{token}", **typed)
    assert "Nothing was kept" in page
    assert "share its address" in page
    assert "Bring one more person" in page
    assert "detention" not in page
