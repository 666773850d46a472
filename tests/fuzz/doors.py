"""The doors through which a stranger's bytes come in, each as a function of bytes that hypothesis and atheris both use.

A door is sound when it answers every bytes with a value or with a `CaseworkError` in words. Whatever else it raises
is a fault of ours and goes through to whoever knocked.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner
from cryptography.fernet import Fernet
from flask import current_app
from ical.calendar_stream import IcsCalendarStream
from PIL import Image
from pypdf import PdfWriter

from casework.commands.deadline import deadline_command
from casework.commands.directory import lookup_command
from casework.domain.campaign.sheet_columns import find_columns
from casework.domain.campaign.supporter_sheets import read_sheet
from casework.domain.case.postcodes import parse_partial, parse_postcode
from casework.domain.errors import CaseworkError
from casework.domain.language.languages import Language, check_text
from casework.domain.parliament import visit_codes, visit_logs
from casework.domain.parliament.visit_logs import read_log
from casework.domain.timing.deadline_rules import KIND_WORDS, Kind
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.domain.timing.vcards import read_cards, write_cards
from casework.pdf import catalogues
from casework.pdf.letter_blocks import SHARED
from casework.pdf.letter_words import read_words, shared_sentences
from casework.pdf.wordings import read_folder
from casework.reference.changed_book import changed_book
from casework.reference.directory.updates import Update, read_pointer, read_update, write_update
from casework.reference.parliament import reading
from casework.reference.parliament.holidays import read_holidays
from casework.reference.rule_changes import read_entries
from casework.services.campaign.imports import checks
from casework.services.campaign.sheet_files import read_sheets
from casework.services.language import languages
from casework.services.letters import scan_checks
from casework.services.letters.group_letters import own_letters
from casework.services.letters.letter_wordings import changed, complaints_about, wording_of
from casework.services.parliament.directory import directory
from casework.services.timing.calendar_files import calendar_file
from casework.settings import load_settings
from casework.web import kept_words
from tests.parliament_of_our_own import Election, Parliament, Sitting

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parents[1] / "data" / "fuzz"  # what once broke a door, by the door's name
MOST_PRINTED = 2_000_000  # characters of one letter, whatever its words say
OF_A_LETTER = "home-mp-urgent"
FRENCH = Language("fr", "French", "français", "Latn")

Knock = Callable[[bytes], None]
DOORS: dict[str, Knock] = {}


def door(knock: Knock) -> Knock:
    """A door under its function's name. A refusal in words is an answer; one without words is not."""

    def answered(given: bytes) -> None:
        try:
            knock(given)
        except CaseworkError as refusal:
            if not refusal.message.strip():
                raise AssertionError("a refusal says why") from refusal

    DOORS[knock.__name__] = answered
    return answered


def text_of(given: bytes) -> str:
    """The bytes as text, with lone surrogates where they spell some."""
    return given.decode("utf-8", "surrogateescape" if given[:1] == b"\xff" else "replace")


@door
def contacts(given: bytes) -> None:
    """Contacts of an office (vCard), read; what was read is written and read again."""
    cards = read_cards(given.decode("utf-8", "replace"))
    assert [card.name for card in read_cards(write_cards(cards))] == [card.name for card in cards]


@door
def postcode(given: bytes) -> None:
    """A postcode as it was typed, and who sits there."""
    text = text_of(given)
    for read in (parse_postcode, parse_partial):
        try:
            found = str(read(text))
        except CaseworkError:
            continue
        assert str(read(found)) == found, "what was put right stays as it is"
    directory().lookup(text)


@door
def sheet(given: bytes) -> None:
    """A list of supporters, as it is when somebody sends it and when its rows are read."""
    file = read_sheets(given)
    for table in file.tables:
        assert len(table.rows) <= 20_000
        for row in read_sheet(table.rows, find_columns(table.rows), checks()).rows:
            assert all(isinstance(value, str) for value in row.values.values())
            row.sentences()
    json.dumps([[table.name, table.rows] for table in file.tables]).encode()


@door
def scan(given: bytes) -> None:
    """A scan, as it is looked at before it is kept: what it is, and what it carries."""
    scan_checks.carried(given, scan_checks.check(given, "scan"))


@door
def wording(given: bytes) -> None:
    """Words of a group's own for one block of a letter; those that are taken are filled too, and end."""
    own = own_letters()
    words = text_of(given)
    if read_words("ask", words, shared_sentences(own.source(SHARED))).complaints:
        return
    standing = wording_of(OF_A_LETTER)
    template = standing.template
    new = changed(
        standing, title=template.title, purpose=template.purpose, audience=template.audience,
        tells=tuple(template.tells), words={**standing.words, "ask": words},
    )  # fmt: skip
    if complaints := complaints_about(new):
        assert all(one.what.strip() and one.line >= 0 for one in complaints)
        return
    tried = own.with_wordings([new])
    filled = tried.prefill(OF_A_LETTER, tried.sample(OF_A_LETTER))
    assert len("".join(filled.values())) < MOST_PRINTED


@door
def letter_folder(given: bytes) -> None:
    """The folder of a group's own letters: its index, and behind a NUL the words of one letter."""
    index, _, words = given.partition(b"\0")
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "index.toml").write_bytes(index)
        (folder / f"{OF_A_LETTER}.txt").write_bytes(words)
        _, problems = read_folder(folder, own_letters())
    assert all(one.where and one.what.strip() for one in problems)


@door
def settings_file(given: bytes) -> None:
    """`settings.toml`, read as at every start."""
    with TemporaryDirectory() as name:
        (Path(name) / "settings.toml").write_bytes(given)
        load_settings({}, instance=Path(name))


@door
def environment(given: bytes) -> None:
    """Settings from the environment: a line for each."""
    lines = (line.partition("=") for line in text_of(given).splitlines())
    with TemporaryDirectory() as name:
        load_settings({f"CASEWORK_{key}": value for key, _, value in lines}, instance=Path(name))


@door
def rule_changes(given: bytes) -> None:
    """A group's own rules and bank holidays, as TOML, put into the book."""
    changes = read_entries(given.decode("utf-8", "replace"), "rule_changes.toml")
    changed_book(changes)
    assert all(change.sentence and change.signature for change in changes)


@door
def language_file(given: bytes) -> None:
    """A translation that somebody sends, as PO or CSV; what would be kept of it comes back from the kept file."""
    for text in languages._read_file("fr", given)[:20]:
        kept = replace(text, english="Date", papers=())
        check_text(kept, date.max)
        again = catalogues.from_po(catalogues.as_po(FRENCH, [kept]))[1]
        assert list(again) == [kept], (again, kept)


@door
def language_folder(given: bytes) -> None:
    """A PO file that lies in the folder of the group: a broken one stops no page."""
    with TemporaryDirectory() as name:
        ours = languages.folders()[0]
        (Path(name) / "fr.po").write_bytes(given)
        folders = (ours, Path(name))
        catalogues.known_languages(folders)
        catalogues.broken_files(folders)
        catalogues.open_catalogue("fr", folders)


@door
def deadline(given: bytes) -> None:
    """`casework deadline` with these words, and again as JSON."""
    words = [word for word in text_of(given).replace("\0", "").split("\n")[:8] if word]
    for more in ([], ["--json"]):
        done = CliRunner().invoke(deadline_command, [*words, *more])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        if done.exit_code == 0 and more and "--help" not in words:
            json.loads(done.stdout)


@door
def lookup(given: bytes) -> None:
    """`casework lookup -` with these lines at its standard input: one answer for each."""
    done = CliRunner().invoke(lookup_command, ["-", "--json"], input=given)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception


@door
def parliament(given: bytes) -> None:
    """An answer of UK Parliament or GOV.UK, whatever was asked; what is taken of it is plain text in a few lines."""
    try:
        told = json.loads(text_of(given))
    except (ValueError, RecursionError):  # the client asks again
        return
    day, taken = date(2026, 11, 29), []
    for read in (
        reading.listed,
        reading.left,
        lambda said: reading.offices(said, "x", day),
        lambda said: reading.posts(said, "x", day),
        lambda said: reading.own_interests(said, "x", day),
        lambda said: reading.registered_interests(said, "x", day),
        lambda said: list(reading.elections(said)),
        lambda said: reading.poll(said, "x"),
        read_holidays,
    ):
        with suppress(CaseworkError):
            taken.append(read(told))
    text = str(taken)
    assert text.isprintable()
    text.encode()


@door
def directory_update(given: bytes) -> None:
    """An update of the directory as it lies in the folder, and the file that names it."""
    with suppress(CaseworkError):
        read_pointer(given)
    read_update(given)


@door
def visit_code(given: bytes) -> None:
    """A visit log as somebody typed it, and what is in one that a bag sealed."""
    with suppress(CaseworkError):
        visit_codes.read(text_of(given))
    log = read_log(given)
    assert len(log.said) <= visit_logs.MOST["said"]


@door
def cookie(given: bytes) -> None:
    """The session's cookie, and the words that travel through the sign-in page, made by somebody without the key."""
    text = text_of(given)
    assert kept_words.unseal(text) is None, "without the key nothing opens"
    sent = re.sub(r"[\x00-\x1f\x7f]", "", text).encode("utf-8", "replace").decode("latin-1")
    with current_app.test_client() as client:
        answer = client.get("/sign-in", headers={"Cookie": f"casework={sent}"})
    assert answer.status_code == 200, answer.status_code


def entry_of(text: str, day: date, kind: Kind | None) -> DiaryEntry:
    """Something with a day on it, in which everything that anybody types is this text."""
    return DiaryEntry(
        EntrySource.DEADLINE if kind else EntrySource.FOLLOW_UP,
        1,
        reference=text,
        person=text,
        title=text,
        words=KIND_WORDS[kind or Kind.HARD_LIMIT],
        kind=kind,
        who=text,
        owner=text,
        condition=text,
        stated_by=text,
        rule_key=text,
        last_on=day,
        safe_on=day - timedelta(days=1),
        changed_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


@door
def calendar(given: bytes) -> None:
    """A calendar written from hostile names, read by another library: its own days, and nothing of what was typed."""
    text, kinds = text_of(given[4:]), [None, *Kind]
    day = date.fromordinal(2 + int.from_bytes(given[:3], "big") % (date.max.toordinal() - 2))
    content = calendar_file(
        [entry_of(text, day, kinds[sum(given[3:4]) % len(kinds)])], "https://example.org/dates"
    )
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\0" not in content
    unfolded = content.replace(b"\r\n ", b"").decode()
    if len(text.strip()) > 25:
        assert text.strip() not in unfolded
    events = IcsCalendarStream.calendar_from_ics(content.decode()).events
    assert day in {event.dtstart for event in events}
    assert unfolded.count("BEGIN:VEVENT") == len(events) <= 2


def seeds(name: str) -> list[bytes]:
    """What a door is meant for, from which a fuzzer goes astray; and what once broke it."""
    sheets = Path(__file__).parents[1] / "data" / "sheets"
    letters = ROOT / "letters"
    own = {
        "postcode": [b"SW1A 0AA", b"ub7 0", b"LS11OES", "ＬＳ１１ 0ES".encode()],
        "sheet": [file.read_bytes() for file in sorted(sheets.iterdir()) if file.stat().st_size < 20_000],
        "wording": [
            b"Please help {{ person.name }}.{% if flight %} {{ name() }}{% endif %}",
            b"{% for one in enclosures %}{{ one|upfirst }}{% else %}x{% endfor %}",
            b"{% from '_shared.txt' import name %}{{ name() }}{{ 'a' ~ today|long_date }}",
        ],
        "letter_folder": [
            b'[letters.ours]\nlike = "home-mp-urgent"\ntitle = "Ours"\ntells = ["name"]\n\0--- ask ---\nHelp us.\n',
            b"[letters]\0" + (letters / "home-mp-urgent.txt").read_bytes(),
        ],
        "visit_code": [
            visit_codes.write(bytes(range(60))).encode(),
            b'{"entry":"0123456789abcdef","on":"2026-03-01","answer":"yes","promises":[{"what":"Ring","by":"2026-03-02"}]}',
        ],
        "settings_file": [b'group_name = "Ours"\nhttps = true\nsession_hours = 12\nbase_url = "https://a.org"\n'],
        "environment": [b"GROUP_NAME=Ours\nHTTPS=yes\nSESSION_HOURS=12\nKEY=x"],
        "rule_changes": [RULE_CHANGES.encode()],
        "language_file": [
            (letters / "languages" / "fr.po").read_bytes()[:3000],
            b"English,Translation,Checked by,Checked on\r\nDate,Fecha,Ana,2026-03-01\r\n",
        ],
        "language_folder": [(letters / "languages" / "fr.po").read_bytes()[:3000]],
        "deadline": [
            b"ftt_appeal_in_uk\n2026-03-20\n--region\nscotland", b"jr_pap_reply\n--sent\n2026-11-06\n--how\npost",
            b"--list",
        ],
        "lookup": [b"SW1A 0AA\nLS11 0ES\nUB7\n\n", b"\xff\xfe"],
        "parliament": [json.dumps(one).encode() for one in parliament_says()],
        "directory_update": [
            b'{"name": "update-2026-11-29-1", "sha256": "x"}',
            write_update(Update("update-2026-11-29-1", date(2026, 11, 29), "x", "", 1, (), {})),
        ],
        "contacts": [
            b"BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\nFN:Office\\, Leeds\r\nTEL;TYPE=work:0113\r\n"
            b"ADR:;;1 Long\r\n  Lane;Leeds;;;\r\nREV:20260303T000000Z\r\nEND:VCARD\r\n",
        ],
        "cookie": [b"gAAAAABl", kept_seed()],
        "calendar": [b"\x0b\x4c\x30\x01Samira\r\nBEGIN:VALARM\r\nEND:VALARM"],
        "scan": [picture("JPEG"), picture("PNG"), picture("WEBP"), paper()],
    }  # fmt: skip
    found = sorted((FOUND / name).iterdir()) if (FOUND / name).is_dir() else []
    return [*own.get(name, []), *(file.read_bytes() for file in found)]


def parliament_says() -> list[object]:
    """An answer of each kind that our own Parliament gives."""
    member = Sitting(1, "Ann Example")
    member.contact = [
        {"type": "Constituency office", "line1": "1 Row", "email": "a@example.org", "isWebAddress": False}
    ]
    member.posts = {
        "governmentPosts": [{"name": "Minister", "additionalInfo": "Home Office", "endDate": None}]
    }
    member.focus = [{"category": "Countries", "focus": ["Jamaica"]}]
    member.interests = [{"name": "1. Employment", "interests": [{"interest": "x"}]}]
    said = Parliament({4001: member})
    votes = [(1, "Ann Example", "One", 2), (None, "Ben", "Two", 1)]
    said.elections[4001] = [Election(7, "2026-10-08", votes)]
    places = ("", "/Contact", "/Biography", "/Focus", "/RegisteredInterests")
    paths = [f"/api/Members/1{place}" for place in places]
    paths += [f"/api/Location/Constituency/4001/{place}" for place in ("ElectionResults", "ElectionResult/7")]
    return [member.said(4001), *map(said.answer, [*paths, "/bank-holidays.json"])]


def picture(kind: str) -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


def paper() -> bytes:
    """A PDF of one empty page."""
    out, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def kept_seed() -> bytes:
    """Something of the shape of a sealed cookie."""
    return Fernet(Fernet.generate_key()).encrypt(b"x" * 20)


RULE_CHANGES = """
[rules.ftt_appeal_in_uk]
length = 10
why = "A new rule"
signed_by = "Ruth Ellery"
signed_on = 2026-03-01
source = []

[rules.new_form]
name = "The new form"
in_short = "The form is in time within 10 working days."
kind = "hard_limit"
owed_by = "us"
actor = "the person"
trigger = "the form sent"
trigger_is = "sent"
counting = "after_day"
length = 10
unit = "working_days"
calendar = "ftt_iac"
end_rule = "roll_forward"
authority = "a practice direction"
examples = [{ trigger = 2026-12-07, region = "england-and-wales", last = 2026-12-21 }]
why = "It was in the news."
signed_by = "Ruth Ellery"
signed_on = 2026-11-20

[[holidays]]
date = 2026-12-04
title = "A day"
divisions = ["england-and-wales"]
source = "gov.uk"
checked_on = 2026-03-01
why = "w"
signed_by = "R"
signed_on = 2026-03-01
"""
