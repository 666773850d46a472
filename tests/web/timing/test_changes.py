"""The pages on which an organiser changes rules and bank holidays, and those that say what moved."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from casework.app import create_app
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.timing import deadlines, rule_changes
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, Deadline, User
from casework.web.timing.change_forms import EXAMPLE
from tests.conftest import settings_for
from tests.factories import home, make_case, make_user, signed_in
from tests.pages import Browser, day

REFUSED = date(2026, 11, 23)  # a Monday; day 14 is Monday 7 December
HOLIDAY = {
    **day("date", "7 12 2026"),
    "divisions": "england-and-wales",
    "title": "Day of thanks",
    "source": "gov.uk/bank-holidays",
    "why": "It was announced.",
}
SHORTER = {
    "length_0": "10",
    "unit_0": "calendar_days",
    "in_short": "An appeal is in time within 10 days.",
    "authority": "SI 2026/1234",
    "source": "legislation.gov.uk",
    "why": "The law changed.",
}
NEW_HOLIDAY, CHANGE_APPEAL = "/changes/holidays/new", "/changes/rules/ftt_appeal_in_uk"


@pytest.fixture
def case(app: Flask, organiser: User) -> Case:
    return make_case(organiser, home())


@pytest.fixture
def appeal(case: Case, organiser: User) -> Deadline:
    return deadlines.record_deadline(case, "ftt_appeal_in_uk", REFUSED, None, organiser)


def test_a_holiday_is_shown_with_what_it_would_move_before_it_is_saved(
    browser: Browser, appeal: Deadline
) -> None:
    preview = browser.post(NEW_HOLIDAY, 200, **HOLIDAY)
    assert "Monday 7 December 2026 is a bank holiday in England and Wales (Day of thanks)." in preview
    assert "Samira A." in preview
    assert "Was Monday 7 December, now Tuesday 8 December 2026" in preview
    assert rule_changes.list_changes() == []


def test_a_saved_holiday_leads_to_what_moved_and_every_page_of_the_date_says_so(
    browser: Browser, case: Case, appeal: Deadline
) -> None:
    browser.post(NEW_HOLIDAY, step="save", **HOLIDAY)
    moved = browser.get(browser.location)
    assert "The change counts from now on. 1 open date moved." in moved
    said = "because Monday 7 December 2026 is a bank holiday in England and Wales (Day of thanks): It was announced."
    here = f"/cases/{case.reference}"
    for path in (f"{here}/dates/{appeal.id}", f"{here}/dates", "/dates", "/dates/moved"):
        assert said in browser.get(path), path
    assert "/dates/moved" in browser.get("/dates")


def test_one_can_go_back_from_what_would_move_and_what_was_typed_is_still_there(browser: Browser) -> None:
    form = browser.post(NEW_HOLIDAY, 200, step="back", **HOLIDAY)
    assert 'value="Day of thanks"' in form
    assert re.search(r'value="england-and-wales" checked', form)
    assert "Something needs another look" not in form


def test_a_change_that_is_sent_twice_is_saved_once(browser: Browser) -> None:
    browser.post(NEW_HOLIDAY, once="the-same-form", step="save", **HOLIDAY)
    browser.post(NEW_HOLIDAY, once="the-same-form", step="save", **HOLIDAY)
    assert len(rule_changes.list_changes()) == 1


def test_dates_of_others_are_counted_and_not_named(browser: Browser, organiser: User) -> None:
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    other = make_case(idris, home(), name="Nadia Unseen")
    cases.remove_from_team(other, organiser.id, idris)
    deadlines.record_deadline(other, "ftt_appeal_in_uk", REFUSED, None, idris)
    preview = browser.post(NEW_HOLIDAY, 200, **HOLIDAY)
    assert "1 open date of cases that you do not work on would move too." in preview
    assert "Nadia" not in preview


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (day("date", "25 12 2026"), "In England and Wales it is a bank holiday already: Christmas Day."),
        (day("date", "7 12 2030"), "Bank holidays are known from"),
        (day("date", "31 2 2026"), "There is no such day"),
        ({"divisions": None}, "Tick at least one part of the UK."),
        ({"title": " "}, "Type its name"),
        ({"title": "x" * 101}, "This is too long"),
        ({"source": ""}, "Say where you read it"),
        ({"why": ""}, "Say why."),
    ],
)
def test_a_holiday_that_cannot_be_is_answered_beside_the_field(
    browser: Browser, wrong: dict[str, str], said: str
) -> None:
    answer = browser.post(NEW_HOLIDAY, 200, step="save", **{**HOLIDAY, **wrong})
    assert said in answer
    assert "Something needs another look" in answer
    assert rule_changes.list_changes() == []


def test_a_listed_holiday_can_be_taken_out_and_one_that_is_none_cannot(browser: Browser) -> None:
    path = "/changes/holidays/remove"
    fields = {name: HOLIDAY[name] for name in ("divisions", "source", "why")}
    assert "7 December 2026 is no bank holiday" in browser.post(
        path, 200, **fields, **day("date", "7 12 2026")
    )
    assert "is not a bank holiday in" in browser.post(path, 200, **fields, **day("date", "28 12 2026"))
    browser.post(path, step="save", **fields, **day("date", "28 12 2026"))
    assert date(2026, 12, 28) not in rule_book().holidays.named("england-and-wales")
    assert "Monday 28 December 2026 is not a bank holiday in England and Wales." in browser.get("/changes")


def test_the_form_of_a_rule_holds_what_counts_today(browser: Browser) -> None:
    form = browser.get(CHANGE_APPEAL)
    assert 'value="14"' in form
    assert re.search(r'selected value="calendar_days"', form)
    assert 'value="SI 2014/2604 r.19(2)"' in form
    several = browser.get("/changes/rules/mp_office_chase")
    assert several.count("How long") == 3


def test_a_changed_rule_shows_the_old_time_and_the_new_and_what_would_move(
    browser: Browser, appeal: Deadline
) -> None:
    preview = browser.post(CHANGE_APPEAL, 200, **SHORTER, **day("in_force_from", "20 11 2026"))
    assert "14 calendar days" in preview
    assert "10 calendar days" in preview
    assert "What happened before keeps the old rule." in preview
    assert "Pages will say that no adviser has checked it." in preview
    assert "Was Monday 7 December, now Thursday 3 December 2026" in preview


def test_a_saved_rule_says_on_the_page_of_its_date_who_changed_it_and_that_nobody_checked_it(
    browser: Browser, case: Case, appeal: Deadline
) -> None:
    browser.post(CHANGE_APPEAL, step="save", **SHORTER)
    page = browser.get(f"/cases/{case.reference}/dates/{appeal.id}")
    assert "Changed by this group. Ruth Ellery," in page
    assert "No adviser has checked it yet." in page
    browser.post(
        CHANGE_APPEAL,
        step="save",
        **{**SHORTER, "length_0": "9", "in_short": "9 days."},
        checked_by="A. B.",
    )
    page = browser.get(f"/cases/{case.reference}/dates/{appeal.id}")
    assert "No adviser has checked it yet." not in page
    assert "How this date moved before" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"length_0": "ten"}, "Type a whole number, 1 or more."),
        ({"length_0": "0"}, "Type a whole number, 1 or more."),
        ({"length_0": "9999"}, "nothing takes longer than 3650"),
        ({"unit_0": "moons"}, "Not a valid choice"),
        ({"in_short": " "}, "Say the rule in a sentence."),
        (
            {
                "in_short": "An appeal reaches the tribunal in time within 14 days after the decision was sent."
            },
            "This still says 14.",
        ),
        (day("in_force_to", "1 1 2010"), "This is before the rule begins, on 20 October 2014."),
        ({"why": None}, "Say why."),
    ],
)
def test_a_rule_that_cannot_be_is_answered_in_words(
    browser: Browser, wrong: dict[str, str], said: str
) -> None:
    assert said in browser.post(CHANGE_APPEAL, 200, step="save", **{**SHORTER, **wrong})
    assert rule_changes.list_changes() == []


def test_a_form_that_changes_nothing_says_so(browser: Browser) -> None:
    rule = rule_book().rule("ftt_appeal_in_uk")
    same = {"length_0": "14", "in_short": rule.in_short, "authority": rule.authority, "notes": rule.notes}
    assert "Nothing is changed yet." in browser.post(CHANGE_APPEAL, 200, **{**SHORTER, **same})


def test_every_rule_can_be_chosen_and_its_form_opens(browser: Browser) -> None:
    choice = browser.get("/changes/rules")
    for key in rule_book().rules:
        assert f'value="{key}"' in choice
        browser.get(f"/changes/rules/{key}")
    browser.get("/changes/rules?rule=sar", 302)
    assert browser.location == "/changes/rules/sar"
    browser.get("/changes/rules/no_such_rule", 404)


def test_a_rule_written_as_text_counts_dates_from_then_on(
    browser: Browser, case: Case, organiser: User
) -> None:
    preview = browser.post("/changes/new", 200, text=EXAMPLE, why="A new form.")
    assert "10 working days" in preview
    assert "no such rule" in preview
    browser.post("/changes/new", step="save", text=EXAMPLE, why="A new form.")
    assert "Answer to the tribunal&#39;s new form" in browser.get(f"/cases/{case.reference}/dates/new")
    row = deadlines.record_deadline(case, "tribunal_new_form", date(2026, 12, 7), None, organiser)
    assert row.last_on == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("length = ", "The text is not readable as TOML"),
        ("x = " + "[" * 5000, "The text is not readable as TOML"),
        ("length = 10", "Begin with the key of the rule in square brackets."),
        ("[a]\nb = 1\n[b]\nc = 1", "Write one rule"),
        ("[sar]\nlenght = 10", "Field lenght: there is no such field"),
        ("[sar]\nlength = 10\nunit = 'fortnights'", "fortnights"),
        ("[sarr]\nlength = 10", "Did you mean sar?"),
        ("[SAR]\nlength = 10", "small letters"),
        (EXAMPLE.replace("last = 2026-12-21", "last = 2026-12-22"), "the rule makes 2026-12-21"),
    ],
)
def test_a_text_that_is_no_rule_is_answered_beside_it(browser: Browser, text: str, said: str) -> None:
    answer = browser.post("/changes/new", 200, text=text, why="Why not.")
    assert said in answer
    assert 'href="#text"' in answer


def test_a_change_is_taken_back_after_a_look_at_what_that_moves(browser: Browser, appeal: Deadline) -> None:
    browser.post(NEW_HOLIDAY, step="save", **HOLIDAY)
    path = f"/changes/{rule_changes.list_changes()[0].id}/withdraw"
    assert "Was Tuesday 8 December, now Monday 7 December 2026" in browser.get(path)
    browser.post(path)
    page = browser.get(browser.location)
    assert "The change is taken back. 1 open date moved." in page
    assert "taken back by Ruth Ellery" in page
    browser.get(path, 422)
    browser.get("/changes/99/withdraw", 404)


def test_a_group_that_shows_initials_shows_them_here_too(
    instance: Path, case: Case, appeal: Deadline, organiser: User
) -> None:
    session_id, reference = signed_in(organiser), case.reference
    shortened = create_app(settings_for(instance, board_names="initials"))
    client = shortened.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = session_id
    there = Browser(client)
    assert f"S. A. ({reference})" in there.post(NEW_HOLIDAY, 200, **HOLIDAY)
    there.post(NEW_HOLIDAY, step="save", **HOLIDAY)
    page = there.get("/dates/moved")
    assert f"S. A. ({reference})" in page
    assert "Samira" not in page
    with shortened.app_context():
        db.engine.dispose()


def test_everybody_may_read_what_was_changed_and_only_organisers_change_it(
    browser: Browser, sign_in: Callable[[User], Browser]
) -> None:
    browser.post(NEW_HOLIDAY, step="save", **HOLIDAY)
    mina = sign_in(make_user(Role.VOLUNTEER, "Mina Castellan"))
    page = mina.get("/changes")
    assert "Day of thanks" in page
    assert "Add a bank holiday" not in page
    mina.get("/dates/moved", 403)
    sign_in(make_user(Role.READER, "Vera Example")).get("/dates/moved")
    mina.get(NEW_HOLIDAY, 403)


def test_moves_are_read_a_hundred_at_a_time(browser: Browser, case: Case, organiser: User) -> None:
    for _ in range(101):
        deadlines.add_deadline(case, "ftt_appeal_in_uk", REFUSED, organiser)
    db.session.commit()
    browser.post(NEW_HOLIDAY, 200, **HOLIDAY)
    browser.post(NEW_HOLIDAY, step="save", **HOLIDAY)
    first = browser.get("/dates/moved")
    older = re.search(r'href="(/dates/moved\?before=\d+)"', first)
    assert older
    assert first.count("How it moved") == 101  # a hundred rows and the head
    assert browser.get(older[1]).count("How it moved") == 2
    browser.get("/dates/moved?before=x")
