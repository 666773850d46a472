"""What a go-bag tells besides its papers: in short, what to say to an MP, the dates with their counting, whom to ring.

Everything passes the gate of `disclosure` for whoever carries it; a line that tells too much is left out whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.consent.publicity import Audience, Kind
from casework.domain.dates import spoken
from casework.domain.letters.disclosure import kinds_marked
from casework.domain.timing.deadline_rules import Kind as DateKind
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.services.consent import telling_mps
from casework.services.letters import letter_pages, pack_lists
from casework.services.letters.letter_values import values_for
from casework.services.parliament import surgery_scripts
from casework.services.parliament.surgery_scripts import BRIEF, Script
from casework.services.timing import diary
from casework.storage.database import db
from casework.storage.models import Case, Deadline


@dataclass
class Contents:
    """The sections of a bag, ready to be written, and what came to light on the way."""

    brief: list[dict[str, Any]] = field(default_factory=list)
    surgery: list[dict[str, Any]] = field(default_factory=list)
    dates: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[list[str]] = field(default_factory=list)
    own: list[dict[str, Any]] = field(default_factory=list)
    told: set[Kind] = field(default_factory=set)
    left_out: set[Kind] = field(default_factory=set)


def contents(case: Case, audience: Audience) -> Contents:
    """Everything that may be told to these people today."""
    found = Contents()
    _brief(case, audience, found)
    for one in surgery_scripts.scripts(case, audience):
        found.surgery.append(as_told(one))
        found.told |= one.told
        found.left_out |= one.left_out
    _dates(case, audience, found)
    listed = pack_lists.contacts(case, audience)
    found.contacts = [list(row) for row in listed.rows]
    found.told |= listed.told
    found.left_out |= listed.left_out
    if audience is Audience.PERSON:
        own = letter_pages.own_view_of(case)
        found.own = [
            {"heading": heading, "rows": [[line.group, line.label, line.value] for line in lines]}
            for heading, lines in (("What is kept about you", own.held), ("What you agreed to", own.agreed))
        ]
    return found


def as_told(script: Script) -> dict[str, Any]:
    """A script as the bag keeps it."""
    visit = script.visit
    return {
        "gss": script.gss_code,
        "visit": visit.id if visit else None,
        "member": script.member,
        "constituency": script.constituency,
        "on": visit.held_on.isoformat() if visit and visit.held_on else None,
        "where": (visit.held_at or "") if visit else "",
        "parts": [[label, list(lines)] for label, lines in script.parts],
        "ask": script.ask,
        "worth": list(script.worth),
        "seconds": script.seconds,
    }


def _brief(case: Case, audience: Audience, found: Contents) -> None:
    """Who the person is, where they are and what is near, each where it may be told; a no to MPs first."""
    template = replace(letter_pages.letters().template(BRIEF), audience=audience)
    values = values_for(case, template, None, {}, clock.today())
    person, held, removal = values.person, values.detained_at, values.removal
    since = held.first_since or held.since
    word = telling_mps.word_of(case, clock.today())
    rows = [
        ("MPs", word.beside_a_step if word.refuses and audience in pack_lists.WORK_ON_IT else ""),
        ("Name", person.name),
        ("Full name, as the Home Office has it", person.official_name),
        ("Date of birth", spoken(person.born) if person.born else ""),
        ("Nationality", person.nationality),
        ("Languages", ", ".join(filter(None, (person.languages, person.interpreter)))),
        *((one.label, one.value) for one in values.references),
        ("Where they are held", "\n".join(filter(None, (held.name, *held.lines, held.room)))),
        ("Held since", spoken(since) if since else ""),
        ("Home", "\n".join(values.home.lines)),
        ("Flight", ", ".join(filter(None, (removal.flight, removal.airline, removal.airport, removal.route)))),
        ("What is urgent", case.urgency or ""),
    ]  # fmt: skip
    lines = letter_pages.letters().prefill(BRIEF, letter_pages.for_words(case, audience, values))["situation"]
    rows += [(label or "The situation", line) for label, line in surgery_scripts.said_lines(lines)]
    found.brief = [
        {"label": label, "text": text}
        for label, text in _kept(case, audience, [row for row in rows if row[1]], found)
    ]


def _dates(case: Case, audience: Audience, found: Contents) -> None:
    entries = diary.open_entries_of(case)
    rows = db.session.scalars(select(Deadline).where(Deadline.case_id == case.id))
    counted = {row.id: row for row in rows}
    told = [(entry.title, _when(entry), entry) for entry in entries]
    kept = _kept(case, audience, [(title, when) for title, when, _ in told], found)
    allowed = set(kept)
    for title, when, entry in told:
        if (title, when) in allowed:
            row = counted.get(entry.id) if entry.source is EntrySource.DEADLINE else None
            found.dates.append(
                {
                    "title": title,
                    "when": when,
                    "what": f"{entry.words.name}. {entry.meaning(clock.today())}",
                    "counted": _tellable(case, audience, _counted(row), found) if row else None,
                }
            )


def _when(entry: DiaryEntry) -> str:
    """The days of an entry in a sentence; never only the later of two."""
    if entry.final is None or entry.aim is None:
        return entry.cannot_say or "No day is known yet."
    label, paper = entry.words.label, f"; the paper gives {_day(entry.stated_on)}" if entry.stated_on else ""
    if entry.in_window(clock.today()):
        return f"Removal possible from {_day(max(entry.aim, clock.today()))}{paper}"
    if entry.kind is DateKind.NOTICE_PERIOD and entry.earliest_on:
        return f"{label} {_day(entry.earliest_on)}{paper}"
    if entry.aim == entry.final or not entry.has_two_days:
        return f"{label} {_day(entry.final)}"
    return f"Aim for {_day(entry.aim)}. {label} {_day(entry.final)}"


def _counted(row: Deadline) -> dict[str, Any]:
    """How a date came out: from which day, in short, day by day, and where the rule stands."""
    working = row.working
    return {
        "from": f"{working.get('trigger', '')}, {_day(row.event_on)}".lstrip(", "),
        "short": working.get("in_short") or "",
        "days": [[_day(date.fromisoformat(one["date"])), one["why"]] for one in working.get("days", [])],
        "notes": [working[name] for name in ("caution", "region_why", "difference") if working.get(name)],
        "rule": working.get("authority") or "",
        "sources": list(working.get("sources") or ()),
    }


def _tellable(
    case: Case, audience: Audience, counted: dict[str, Any], found: Contents
) -> dict[str, Any] | None:
    """How a date came out; None where the counting tells more than its day may."""
    lines = [counted["from"], counted["short"], *(why for _, why in counted["days"]), *counted["notes"]]
    return counted if _kept(case, audience, [("", "\n".join(lines))], found) else None


def _day(day: date) -> str:
    return spoken(day, weekday=True)


def _kept(
    case: Case, audience: Audience, rows: Iterable[tuple[str, str]], found: Contents
) -> list[tuple[str, str]]:
    """The rows in which nothing had to be marked; what they tell, and what was left out, goes into what was found."""
    rows = list(rows)
    said = pack_lists.screened(case, audience, ["\n".join(row) for row in rows])
    kept = [row for number, row in enumerate(rows) if not kinds_marked(said.blocks[str(number)])]
    text = "\n".join("\n".join(row) for row in kept)
    found.told |= pack_lists.told_in(case, audience, text) | {Kind.CASE}
    found.left_out |= said.taken_out
    return kept
