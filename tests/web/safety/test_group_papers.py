"""The papers for the group: pages to read and print, for those who are in it."""

import re

import pytest

from casework.web.safety.group_papers import PAPERS
from tests.pages import Browser


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_a_page_whose_tables_a_phone_can_show(browser: Browser, name: str) -> None:
    browser.get("/papers")
    page = browser.get(f"/papers/{name}")
    assert page.count("<table") == page.count('<table class="blocks">')
    assert "<td>" not in page.replace("<td></td>", "")  # each cell says which column it stands in
    assert "<!--" not in page
    assert ".md" not in "".join(part.split('"')[0] for part in page.split('href="')[1:])


def test_one_paper_leads_to_another_that_is_there_and_to_no_file(browser: Browser) -> None:
    page = browser.get("/papers/data-protection")
    assert 'href="/papers/threat-model"' in page
    assert "SECURITY.md</span>" in page
    browser.get("/papers/threat-model")
    assert browser.client.get("/papers/SECURITY").status_code == 404
    assert browser.client.get("/papers/..%2FREADME").status_code == 404


def test_the_page_of_everybody_leads_to_what_the_papers_say_of_police_and_of_a_passphrase(
    browser: Browser,
) -> None:
    """Locking everything is at hand there, and may be a crime once police are at the door."""
    page = browser.get("/you")
    for address in re.findall(r'href="(/papers/[^"]+#[^"]+)"', page):
        paper, _, place = address.partition("#")
        assert f'id="{place}"' in browser.get(paper)
    assert "/papers/data-protection#part-6-if-police-come" in page
    assert "/papers/keys#part-a-passphrase-over-the-key" in page


def test_a_stranger_reads_how_accessible_it_is_and_nothing_else(stranger: Browser) -> None:
    assert "Can everybody use it?" in stranger.get("/accessibility")
    assert stranger.client.get("/papers/threat-model").status_code == 302
