"""The person's copy: everything about them, nothing of anybody else's, readable by them and by machines."""

import io
import json
from zipfile import ZipFile

import html5lib
import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.consent import subject_access
from casework.services.letters import papers
from casework.services.safety import audit
from casework.services.safety.passphrases import new_passphrase
from casework.storage.database import db
from casework.storage.models import AuditEvent, Authority, Letter
from tests.factories import add_note, home, make_case, make_user

SCAN = b"%PDF-1.7 the form she signed"


@pytest.fixture
def case(organiser):
    case = make_case(organiser, home(), name="Samira <b>Ahmadi</b>", nationality="Afghan")
    add_note(case, "She prefers mornings.", organiser)
    friend = supporters.add_supporter(
        case,
        organiser,
        name="Łukasz Neighbour",
        postcode="S1 2HH",
        email="lukasz@example.org",
        address="9 Secret Road",
    )
    name = papers.keep(case, SCAN)
    db.session.add(Authority(
        case_id=case.id, signed_on=clock.today(), how_given="signed", scan_sha256=name, scan_type="application/pdf",
        recorded_at=clock.now(), recorded_by_id=organiser.id,
    ))  # fmt: skip
    letter = papers.keep(case, b"%PDF-1.7 signed by Neighbour")
    db.session.add(Letter(
        case_id=case.id, template="supporter-to-own-mp", supporter_id=friend.id, sha256=letter,
        blocks={"ask": "Please"},
        facts={"sender_name": "Łukasz Neighbour", "sender_address": "9 Secret Road", "printed": {"x": "9 Secret Road"}},
        drafted_at=clock.now(), drafted_by_id=organiser.id, saved_at=clock.now(), issued_at=clock.now(),
    ))  # fmt: skip
    db.session.commit()
    audit.record_look(make_user(Role.CASEWORKER, "Ada Mensah"), case, "letters.index")
    return case


def opened(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_everything_about_the_person_is_in_it_with_who_looked_and_the_papers(case, organiser):
    inside = opened(subject_access.make_zip(case, organiser, encrypted=False))
    assert set(inside) == {"read-this.html", "everything.json", "papers/form-of-authority-1.pdf"}
    assert inside["papers/form-of-authority-1.pdf"] == SCAN
    page, facts = inside["read-this.html"].decode(), json.loads(inside["everything.json"])
    for words in (
        "Afghan",
        "She prefers mornings.",
        "1 Invented Street",
        "Ada Mensah",
        "Information Commissioner",
    ):
        assert words in page
    held = facts["held"]
    assert held["cases"][0]["nationality"] == "Afghan"
    assert (
        held["case_notes"][0] | {"author": "Ruth Ellery", "text": "She prefers mornings."}
        == held["case_notes"][0]
    )
    assert held["letters"][0]["blocks"] == {"ask": "Please"}
    assert "Ada Mensah" in {line["who"] for line in facts["who_did_and_looked_at_what"]}
    assert facts["number_of_supporters"] == 1


def test_who_looked_at_what_is_told_in_the_words_of_the_trail_and_not_in_those_of_the_program(
    case, organiser
):
    audit.record_look(organiser, case, "handing_over.sees")
    page = opened(subject_access.make_zip(case, organiser, encrypted=False))["read-this.html"].decode()
    assert "looked at which hidden things somebody sees" in page
    assert "handing over: sees" not in page


def test_a_campaign_page_that_stands_in_the_trail_by_its_number_does_not_stop_the_copy(case, organiser):
    audit.record("campaign page opened", organiser, case, campaign_page=7, days=28)
    audit.record_by_number("campaign page taken down", organiser, case.id, page=7)  # as it was written before
    audit.record("table taken out", organiser, case, page="notes.index", rows=1)
    inside = opened(subject_access.make_zip(case, organiser, encrypted=False))
    page, facts = inside["read-this.html"].decode(), json.loads(inside["everything.json"])
    for words in ("campaign page opened<", "campaign page taken down<", "table taken out: the notes<"):
        assert words in page
    told = {line["what"]: line["facts"] for line in facts["who_did_and_looked_at_what"]}
    assert told["campaign page taken down"] == {"campaign_page": 7}


def test_nothing_of_anybody_else_s_is_in_it_and_it_says_what_was_left_out(case, organiser):
    inside = opened(subject_access.make_zip(case, organiser, encrypted=False))
    for content in inside.values():
        for theirs in ("lukasz@example.org", "Secret Road", "S1 2HH", "token", "password_hash"):
            assert theirs.encode() not in content
    assert "Neighbour" not in inside["everything.json"].decode()
    assert "how to reach them" in inside["read-this.html"].decode()
    assert json.loads(inside["everything.json"])["left_out"]


def test_the_page_stands_alone_is_valid_and_cannot_be_made_to_run_anything(case, organiser):
    page = opened(subject_access.make_zip(case, organiser, encrypted=False))["read-this.html"].decode()
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    assert parser.errors == []
    assert "<script" not in page
    assert "<b>Ahmadi" not in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "default-src 'none'" in page


def test_it_opens_with_its_passphrase_alone_and_the_trail_says_how_it_was_given(case, organiser):
    passphrase = new_passphrase()
    content = subject_access.make_zip(case, organiser, encrypted=True)
    sealed = subject_access.seal_zip(content, passphrase)
    assert b"Samira" not in sealed
    assert subject_access.open_sealed_zip(sealed, passphrase) == content
    with pytest.raises(CaseworkError, match="does not open it"):
        subject_access.open_sealed_zip(sealed, new_passphrase())
    line = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (line.action, line.facts) == ("copy for the person made", {"encrypted": True})


def test_a_paper_that_cannot_be_read_any_more_is_named_and_the_rest_goes_out(case, organiser):
    papers.remove(case, db.session.scalars(select(Authority)).one().scan_sha256)
    inside = opened(subject_access.make_zip(case, organiser, encrypted=False))
    assert "cannot be read any more" in inside["read-this.html"].decode()


def test_a_caseworker_makes_the_copy_on_its_page_and_a_volunteer_does_not(case, sign_in, organiser, browser):
    path = f"/cases/{case.reference}/copy"
    assert "Choose one." in browser.post(path, 200, read_through="y")
    assert "tick here" in browser.post(path, 200, how="plain")
    browser.post(path, 200, how="plain", read_through="y")
    assert "papers/form-of-authority-1.pdf" in opened(browser.last.data)
    passphrase = new_passphrase()
    browser.post(path, 200, how="sealed", read_through="y", passphrase=passphrase)
    assert "everything.json" in opened(subject_access.open_sealed_zip(browser.last.data, passphrase))
    mina = make_user(Role.VOLUNTEER, "Mina")
    cases.add_to_team(case, mina.id, organiser)
    sign_in(mina).get(path, 403)
