"""The board as a page: its filters live in the address, a date is taken in two clicks, and it prints."""

import gzip
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from casework import clock
from casework.domain.case.hands import ThingKind
from casework.domain.safety.accounts import Role
from casework.domain.timing.board import initials
from casework.domain.timing.deadline_rules import Kind, OwedBy
from casework.services.case import cases, hands
from casework.services.case.hands import Pick
from casework.services.timing import deadlines, removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.database import db
from casework.storage.models import Case, Deadline, User
from tests.factories import home, make_case, make_user
from tests.pages import Browser
from tests.running_dates import chase, days, limit, visit
from tests.web.test_queries import counted

REMOVAL = {"kind": Kind.NOTICE_PERIOD, "owed_by": OwedBy.THEM, "rule_key": "removal_notice_period"}


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home(), name="Samira Ahmadi")


def rows(page: str) -> list[str]:
    """The text of each date on the board, without its markup."""
    found = re.findall(r'<tr class="date.*?</tr>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def current(page: str) -> list[str]:
    return re.findall(r'aria-current="true">([^<]+)</a>', page.partition('class="chips"')[2])


def test_each_date_says_whose_it_is_both_days_and_how_near(browser: Browser, case: Case) -> None:
    limit(case, 3, 5)
    (row,) = rows(browser.get("/dates"))
    aim, last = (f"{day:%A} {day.day} {day:%B} {day.year}" for day in (days(3), days(5)))
    assert row == f"Samira Ahmadi Appeal Limit Aim for {aim} · last moment {last} in 3 days nobody yet"


def test_due_today_is_not_overdue_and_overdue_says_by_how_much(browser: Browser, case: Case) -> None:
    limit(case, -6, -2), limit(case, -2, 0), limit(case, 0), limit(case, -1, **REMOVAL)
    said = [re.sub(r".*\d{4} ", "", row).removesuffix(" nobody yet") for row in rows(browser.get("/dates"))]
    assert said == [
        "overdue by 2 days",
        "the day to aim for has passed; the last moment is today",
        "for 1 day now",
        "due today",
    ]


def test_the_dates_stand_under_their_part_of_the_calendar(browser: Browser, case: Case) -> None:
    limit(case, -1), limit(case, 0), limit(case, 7), limit(case, 8)
    page = browser.get("/dates")
    assert [
        re.sub(r",.*| [A-Z].*", "", words) for words in re.findall(r'scope="rowgroup">([^<]+)<', page)
    ] == [
        "Before today",
        "Today",
        "This week",
        "After",
    ]


def test_filters_are_links_that_keep_each_other(browser: Browser, case: Case) -> None:
    page = browser.get("/dates")
    assert current(page) == ["Everybody’s", "Any day", "All"]
    page = browser.get("/dates?when=week&waiting=us")
    assert current(page) == ["Everybody’s", "This week", "All"]
    assert 'href="/dates?when=week&amp;waiting=us&amp;grave=yes"' in page
    assert '<option value="us" selected>' in page
    assert '<input type="hidden" name="when" value="week">' in page


def test_filters_are_said_above_the_dates_that_they_leave(browser: Browser, case: Case) -> None:
    limit(case, 1), chase(case, 1), limit(case, 20)
    page = browser.get(f"/dates?when=week&grave=yes&case={case.reference.lower()}")
    assert len(rows(page)) == 1
    assert f"1 date: this week, to {days(7):%A}" in page
    assert f"limits and removals, case {case.reference}." in page
    assert "windows in which the Home Office may act with less notice" in page


@pytest.mark.parametrize(
    "address", ["whose=boss", "when=9", "grave=no", "waiting=god", "kind=x&after=1_2", "kind=deemed_service"]
)
def test_what_the_address_does_not_know_is_left_out_and_said(
    browser: Browser, case: Case, address: str
) -> None:
    limit(case, 1)
    page = browser.get(f"/dates?{address}")
    assert "We do not know “" in page
    assert len(rows(page)) == 1


def test_what_has_no_day_comes_first_with_the_reason(browser: Browser, case: Case) -> None:
    limit(case, None), limit(case, 1)
    page = browser.get("/dates")
    assert page.index("To work out: no day yet") < page.index("Nobody has said yet.") < page.index("<table")
    assert "To work out: no day yet" not in browser.get("/dates?when=week")


def test_a_long_list_of_what_has_no_day_leads_to_all_of_it(browser: Browser, case: Case) -> None:
    for _ in range(21):
        limit(case, None)
    page = browser.get("/dates")
    assert page.count("Nobody has said yet.") == 20
    assert browser.get("/dates?when=to-work-out").count("Nobody has said yet.") == 21
    assert '/dates?when=to-work-out">All that have no day yet' in page


@pytest.mark.parametrize(
    ("address", "sentence", "step"),
    [
        ("", "Nothing is due.", "/cases"),
        ("?whose=me", "You take care of no date yet.", "/dates?whose=nobody"),
        ("?when=overdue", "Nothing is overdue.", "/dates"),
        ("?when=week", "Nothing is due up to ", "/dates"),
        ("?when=to-work-out", "Every date has its day.", "/dates"),
        ("?case=c-99", "Nothing runs under C-99, or you do not work on that case.", "/dates"),
        ("?kind=visit&grave=yes", "No date fits all of this.", "/dates"),
        ("?after=2026-01-01_2026-01-01_1_1", "No more dates.", "/dates"),
    ],
)
def test_an_empty_board_says_why_and_the_next_step(
    browser: Browser, address: str, sentence: str, step: str
) -> None:
    page = browser.get(f"/dates{address}")
    assert sentence in page
    assert f'<a class="button" href="{step}">' in page


def turned(browser: Browser, path: str) -> Iterator[str]:
    """Each page from this one on, by its link to the next."""
    while path:
        page = browser.get(path)
        yield page
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = found[1].replace("&amp;", "&") if found else ""


def many(case: Case, number: int) -> None:
    """So many dates of a case, all on a few days."""
    first = limit(case, 0)
    facts = {
        column.name: getattr(first, column.name)
        for column in Deadline.__table__.columns
        if column.name != "id"
    }
    for count in range(number - 1):
        day = days(count % 5)
        db.session.add(Deadline(**facts | {"aim_on": day, "final_on": day, "safe_on": day, "last_on": day}))
    db.session.commit()


def test_fifty_to_a_page_and_none_is_lost_or_doubled_between_them(browser: Browser, case: Case) -> None:
    many(case, 125)
    pages = list(turned(browser, "/dates?grave=yes&names=initials"))
    assert [len(rows(page)) for page in pages] == [50, 50, 25]
    assert ["dates, more follow" in page for page in pages] == [True, True, False]
    leads = [number for page in pages for number in re.findall(r"/dates/(\d+)\"", page)]
    assert len(set(leads)) == len(leads) == 125
    assert "From the beginning" in pages[1]
    assert all("S. A." in page and "Samira" not in page for page in pages)


def test_for_a_print_all_dates_stand_on_one_page_until_somebody_goes_back_to_short_ones(
    browser: Browser, case: Case
) -> None:
    many(case, 150)
    for _ in range(25):
        limit(case, None)
    *_, last = turned(browser, "/dates?grave=yes")
    found = re.search(r'href="([^"]*)">Up to 500 dates on one page, for a print<', last)
    assert found, last
    long = browser.get(found[1].replace("&amp;", "&"))
    assert len(rows(long)) == 150
    assert "more follow" not in long
    assert "All that have no day yet" not in long
    found = re.search(r'href="([^"]*)">In short pages<', long)
    assert found, long
    assert len(rows(browser.get(found[1].replace("&amp;", "&")))) == 50


def test_the_board_asks_four_times_at_most_however_much_there_is_and_once_more_where_a_flight_is_ahead(
    browser: Browser, organiser: User, case: Case
) -> None:
    """And once more where visits or promises stand on the page: for what each person said of MPs, yes or no."""
    many(case, 201)
    others = [make_case(organiser, home()) for _ in range(5)]
    for other, agreed in zip(others, (None, True, False, True, False), strict=True):
        limit(other, None)
        if agreed is not None:
            cases.record_asked(other, asked_on=clock.today(), agreed=agreed, asked_by="Ruth", actor=organiser)
    pages = ("/dates", "/dates?whose=me", "/dates?when=week&grave=yes", "/dates?kind=visit")
    browser.get("/dates")  # after a start more is asked, once
    for most in (4, 5):
        for path in pages:
            with counted() as asked:
                browser.get(path)
            assert len(asked) <= most, "\n".join(asked)
        for other in others:
            chase(other, 2), visit(other, None), visit(other, 3, owner_id=organiser.id)
    removals.record_removal(case, RemovalFacts(departs_on=clock.today() + timedelta(days=3)), organiser)
    with counted() as asked:
        assert "Flight leaves" in browser.get("/dates")
    assert len(asked) <= 6, "\n".join(asked)


def test_a_long_page_of_two_hundred_rows_is_small(browser: Browser, organiser: User) -> None:
    for number in range(40):
        case = make_case(organiser, name=f"Person {number * 7919} Name{number * 104729}")
        for day in range(5):
            limit(case, day, day + number, owner_id=None)
    page = browser.client.get("/dates?long=yes")
    assert len(rows(page.text)) == 200
    assert len(gzip.compress(page.data, 6)) < 15 * 1024


def test_ticked_dates_are_taken_and_the_board_stays_as_it_was(
    browser: Browser, organiser: User, case: Case
) -> None:
    one, two = limit(case, 1), chase(case, 2)
    address = "/dates?when=week&names=initials"
    back = re.search(r'name="back" value="([^"]*)"', browser.get(address))
    assert back
    picks = [f"d{one.id}.0", f"f{two.id}.0"]
    browser.post("/dates/take", page=address, take=picks, back=back[1].replace("&amp;", "&"))
    assert browser.location == address
    page = browser.get(browser.location)
    assert "You take care of 2 dates now." in page
    assert [row.split()[-1] for row in rows(page)] == ["you", "you"]
    assert 'type="checkbox"' not in page
    assert rows(browser.get("/dates?whose=nobody")) == []


def test_a_date_that_somebody_took_first_stays_theirs_and_is_said(
    browser: Browser, organiser: User, case: Case
) -> None:
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    row = limit(case, 1)
    hands.take(idris, [Pick(ThingKind.DATE, row.id, None)])
    browser.post("/dates/take", page="/dates", take=f"d{row.id}.0")
    page = browser.get(browser.location)
    assert "1 date was not as you saw it any more" in page
    assert rows(page)[0].endswith("Idris Vane")
    browser.post("/dates/take", page="/dates", take=f"d{row.id}.{idris.id}")
    assert rows(browser.get(browser.location))[0].endswith("you")


@pytest.mark.parametrize("take", [None, "", "d", "x1.0", "d²"])
def test_nothing_ticked_says_what_to_do(browser: Browser, case: Case, take: str | None) -> None:
    limit(case, 1)
    browser.post("/dates/take", page="/dates", take=take, back="/dates?after=nonsense&case=%00")
    assert "Tick the dates that you take care of" in browser.get(browser.location)


@pytest.mark.parametrize("source", ["dates", "follow-ups", "visits"])
def test_from_its_own_page_a_date_is_taken_or_given(
    browser: Browser, organiser: User, case: Case, source: str
) -> None:
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser), chase(case, 1), visit(case, 1)
    page, owner = f"/cases/{case.reference}/{source}/1", f"/cases/{case.reference}/{source}/1/owner"
    assert "Taken care of by: <strong>nobody yet</strong>" in browser.get(page)
    browser.post(owner, page=page, owner=str(organiser.id), was="0", once=None)
    assert browser.location == page
    assert "Taken care of by: <strong>Ruth Ellery</strong>" in browser.get(page)
    browser.post(owner, owner=str(idris.id), was=str(organiser.id))
    assert "Taken care of by: <strong>Idris Vane</strong>" in browser.get(page)
    late = browser.post(owner, 200, owner="0", was=str(organiser.id))
    assert "Idris Vane takes care of it now" in late
    wrong = browser.post(owner, 200, owner="99", was=str(idris.id))
    assert "Choose one of them, or nobody." in wrong


def test_names_become_initials_in_the_address_or_for_the_whole_group(
    app: Flask, browser: Browser, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(case, 1)
    page = browser.get("/dates")
    assert "Samira Ahmadi" in page
    assert '/dates?names=initials">Show initials' in page
    page = browser.get("/dates?names=initials")
    assert rows(page)[0].startswith(f"S. A. {case.reference} Appeal")
    assert "Samira" not in page
    assert '/dates">Show names' in page


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Samira Ahmadi", "S. A."),
        ("Daniel K.", "D. K."),
        ("Łukasz", "Ł."),
        ("E\u0301lodie d’Arc", "E\u0301. d."),
        ("سميرة احمدي", "س. ا."),
        ("’Abd  al-Rahman", "A. a."),
        ("12 34", ""),
    ],
)
def test_initials_are_the_first_letters_of_each_word(name: str, short: str) -> None:
    assert initials(name) == short


def test_the_board_of_a_caseworker_has_their_own_cases_alone(sign_in, organiser: User, case: Case) -> None:
    mina = make_user(Role.CASEWORKER, "Mina Castellan")
    theirs = make_case(organiser, name="Daniel K.")
    cases.add_to_team(theirs, mina.id, organiser)
    limit(case, 1), limit(theirs, 2)
    page = sign_in(mina).get("/dates")
    assert len(rows(page)) == 1
    assert "Samira" not in page


def test_the_printed_board_says_its_day_and_to_keep_it_safe(browser: Browser, case: Case) -> None:
    limit(case, 1)
    head = browser.get("/dates").partition("<thead>")[2].partition("</thead>")[0]
    assert f"{clock.today().year}</time> for Ruth Ellery. It may hold names: keep it safe" in head
    assert "Done" in head
