"""Two people have one page open: the second to save loses nothing of the first, and sees what differs."""

import re
from html import unescape
from typing import Any

import pytest

from casework.domain.parliament.offices import OfficeKind
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.parliament import offices
from casework.storage.database import db
from casework.storage.models import Case
from tests.factories import home, make_case
from tests.pages import Browser, day

A = {
    **day("date_of_birth", "4 5 1990"),
    "pronouns": "she",
    "representative_contact": "0113 496 0000",
    "representative_firm": "Invented Law",
    "home_office": "A1234567",
    "prison": "A1234BC",
}


@pytest.fixture
def case(app, organiser) -> Case:
    return make_case(organiser, home(), name="Samira")


@pytest.fixture
def person(case) -> str:
    return f"/cases/{case.reference}/person"


def opened(page: str) -> dict[str, str]:
    """What a page that was opened carries along to the next."""
    return {
        name: unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1])
        for name in ("version", "as_opened")
    }


def compared(page: str) -> dict[str, str]:
    """What another changed, as the page shows it: each field and what it says of it."""
    part = page[page.index('id="meanwhile"') :].partition("</section>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", part, re.S)
    return {unescape(name): re.sub(r"<[^>]+>", "", unescape(value)) for name, value in pairs}


def filled(page: str) -> dict[str, str]:
    """What a browser would send of a form as it stands: its boxes, what is ticked, what is chosen."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r' ([a-z]+)="([^"]*)"', tag))
        if "name" in given and (given.get("type") not in ("checkbox", "radio") or " checked" in tag):
            found[given["name"]] = unescape(given.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        found[name] = unescape(text).strip()
    lists = re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S)
    chosen = {
        name: re.search(r'<option selected value="([^"]*)"', inside) or re.search(r'value="([^"]*)"', inside)
        for name, inside in lists
    }
    return found | {name: value[1] for name, value in chosen.items() if value}


def both_open(browser: Browser, path: str, first: dict[str, Any], second: dict[str, Any]) -> str:
    """The page that the second of two is shown who had it open at the same time and changed these fields."""
    seen = filled(browser.get(path))
    del seen["once"], seen["csrf_token"]
    browser.post(path, **{**seen, **first})
    return browser.post(path, 200, **{**seen, **second})


def test_what_only_the_other_changed_is_shown_and_stays(browser: Browser, case, person, organiser):
    page = both_open(browser, person, A, {"nationality": "Eritrean"})
    told = compared(page)
    for label, value in (
        ("Date of birth", "4 May 1990"), ("Pronouns in letters", "she / her"),
        ("Their phone and email", "0113 496 0000"), ("Their firm or organisation", "Invented Law"),
    ):  # fmt: skip
        assert value in told[label], label
    assert any("A1234567" in value for value in told.values())
    assert not {"home_office", "prison"} & set(told)
    assert "Nationality" not in told, "they changed nothing there"
    browser.post(person, **{**filled(page), **opened(page)})
    db.session.expire_all()
    now = cases.get_case(case.reference, organiser)
    assert (now.nationality, now.pronouns, now.representative_contact) == ("Eritrean", "she", "0113 496 0000")
    assert now.date_of_birth
    assert {row.kind: row.value for row in now.references} == {"home_office": "A1234567", "prison": "A1234BC"}


def test_what_both_changed_is_shown_and_what_was_typed_stays(browser: Browser, person):
    page = both_open(
        browser,
        person,
        {"languages": "Tigrinya"},
        {"languages": "Arabic"},
    )
    assert compared(page) == {"Languages": "TigrinyaYou typed something else."}
    assert filled(page)["languages"] == "Arabic"


def test_a_page_that_does_not_know_how_it_began_takes_nothing_over(browser: Browser, person):
    seen = opened(browser.get(person))
    browser.post(person, name_used="Samira", languages="Tigrinya", version=seen["version"])
    page = browser.post(person, 200, name_used="Samira", languages="", version=seen["version"])
    assert "Tigrinya" in compared(page)["Languages"]
    assert filled(page).get("languages", "") == ""


def test_a_mistake_before_it_does_not_make_the_page_forget_how_it_began(browser: Browser, person):
    seen = opened(browser.get(person))
    page = browser.post(person, 200, name_used="Samira", **day("date_of_birth", "45 5 1990"), **seen)
    assert opened(page) == seen


def test_of_a_supporter_no_field_is_left_out(browser: Browser, case, organiser):
    row = supporters.add_supporter(case, organiser, name="Ada Okafor", reached_by=[], counted=True)
    path = f"/cases/{case.reference}/supporters/{row.id}"
    page = both_open(
        browser,
        path,
        {"reached_by": ["email"], **day("notice_given_on", "1 3 2026"), "counted": None},
        {"phone": "0113 496 0000"},
    )
    told = compared(page)
    assert "1 March 2026" in told["Day on which they were told what we keep, and why"]
    assert "You typed" not in told["They agreed that we may"]
    assert told["They may be counted among those who wrote"].startswith("No")


def test_of_an_office_what_another_learned_is_no_longer_written_over_unseen(
    browser: Browser, case, organiser
):
    seat = case.places[0].gss_code
    row = offices.add_entry(seat, offices.OfficeFacts(OfficeKind.TELEPHONE, text="0113 496 0000"), organiser)
    page = both_open(
        browser,
        f"/mps/{seat}/office/{row.id}",
        {"text": "0113 496 0001"},
        {"told_by": "rang them"},
    )
    assert compared(page)["In words"].startswith("0113 496 0001")
