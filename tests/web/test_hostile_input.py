"""Whatever anybody sends to any address does nothing without its token, and no form takes a row of another case.

What hostile words do to forms and pages is tried in tests/fuzz/test_forms.py, and the rows of other cases at every
address in tests/web/test_every_door.py.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from casework import clock
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.services.campaign import supporters
from casework.services.letters import correspondence, letters
from casework.services.letters.correspondence import NewPaper
from casework.storage.models import Case, Letter, User
from tests.factories import detained_at, home, make_case
from tests.pages import Browser

# These would end the visit or keep it to one form, or only be slow: each password is tried at leisure.
LEFT_ALONE = {"stall.start", "accounts.sign_out", "home.leave", "static", "accounts.change_password"}


@pytest.fixture
def case(app: Flask, organiser: User) -> Case:
    """A case with a supporter, a paper and a draft, each the first of its kind and therefore with the id 1."""
    case, today = make_case(organiser, home(), detained_at(), name="Samira"), clock.today()
    supporters.add_supporter(case, organiser, name="Ada", postcode="S1 2HH", address="1 Row\nTown")
    notice = NewPaper(
        Kind.HOME_OFFICE_RESPONSE,
        response=ResponseKind.REMOVAL_NOTICE,
        dated=today,
        received_on=today,
        received_how="hand",
    )
    correspondence.record_paper(case, notice, organiser)
    letters.draft_letter(case, "home-mp-urgent", organiser, gss_code=case.places[0].gss_code)
    return case


def addresses(app: Flask, case: Case) -> Iterator[tuple[str, str]]:
    """Every address of the house with its methods, and with the number 1 in it."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in LEFT_ALONE:
            continue
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: 1 if name in numbers else "x" for name in rule._converters}
        values |= {"reference": case.reference} | (rule.defaults or {})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, adapter.build(rule.endpoint, values, method=method)


def test_nothing_is_done_without_the_token_of_a_form(app: Flask, browser: Browser, organiser: User) -> None:
    for method, path in addresses(app, make_case(organiser)):
        if method == "POST":
            assert browser.client.post(path, data={"name": "Samira"}).status_code == 400, path


def test_no_form_of_ones_own_case_takes_a_row_of_another(
    browser: Browser, organiser: User, case: Case
) -> None:
    own = make_case(organiser, home(), name="Idris")
    here = f"/cases/{own.reference}"
    told = {"kind": "other out", "sent_on-day": "today", "recipient": "Home Office"}
    browser.post(f"{here}/letters-out/new", 200, answers="1", **told)
    seat = own.places[0].gss_code
    browser.post(f"{here}/letters/new", 200, template="supporter-to-own-mp", gss_code=seat, supporter="1")
    assert correspondence.list_papers(own) == []
    assert {letter.case_id for letter in Letter.query.all()} == {case.id}
