"""A name that stands in every field stands nowhere in clear, whatever is opened, sent or broken.

Every page and file of a case is opened, and leaves its line in the trail; every form is sent with the name in each of
its fields; the disk is full, the program breaks, uploads are no papers. Then the name is looked for in every file of
the instance and its name, in temporary files, in the logs, in the titles of pages, in headers and on error pages.
"""

import errno
import logging
import re
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from casework.services.campaign import supporters
from casework.services.case import notes
from casework.services.letters import letters
from casework.services.safety import audit
from casework.storage.archive import FolderStore
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, User
from tests.factories import add_note, detained_at, home, make_case
from tests.pages import NOTHING_OF_A_CASE, Browser, _Elements
from tests.services.safety.test_erasing import Markers, plant

NAME = "Zqxmarkq"
PERSON = ("official_name", "other_names", "nationality", "languages", "safe_contact", "urgency")
DATE = {"-day": "3", "-month": "3", "-year": "2026"}
# Forms that end the sign-in of whoever walks through here, lock everything, or change into whom one is.
LEADS_OUT = ("accounts.", "stall.", "sessions.", "second_factors.", "passkeys.", "locking.", "handing_over.")
WORDS = ("text", "search", "email", "tel")
TITLE = re.compile(r"<title>(.*?)</title>", re.S)


def filled_in(page: str) -> dict[str, str]:
    """The fields of a page as somebody would send them: the name wherever words go, the last answer of a list."""
    sent: dict[str, str] = {}
    chosen = ""
    for tag, given in _Elements(page).found:
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "option" and chosen and value:
            sent[chosen] = value
        elif tag == "select":
            chosen = name
        elif tag == "textarea" or (tag == "input" and given.get("type", "text") in WORDS):
            sent[name] = next((day for end, day in DATE.items() if name.endswith(end)), NAME)
        elif tag == "input" and name:
            sent[name] = value
    return sent


class Watch:
    """Everything that came back, looked through as it comes."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.broken = 0

    def look(self, what: str, answer: TestResponse) -> TestResponse:
        """Keep where the name stands in what others see: titles, headers, and pages that say that something broke."""
        heads = " ".join(value for name, value in answer.headers if name not in ("Location", "Set-Cookie"))
        if NAME.casefold() in heads.casefold():
            self.found.append(f"a header of {what}")
        if answer.mimetype == "text/html":
            page = answer.get_data(as_text=True)
            if any(NAME.casefold() in title.casefold() for title in TITLE.findall(page)):
                self.found.append(f"the title of {what}")
            if answer.status_code >= 500:
                self.broken += 1
                if NAME.casefold() in page.casefold():
                    self.found.append(f"the error page of {what}")
        return answer


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def case(app: Flask, organiser: User) -> Case:
    """Somebody whose every fact is this name."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    case = make_case(organiser, home(), detained_at(), name=NAME, **dict.fromkeys(PERSON, NAME))
    case.places[0].address = f"{NAME}\nLeeds"
    add_note(case, NAME, organiser)
    notes.remove_note(case, case.notes[0].id, organiser)
    friend = supporters.add_supporter(
        case, organiser, name=NAME, postcode="S1 2HH", email=f"{NAME}@example.org", how_known=NAME
    )
    letter = letters.draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    blocks = dict.fromkeys(letter.blocks, NAME)
    letters.save_draft(letter, blocks, letter.facts, letter.version, organiser)
    return case


def addresses(app: Flask, case: Case, method: str) -> Iterator[tuple[Rule, str]]:
    """Every address for this method, with its parts filled in."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint in ("static", "home.leave"):
            continue
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: 1 if name in numbers else NAME for name in rule._converters}
        values |= {"reference": case.reference, **(rule.defaults or {})}
        yield rule, adapter.build(rule.endpoint, values)


def open_everything(app: Flask, browser: Browser, case: Case, watch: Watch) -> dict[str, dict[str, str]]:
    """Open every page and file; what each address is sent. Those of a case have to be in the trail."""
    fields: dict[str, dict[str, str]] = {}
    unseen: list[str] = []
    for rule, path in addresses(app, case, "GET"):
        answer = watch.look(path, browser.client.get(path))
        db.session.rollback()
        if answer.mimetype == "text/html":
            fields[path] = filled_in(answer.get_data(as_text=True))
        if "reference" in rule.arguments and not was_seen(case, rule.endpoint):
            unseen.append(rule.endpoint)
    assert unseen == [], "looked at without a line in the trail"
    return fields


def was_seen(case: Case, endpoint: str) -> bool:
    rows = db.session.query(AuditEvent.facts).filter_by(case_id=case.id, action=audit.LOOK)
    return any(facts.get("page") == endpoint for (facts,) in rows.order_by(AuditEvent.id.desc()).limit(5))


def send_everything(
    app: Flask, browser: Browser, case: Case, fields: dict[str, dict[str, str]], watch: Watch
) -> None:
    """Send every form with the name in each field, but those that end what is looked at."""
    page = browser.client.get("/you/password").get_data(as_text=True)
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]*)"', page)[0]
    ends = ("bins.put_case_away", "bins.erase_case")
    for rule, path in addresses(app, case, "POST"):
        if rule.endpoint in ends or rule.endpoint.startswith(LEADS_OUT):
            continue
        sent: dict[str, object] = {"text": NAME, "name": NAME, "q": NAME, **fields.get(path, {})}
        for name in ("file", "scan", "proof", "sheet"):
            sent[name] = (BytesIO(f"{NAME},{NAME}\n%PDF-{NAME}".encode()), f"{NAME}.csv")
        sent.pop("once", None)
        sent["csrf_token"] = token
        watch.look(path, browser.client.post(path, data=sent, content_type="multipart/form-data"))
        db.session.rollback()


def break_everything(browser: Browser, case: Case, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug whose words hold the name, and a disk that is full as a letter is issued."""

    def bug(*_: object, **__: object) -> None:
        raise RuntimeError(NAME)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, NAME, f"/{NAME}")

    with monkeypatch.context() as patch:
        patch.setattr("casework.web.case.case_page.contents", bug)
        assert watch.look("a bug", browser.client.get(f"/cases/{case.reference}")).status_code == 500
    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "read_sealed", full)
        watch.look("a full disk", browser.client.get(f"/cases/{case.reference}/letters/1.pdf"))
    with monkeypatch.context() as patch:
        patch.setattr("casework.web.case.case_page.contents", full)
        assert watch.look("a full disk", browser.client.get(f"/cases/{case.reference}")).status_code == 503


def in_clear(*folders: Path) -> list[str]:
    """The files in which the name stands, or whose own name holds it."""
    found = []
    for path in (path for folder in folders for path in folder.rglob("*")):
        content = path.read_bytes().lower() if path.is_file() else b""
        forms = (NAME.lower().encode(), NAME.lower().encode("utf-16-le"))
        if NAME.lower() in path.name.lower() or any(form in content for form in forms):
            found.append(str(path))
    return found


def test_a_name_that_stands_in_every_field_stands_nowhere_in_clear(
    app: Flask,
    browser: Browser,
    case: Case,
    organiser: User,
    instance: Path,
    temporary: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    watch = Watch()
    fields = open_everything(app, browser, case, watch)
    assert sum(len(names) for names in fields.values()) > 300
    send_everything(app, browser, case, fields, watch)
    break_everything(browser, case, watch, monkeypatch)
    odd = make_case(organiser)
    plant(odd, organiser, Markers(NAME))
    for rule, path in addresses(app, odd, "GET"):
        if rule.endpoint.partition(".")[0] in NOTHING_OF_A_CASE:
            continue
        watch.look(path, browser.client.get(path))
        db.session.rollback()
    assert watch.broken >= 2
    saved = set(db.session.scalars(db.select(AuditEvent.action).where(AuditEvent.case_id == case.id)))
    assert {"note added", "person changed", "visit recorded", "event recorded"} < saved
    assert len(saved) > 20, "forms were saved, and not only refused"
    facts = db.session.scalars(db.select(AuditEvent.facts)).all()
    assert [one for one in facts if NAME.casefold() in str(one).casefold()] == [], "the trail holds no words"
    assert watch.found == []
    db.session.remove()
    assert in_clear(instance, temporary) == []
    said = caplog.text + "".join(capfd.readouterr())
    assert "RuntimeError" in said, "the bug is in the log"
    assert NAME.casefold() not in said.casefold()
