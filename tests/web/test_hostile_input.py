"""Whatever anybody sends to any form or address is answered with a sound page, and shows nothing of other cases."""

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from casework import clock
from casework.domain.correspondence import Kind, ResponseKind
from casework.domain.publicity import Audience, Level
from casework.domain.surgeries import Outcome, Promise
from casework.services import (
    campaign_consent,
    consent,
    correspondence,
    imports,
    languages,
    letter_wordings,
    letters,
    own_view_links,
    packs,
    supporters,
    surgeries,
)
from casework.services.campaign_consent import NewCampaignConsent
from casework.services.consent import NewAuthority
from casework.services.correspondence import NewPaper
from casework.services.packs import PackKind
from casework.services.surgeries import VisitFacts
from casework.storage.database import db
from casework.storage.models import Batch, Case, Letter, User
from tests.factories import detained_at, home, make_case
from tests.pages import Browser, check_page

ALERT = "<script>alert(1)</script>"
HOSTILE = (
    f"</textarea></title>{ALERT}\"'><img src=x onerror=alert(1)>{{{{ 7 * 7 }}}}{{% raw %}}\r\nSet-Cookie: x=1\0\x1b",
    "n" * 10_000,
    "سميرة \u202egnp 👩🏽\u200d⚖️ e\u0301\u0301 \ufeff\ufffe",
    "9" * 5000,
)
ISSUED = 2  # the letter that is no draft any more
NO_NUMBER = "²"
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


class Forms(HTMLParser):
    """The forms of a page that change something: where each goes, and its fields with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = told.get("method", "").lower() == "post"
            if self._open:
                self.found.append((told.get("action", ""), {}))
        elif self._open and tag in ("input", "select", "textarea") and "name" in told:
            self.found[-1][1].setdefault(told["name"], told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def attempts(fields: dict[str, str]) -> Iterator[dict[str, str]]:
    """What an enemy would send: the same in every field, no fields at all, and no number where one is kept."""
    token = {"csrf_token": fields["csrf_token"]}
    yield token
    for value in HOSTILE:
        yield {**dict.fromkeys(fields, value), **token}
    if "version" in fields:
        plausible = {
            name: value or ("today" if name.endswith("-day") else "x") for name, value in fields.items()
        }
        yield {**plausible, **token, "version": NO_NUMBER}


def test_no_form_breaks_whatever_is_sent_to_it_and_no_page_runs_what_was_typed(
    app: Flask, browser: Browser, case: Case
) -> None:
    visited = [path for method, path, _ in addresses(app, case) if method == "GET"]
    sent = 0
    for path in visited:
        page = browser.client.get(path)
        assert page.status_code < 500, path
        for action, fields in Forms(page.text).found if page.mimetype == "text/html" else []:
            if not set(fields) <= {"csrf_token", "everywhere"}:
                for values in attempts(fields):
                    answer = browser.client.post(action or path, data=values)
                    assert answer.status_code < 500, (action or path, list(values.items())[:6])
                    assert "x=1" not in answer.headers.getlist("Set-Cookie"), path
                    sent += 1
    assert sent > 100
    for path in visited:
        page = browser.client.get(path)
        assert page.status_code < 500, path
        if page.mimetype == "text/html" and page.status_code == 200:
            check_page(page)
            assert ALERT not in page.text, path


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
