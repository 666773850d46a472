"""The pages of the plan and of reporting days: nothing typed is lost, and the card says no more than was agreed."""

from datetime import timedelta

import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.campaign import plans, reporting_days, signing
from casework.services.case import cases
from casework.storage.database import db
from tests.factories import home, make_case, make_user
from tests.pages import day

pytestmark = pytest.mark.sqlcipher  # what the services keep is proved on both databases; here are the pages


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), languages="Dari")


@pytest.fixture
def here(case):
    return f"/cases/{case.reference}"


def test_the_second_of_two_sees_what_the_first_saved_and_keeps_what_they_typed(
    case, here, organiser, browser
):
    path = f"{here}/plan/parts/objective"
    browser.get(path)
    plans.save_part(case, "objective", "A fresh decision", 0, organiser)
    page = browser.post(path, 200, text="A flight put off", version="0")
    assert "Somebody saved this while you were typing" in page
    assert "A fresh decision" in page
    assert "A flight put off" in page
    row = plans.parts_of(case)["objective"]
    browser.post(path, text="Both", version=str(row.version))
    assert "Both" in browser.get(f"{here}/plan")


def test_a_day_is_asked_where_it_was_read_and_stands_on_the_sheet_under_initials(case, here, browser):
    path = f"{here}/plan/days/new"
    page = browser.post(path, 200, kind="day", what="Refugee Week begins", **day("on", "14 6 2027"))
    assert "Say where you read this day" in page
    assert 'value="Refugee Week begins"' in page
    browser.post(
        path, kind="day", what="Refugee Week begins", source="Their own page", **day("on", "14 6 2027")
    )
    sheet = browser.get(f"{here}/plan/sheet")
    assert "From: Their own page" in sheet
    assert "The plan for S. A." in sheet
    assert "The plan for Samira A." in browser.get(f"{here}/plan/sheet?name=used")
    row = plans.list_days(case)[0]
    browser.post(f"{here}/plan/days/{row.id}/remove", page=f"{here}/plan/days/{row.id}")
    assert plans.list_days(case) == []


def test_a_task_has_one_name_and_is_ticked_where_it_stands(case, here, organiser, browser):
    path = f"{here}/plan/tasks/new"
    page = browser.post(path, 200, what="Book the hall", owner=str(organiser.id), who="Ada")
    assert "not both" in page
    browser.post(path, what="Book the hall", owner=str(organiser.id), **day("due_on", "1 12 2026"))
    task = plans.list_tasks(case)[0]
    assert organiser.name in browser.get(here)
    task.due_on = clock.today() + timedelta(days=8)
    db.session.commit()
    assert "Book the hall" not in browser.get("/today")
    task.due_on = clock.today() + timedelta(days=7)
    db.session.commit()
    assert "Book the hall" in browser.get("/today")
    browser.post(f"{here}/plan/tasks/{task.id}/tick", page=f"{here}/plan")
    assert "Book the hall" not in browser.get("/today")
    assert "Done: 1" in browser.get(here)
    browser.post(f"{here}/plan/tasks/{task.id}/tick", page=f"{here}/plan", do="undo")
    browser.post(f"{here}/plan/tasks/{task.id}/remove", page=f"{here}/plan/tasks/{task.id}")
    assert plans.list_tasks(case) == []


def test_a_reporting_day_stands_under_today_until_word_comes(case, here, browser):
    assert "ten minutes" in browser.get(f"{here}/reporting")
    page = browser.post(f"{here}/reporting/plan", 200, place="The centre", word_by="elevenish", version="0")
    assert "Type the hour like this" in page
    assert 'value="The centre"' in page
    browser.post(
        f"{here}/reporting/plan", place="The centre", friend="Ada", word_by="23.59", version="0",
        if_no_word="Ring the school",
    )  # fmt: skip
    browser.post(f"{here}/reporting/contacts/new", name="The school", phone="0113 496 0000")
    page = browser.post(f"{here}/reporting/days/new", 200, every="2", number="90", **{"first-day": "today"})
    assert "from 1 to 26" in page
    browser.post(f"{here}/reporting/days/new", every="2", number="2", **{"first-day": "today"})
    today = browser.get("/today")
    assert "Who reports" in today
    assert "1 date needs you today." in today
    assert "word by 23:59" in today
    assert "Samira A. reports today" in browser.get(here)
    row = reporting_days.open_in(case).row
    browser.post(f"{here}/reporting/days/{row.id}/word", page=f"{here}/reporting")
    assert "Who reports" not in browser.get("/today")
    assert "reports again" in browser.get(here)


def test_when_no_word_came_the_page_says_whom_to_ring_in_which_order(case, here, organiser, browser):
    signing.save(case, {"word_by": "00:00", "goes_along": "Ben"}, 0, organiser)
    signing.add_contact(case, "The school", "0113 496 0000", None, organiser, on_card=False)
    reporting_days.add_days(case, clock.today(), 0, 1, None, organiser)
    page = browser.get(f"{here}/reporting")
    parts = ("No word since", "Ring Samira A.", "Ben", "No lawyer is known", "Ring The school, 0113 496 0000")
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)
    assert "No word from Samira A. since they reported" in browser.get(here)


def test_the_card_says_no_more_than_was_agreed_to(case, here, organiser, browser):
    told = {
        "place": "The centre in Salford", "to_look_after": "Her insulin", "in_their_language": "کمک",
        "on_card": ["theirs"],
    }  # fmt: skip
    row = signing.save(case, told, 0, organiser)
    signing.add_contact(case, "The school", "0113 496 0000", None, organiser, on_card=False)
    signing.add_contact(case, "Ada", "07700 900123", None, organiser, on_card=True)
    card = card_of(browser.get(f"{here}/reporting/card"))
    assert "07700" not in card
    assert "کمک" not in card
    signing.save(case, {**told, "agreed_on": clock.today()}, row.version, organiser)
    card = card_of(browser.get(f"{here}/reporting/card"))
    assert "07700 900123" in card
    assert "کمک" in card
    for secret in ("0113", "Salford", "insulin", "Samira", "Dari"):
        assert secret not in card


def test_the_card_has_the_words_of_the_papers_in_the_language_that_may_be_told(
    case, here, organiser, browser
):
    row = signing.save(case, {"on_card": ["name"], "agreed_on": clock.today()}, 0, organiser)
    assert 'lang="fa"' not in card_of(browser.get(f"{here}/reporting/card"))
    told = {"on_card": ["name", "languages"], "agreed_on": clock.today()}
    signing.save(case, told, row.version, organiser)
    card = card_of(browser.get(f"{here}/reporting/card"))
    assert card.count('dir="rtl"') == 2
    assert "My name / " in card


def card_of(page: str) -> str:
    return page[page.index('class="card"') : page.index("</main>")]


def test_what_was_hidden_is_not_on_the_page_of_the_case_nor_under_today(case, here, organiser, sign_in):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    next(one for one in case.team if one.user_id == idris.id).sees = ""
    signing.save(case, {"place": "Salford", "word_by": "23:59", "hidden": "address"}, 0, organiser)
    reporting_days.add_days(case, clock.today(), 0, 1, None, organiser)
    browser = sign_in(idris)
    assert "reports today" not in browser.get(here)
    assert "Who reports" not in browser.get("/today")
    assert "Salford" not in browser.get(f"{here}/reporting")
    assert "hidden from you" in browser.post(f"{here}/reporting/plan", 200, place="Leeds", version="0")
