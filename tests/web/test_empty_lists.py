"""An empty list is no dead end: it says the next step and how long it takes."""

import re

import pytest

from tests.factories import make_case

SAYS_HOW_LONG = re.compile(r"\b(one|two|three|four|five|ten|half an) (minutes?|hour)\b", re.I)
# Where something else is shown than a list that people fill, or where the form to fill it stands at once.
NO_LIST = {
    "audit.for_case", "bins.for_case", "need_to_know.edit", "subject_access.show", "next_contacts.for_case",
    "feeds.for_case", "own_view.show", "imports.index", "stall.show", "campaign_pages.show",
}  # fmt: skip


@pytest.mark.sqlcipher
def test_every_list_of_a_case_that_has_just_begun_says_what_to_do_and_how_long_it_takes(
    app, browser, organiser
):
    case = make_case(organiser)
    lists = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.arguments == {"reference"}
        and "GET" in (rule.methods or ())
        and rule.endpoint.rpartition(".")[2] in ("index", "show", "for_case", "tasks", "places", "agreed")
        and rule.endpoint not in NO_LIST
    ]
    assert len(lists) > 15
    silent = []
    for rule in lists:
        page = browser.get(rule.rule.replace("<reference>", case.reference))
        if not SAYS_HOW_LONG.search(re.sub(r"<[^>]*>", " ", page)):
            silent.append(rule.endpoint)
    assert not silent, silent
