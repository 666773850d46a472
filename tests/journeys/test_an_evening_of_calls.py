"""Two people ring through one list on one evening: nobody is rung twice, and who wants to stop is gone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from casework.services.case import cases
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account
from tests.supporters import campaign_of, make_supporters

pytestmark = pytest.mark.browser


def rung(page: Page) -> str:
    """Who is to be rung on this page."""
    return page.get_by_role("heading", level=1).inner_text()


def tick(page: Page, outcome: str, then: str, words: str = "") -> None:
    page.get_by_label(outcome, exact=True).check()
    page.get_by_label("A few words for whoever rings next").fill(words)
    page.get_by_role("button", name=then).click()


def test_two_people_ring_through_one_list(app: object, visit: Callable[..., Page], camera: Camera) -> None:
    ruth, ada = an_account("Ruth Ellery", Role.ORGANISER), an_account("Ada Bright", Role.VOLUNTEER)
    case = campaign_of(ruth)
    cases.add_to_team(case, ada.id, ruth)
    make_supporters(case, 4, reached_by=["call"], phone="07700 900001")
    hers = visit(of=ruth, at=f"/cases/{case.reference}/calls/new")
    hers.get_by_label("What you say").fill("We meet on Friday at six in the hall. Samira will be glad of it.")
    hers.get_by_role("button", name="Make the list").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("0 of 4 rung")
    his = visit(360, of=ada, at=hers.url)
    names = []
    for page in (hers, his):
        page.get_by_role("button", name="Ring the next person").click()
        names.append(rung(page))
    tick(his, "We spoke", "Save, and ring the next", "ring after six")
    names.append(rung(his))
    tick(his, "They want to stop: take them off the list", "Save, and stop for now")
    expect(his.get_by_text("They are off the list")).to_be_visible()
    tick(hers, "No answer", "Save, and ring the next")
    names.append(rung(hers))
    assert len(set(names)) == 4
    tick(hers, "I left word: on the machine, or with somebody", "Save, and ring the next")
    expect(hers.get_by_role("heading", level=1)).to_have_text("4 of 4 rung")
    expect(hers.locator("p.lead")).to_contain_text("Spoken with: 1")
    expect(hers.get_by_text("ring after six")).to_be_visible()
    expect(hers.get_by_text(names[2])).to_have_count(0)
    camera.look(hers, "calls-made")
