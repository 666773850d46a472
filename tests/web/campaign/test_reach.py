"""The room of reach: a table that sorts and goes along, two maps, one page of paper."""

import csv
import io

import pytest

from casework.domain.safety.accounts import Role
from casework.services.campaign import supporters
from tests.factories import home, make_case, make_user


@pytest.fixture
def case(app, organiser):
    """Samira, with a supporter in Sheffield whose name begins like a formula."""
    case = make_case(organiser, home("LS11 0ES"))
    supporters.add_supporter(case, organiser, name="Ada", postcode="S1 2HH")
    return case


def test_both_maps_and_the_table_show_where_supporters_live(browser, case) -> None:
    for shape in ("true", "even"):
        page = browser.get(f"/cases/{case.reference}/reach?map={shape}")
        assert "Sheffield Central" in page
        assert "nobody yet: 650 constituencies" in page


def test_the_table_is_ordered_by_what_is_asked_for(browser, case) -> None:
    by_name = browser.get(f"/cases/{case.reference}/reach")
    by_supporters = browser.get(f"/cases/{case.reference}/reach?sort=supporters")
    table = "Every constituency"
    assert by_name.partition(table)[2].index("Leeds South") < by_name.partition(table)[2].index(
        "Sheffield Central"
    )
    assert by_supporters.partition(table)[2].index("Sheffield Central") < by_supporters.partition(table)[
        2
    ].index("Leeds South")


def test_the_table_can_be_taken_away(browser, case) -> None:
    answer = browser.client.get(f"/cases/{case.reference}/reach.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["Constituency"], row["Supporters"]) for row in rows] == [
        ("Leeds South", "0"),
        ("Sheffield Central", "1"),
    ]


def test_the_page_to_print_names_no_supporter_and_not_the_person(browser, case) -> None:
    body = browser.get(f"/cases/{case.reference}/reach/sheet").partition('<div class="sheet')[2]
    assert "Sheffield Central" in body
    assert "Ada" not in body
    assert "Samira" not in body


def test_the_day_that_matters_is_kept_and_said(browser, case) -> None:
    here = f"/cases/{case.reference}/reach/day"
    browser.post(here, **{"on-day": "tomorrow", "what": "The debate", "wanted": "50"})
    assert "0 of 50 letters handed over. The debate on" in browser.get(f"/cases/{case.reference}/reach")


def test_nobody_outside_the_team_sees_the_reach(case, sign_in) -> None:
    other = sign_in(make_user(Role.CASEWORKER, "Idris"))
    for room in ("reach", "reach/sheet", "reach.csv", "reach/day"):
        assert other.client.get(f"/cases/{case.reference}/{room}").status_code == 404
