"""The list of cases counts the dates of each, says the gravest, and comes in pages."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from casework import clock
from casework.domain.dates import spoken
from casework.domain.safety.accounts import Role
from casework.domain.timing.deadline_rules import Kind, OwedBy
from casework.services.case import case_list, cases
from casework.services.case.case_list import list_cases
from casework.services.timing.removals import RemovalFacts, record_removal
from casework.storage.models import User
from tests.factories import home, make_case, make_user
from tests.pages import Browser
from tests.running_dates import chase, limit, visit
from tests.web.test_queries import counted


def line_of(page: str, reference: str) -> str:
    """What the list says of one case, without its markup."""
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.S)
    (row,) = [row for row in rows if f'/cases/{reference}"' in row]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_each_case_says_how_many_dates_run_how_many_are_past_and_the_gravest(
    browser: Browser, organiser: User
) -> None:
    case, quiet = make_case(organiser, name="Samira"), make_case(organiser, name="Yonas")
    chase(case, -3), visit(case, None), limit(case, 4), limit(case, 9)
    limit(case, -1, rule_key="sar", owed_by=OwedBy.THEM), limit(case, 1, settled_on=case.opened_at.date())
    page = browser.get("/cases")
    line = line_of(page, case.reference)
    assert "5 running , 2 overdue or passed" in line
    assert re.search(
        r"Appeal Aim for \w+day \d+ \w+ 20\d\d · last moment \w+day \d+ \w+ 20\d\d · in 4 days", line
    )
    assert line_of(page, quiet.reference).endswith(f"none yet none yet {quiet.reference}")
    assert browser.get(f"/dates?case={case.reference}&when=overdue").count('<tr class="date') == 2


def test_a_case_without_anything_grave_says_what_comes_first(browser: Browser, organiser: User) -> None:
    case = make_case(organiser, name="Samira")
    limit(case, 5, kind=Kind.POLICY_TARGET), chase(case, 2)
    assert "Ring them" in line_of(browser.get("/cases"), case.reference)


def test_a_flight_stands_in_the_list_and_in_the_morning_though_no_notice_is_known(
    browser: Browser, organiser: User
) -> None:
    case, away = make_case(organiser, name="Tomas"), make_case(organiser, name="Yonas")
    tomorrow = clock.today() + timedelta(days=1)
    record_removal(case, RemovalFacts(departs_on=tomorrow, departs_at="23:00"), organiser)
    record_removal(away, RemovalFacts(departs_on=tomorrow + timedelta(days=30)), organiser)
    leaves = f"Flight leaves {spoken(tomorrow, weekday=True)}, 23:00 UK time"
    assert leaves in line_of(browser.get("/cases"), case.reference).replace(" ,", ",")
    assert "the hour is not known yet" in line_of(browser.get("/cases"), away.reference)
    morning = " ".join(re.sub(r"<[^>]+>", "", browser.get("/today")).split())
    assert "1 date needs you today" in morning
    assert morning.count("Flight leaves") == 1
    assert leaves in morning


def board_says(page: str) -> str:
    """What the board says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", "", page.split("<main")[1]).split())


def test_a_flight_stands_on_the_board_though_no_notice_is_known(browser: Browser, organiser: User) -> None:
    today = clock.today()
    days = {"Tomas": 1, "Yonas": 30, "Amal": -2}
    made = {name: make_case(organiser, name=name) for name in days}
    for name, day in days.items():
        record_removal(made[name], RemovalFacts(departs_on=today + timedelta(days=day)), organiser)
    shown = {
        address: [name for name in days if f"{name}: " in board_says(browser.get(f"/dates{address}"))]
        for address in (
            "", "?when=week", "?when=overdue", f"?case={made['Yonas'].reference}", "?grave=yes",
            "?when=to-work-out", "?whose=me", "?kind=visit",
        )
    }  # fmt: skip
    assert list(shown.values()) == [
        ["Tomas", "Yonas", "Amal"], ["Tomas"], ["Amal"], ["Yonas"], ["Tomas", "Yonas", "Amal"], [], [], [],
    ]  # fmt: skip
    page = board_says(browser.get("/dates"))
    assert page.index("Amal: ") < page.index("Tomas: ") < page.index("Yonas: "), "the soonest first"
    assert "Say how it ended." in page
    assert "Nothing is due." not in page
    shy = board_says(browser.get("/dates?names=initials"))
    assert f"T. {made['Tomas'].reference}: Flight leaves" in shy
    assert "Tomas" not in shy


@pytest.mark.parametrize("who", ["a volunteer", "somebody off the case"])
def test_nobody_hears_of_a_flight_who_may_not_read_the_story(
    sign_in: Callable[[User], Browser], organiser: User, who: str
) -> None:
    case = make_case(organiser, name="Tomas")
    record_removal(case, RemovalFacts(departs_on=clock.today()), organiser)
    other = make_user(Role.VOLUNTEER if who == "a volunteer" else Role.CASEWORKER, "Mina Castellan")
    if who == "a volunteer":
        cases.add_to_team(case, other.id, organiser)
    pages = sign_in(other)
    assert "Flight leaves" not in pages.get("/cases") + pages.get("/today") + pages.get("/dates")


def test_the_list_asks_no_more_for_many_cases_and_dates(browser: Browser, organiser: User) -> None:
    first = make_case(organiser, home())
    limit(first, 1), visit(first, None)
    browser.get("/cases")
    with counted() as few:
        browser.get("/cases")
    for day in range(6):
        case = make_case(organiser, home())
        limit(case, day), chase(case, day), visit(case, None)
    with counted() as many:
        browser.get("/cases")
    assert len(many) == len(few) <= 8, "\n".join(many)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_list.list_cases, "__kwdefaults__", {**list_cases.__kwdefaults__, "most": 3})


def test_older_cases_are_turned_to_and_none_is_lost(
    browser: Browser, organiser: User, short_pages: None
) -> None:
    made = [make_case(organiser, name=f"Person {number}").reference for number in range(8)]
    stranger = make_user(Role.CASEWORKER, "Somebody Else")
    make_case(stranger, name="Theirs alone").team = []
    path, found, pages = "/cases", [], 0
    while path:
        page = browser.get(path)
        found += re.findall(r'<th scope="row"><a href="/cases/([^"]+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path, pages = more[1].replace("&amp;", "&") if more else "", pages + 1
    assert found[-8:] == made[::-1]
    assert pages == 3
    assert "3 cases, more follow" in browser.get("/cases")


def test_nobody_looks_for_a_case_by_an_address_but_by_the_search(
    browser: Browser, organiser: User, short_pages: None
) -> None:
    for number in range(4):
        make_case(organiser, name=f"Samira {number}")
    page = browser.get("/cases?find=yonas")
    assert "3 cases, more follow" in page, "what an old address looked for is not looked for"
    assert 'name="find"' not in page
    assert '<a href="/search">go to the search</a>' in page


def test_closed_cases_stand_apart(browser: Browser, organiser: User) -> None:
    assert "No closed cases." in browser.get("/cases?closed=yes")
    case = make_case(organiser, name="Samira")
    cases.close_case(case, "She has leave to remain.", organiser)
    page = browser.get("/cases")
    assert "Samira" not in page
    assert '<a href="/cases?closed=yes">Closed cases</a>' in page
    assert "She has leave to remain." in browser.get("/cases?closed=yes")
