"""Whatever anybody sends to any address does nothing without its token, and shows nothing of other cases.

What hostile words do to forms and pages is tried in tests/fuzz/test_forms.py.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from casework import clock
from casework.domain.consent.publicity import Audience, Level
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.letters.packs import PackKind
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.services.campaign import imports, supporters
from casework.services.consent import campaign_consent, consent, own_view_links
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.consent.consent import NewAuthority
from casework.services.language import languages
from casework.services.letters import correspondence, letter_wordings, letters, packs
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.database import db
from casework.storage.models import Batch, Case, Letter, User
from tests.factories import detained_at, home, make_case
from tests.pages import Browser

ISSUED = 2  # the letter that is no draft any more
# These would end the visit or keep it to one form, or only be slow: each password is tried at leisure.
LEFT_ALONE = {"stall.start", "accounts.sign_out", "home.leave", "static", "accounts.change_password"}


@pytest.fixture
def case(app: Flask, organiser: User) -> Case:
    """A case with one of everything, each the first of its kind and therefore with the id 1."""
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
    consent.record_authority(case, NewAuthority(signed_on=today - timedelta(1), scope=("ask",)), organiser)
    seat = case.places[0].gss_code or ""
    surgeries.plan_visit(case, VisitFacts(seat), organiser)
    promised = [Promise("To write", "The MP", None)]
    surgeries.record_visit(case, VisitFacts(seat, today), Outcome.AGREED, promised, organiser)
    letters.draft_letter(case, "home-mp-urgent", organiser, gss_code=seat)
    assert letters.issue_letter(letters.draft_letter(case, "own-view", organiser), organiser).id == ISSUED
    agreed = NewCampaignConsent(today, Level.SUPPORTERS, "Ruth Ellery", "signature")
    campaign_consent.record(case, agreed, organiser)
    packs.make(case, PackKind.PACK, Audience.LAWYER, "Papers", ["contacts"], organiser)
    letter_wordings.save_wording(letter_wordings.wording_of("home-mp-urgent"), 0, organiser)
    own_view_links.make(case, 1, organiser)
    return case


def addresses(app: Flask, case: Case) -> Iterator[tuple[str, str, bool]]:
    """Every address of the house: method, path with the number 1 in it, whether it names something of a case."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in LEFT_ALONE:
            continue
        known = {"reference": case.reference, "gss_code": "E14001276", "rule_key": "ut_set_aside"}
        known |= {"template_key": "home-mp-urgent", "code": "fr"}
        known |= (
            {"key": languages.key_of(languages.get_catalogue("fr").texts[0])}
            if "code" in rule.arguments
            else {}
        )
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: 1 if name in numbers else known.get(name, "x") for name in rule._converters}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for letter_id in (1, ISSUED) if "letter_id" in numbers else (1,):
                told = {**(rule.defaults or {}), **values} | (
                    {"letter_id": letter_id} if letter_id > 1 else {}
                )
                path = adapter.build(rule.endpoint, told, method=method)
                yield method, path, "reference" in rule.arguments and bool(numbers - {"user_id"})


def test_nothing_is_done_without_the_token_of_a_form(app: Flask, browser: Browser, case: Case) -> None:
    for method, path, _ in addresses(app, case):
        if method == "POST":
            assert browser.client.post(path, data={"name": "Samira"}).status_code == 400, path


def test_nothing_of_another_case_can_be_reached_under_ones_own(
    app: Flask, browser: Browser, organiser: User, case: Case
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    sheet = imports.upload(case, b"Name,Postcode\nIda,LS11\n", organiser)
    imports.take_rows(case, sheet.id, 0, {}, None, organiser)
    db.session.add(
        Batch(
            case=case, template="supporter-to-own-mp", template_sha256="x", state="done", order_by="surname",
            dated=clock.today(), made_at=clock.now(), made_by=organiser,
        )
    )  # fmt: skip
    db.session.commit()
    own = make_case(organiser, name="Idris")
    tried = [(method, path) for method, path, names_a_row in addresses(app, own) if names_a_row]
    assert len(tried) > 20
    for method, path in tried:
        assert browser.client.open(path, method=method).status_code == 404, (method, path)


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
