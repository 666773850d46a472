"""The tour of the demo: ten steps that lead to their pages and are ticked, and nothing of it anywhere else."""

import re
from dataclasses import replace

import pytest

from casework.demo import make_demo
from casework.domain.language.tour import STEPS
from casework.services.safety import accounts
from casework.storage.instance import current_instance

pytestmark = pytest.mark.sqlcipher


@pytest.fixture
def demo(app, monkeypatch):
    """The instance as `casework serve --demo` makes it."""
    make_demo()
    instance = current_instance()
    folder = instance.settings.instance.parent / "demo"
    monkeypatch.setattr(instance, "settings", replace(instance.settings, instance=folder))
    return app


def test_each_step_of_the_tour_leads_to_its_page_and_is_ticked_and_the_next_one_is_offered(demo, sign_in):
    ruth = sign_in(accounts.find_user("ruth"))
    assert "Tour: ten minutes" in ruth.get("/cases")
    for number, step in enumerate(STEPS, 1):
        page = ruth.get("/tour")
        assert page.count("state--done") == number - 1
        ruth.get(f"/tour/{number}", 303)
        there = ruth.get(ruth.location)
        assert (
            f"Next on the tour: {STEPS[number].title}" if number < len(STEPS) else "the whole tour"
        ) in there
        assert step.do in page
    assert "You have seen all of it" in ruth.get("/tour")


def test_a_volunteer_is_led_to_no_page_that_is_shut_to_them(demo, sign_in):
    mina = sign_in(accounts.find_user("mina"))
    numbers = re.findall(r'href="/tour/(\d+)"', mina.get("/tour"))
    assert 0 < len(set(numbers)) < len(STEPS)
    for number in numbers:
        mina.get(f"/tour/{number}", 303)
        mina.get(mina.location)
    assert "no such step" in mina.get("/tour/1", status=404)


def test_outside_the_demo_there_is_no_tour(app, browser):
    browser.get("/tour", status=404)
    browser.get("/tour/1", status=404)
    assert "tour" not in browser.get("/cases").lower()
