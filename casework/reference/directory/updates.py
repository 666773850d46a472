"""An update of the directory as a file: who sits where since 2024, with what was read of each, and what it changed."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from casework.domain.parliament.directory import Fact, Member, Office, Release, ReleasePart, Result, Term
from casework.domain.parliament.directory_changes import Sitting
from casework.domain.parliament.directory_differences import About, Difference
from casework.reference.directory.records import Contents, DamagedDirectory

FORMAT = "casework directory update 1"
FOLDER = "directory"  # of the instance
POINTER = "in-use.json"
NAME = re.compile(r"update-\d{4}-\d{2}-\d{2}-\d{1,3}")
DAMAGED = (
    "The update of the directory cannot be read, so the tables that Casework carries are used. Type "
    "`casework directory update` again, or go back: `casework directory rollback`."
)


@dataclass(frozen=True)
class Update:
    """One dated update. `before` is the name of the one that was in use when it was made; empty for none."""

    name: str
    read_on: date
    source: str
    before: str
    asked: int  # how many requests it took
    differences: tuple[Difference, ...]
    seats: Mapping[str, Sitting]


@dataclass(frozen=True)
class Pointer:
    """Which update is in use, and the hash of its file; no name for the tables as they were compiled."""

    name: str
    sha256: str


def write_pointer(pointer: Pointer) -> bytes:
    """The bytes of the file that says which update is in use."""
    return json.dumps(asdict(pointer)).encode()


def read_pointer(content: bytes) -> Pointer:
    """What that file says. Raises DamagedDirectory."""
    try:
        said = json.loads(content)
        pointer = Pointer(str(said["name"]), str(said["sha256"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedDirectory(DAMAGED) from error
    if pointer.name and not NAME.fullmatch(pointer.name):
        raise DamagedDirectory(DAMAGED)
    return pointer


def write_update(update: Update) -> bytes:
    """The bytes of its file. A member who sat twice stands once."""
    members: dict[Member, int] = {}
    seats = {}
    for code, sitting in sorted(update.seats.items()):
        terms = []
        for term in sitting.terms:
            number = members.setdefault(term.member, len(members))
            terms.append([number, term.since, term.by, term.until, term.note, term.learnt_on])
        seats[code] = {"terms": terms, "elections": [asdict(result) for result in sitting.elections]}
    told = {
        "format": FORMAT,
        "name": update.name,
        "read_on": update.read_on,
        "source": update.source,
        "before": update.before,
        "asked": update.asked,
        "differences": [[one.about, one.gss_code, one.words] for one in update.differences],
        "members": [asdict(member) for member in members],
        "seats": seats,
    }
    return json.dumps(told, ensure_ascii=False, default=_as_text, separators=(",", ":")).encode()


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value)} does not go into an update")


def read_update(content: bytes, pointer: Pointer | None = None) -> Update:
    """The update of a file; where a pointer names it, only if it is that very file. Raises DamagedDirectory."""
    if pointer and sha256(content).hexdigest() != pointer.sha256:
        raise DamagedDirectory(DAMAGED)
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise DamagedDirectory(DAMAGED)
        members = [_member(one) for one in told["members"]]
        return Update(
            name=told["name"],
            read_on=date.fromisoformat(told["read_on"]),
            source=told["source"],
            before=told["before"],
            asked=told["asked"],
            differences=tuple(Difference(About(row[0]), row[1], row[2]) for row in told["differences"]),
            seats={code: _sitting(one, members) for code, one in told["seats"].items()},
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise DamagedDirectory(DAMAGED) from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _member(told: dict[str, Any]) -> Member:
    facts = tuple(Fact(**one) for one in told.pop("facts"))
    offices = tuple(
        Office(**{**one, "lines": tuple(one["lines"]), "as_of": date.fromisoformat(one["as_of"])})
        for one in told.pop("offices")
    )
    return Member(**{**told, "as_of": date.fromisoformat(told["as_of"])}, facts=facts, offices=offices)


def _sitting(told: dict[str, Any], members: list[Member]) -> Sitting:
    terms = tuple(
        Term(members[number], date.fromisoformat(since), by, _day(until), note, _day(learnt_on))
        for number, since, by, until, note, learnt_on in told["terms"]
    )
    if not terms:
        raise DamagedDirectory(DAMAGED)
    elections = (
        Result(**{**one, "held_on": date.fromisoformat(one["held_on"])}) for one in told["elections"]
    )
    return Sitting(terms, tuple(elections))


def sittings(contents: Contents) -> dict[str, Sitting]:
    """Who sat for each seat, and its elections, as these tables have them."""
    return {
        code: Sitting(contents.terms[code], constituency.elections)
        for code, constituency in contents.constituencies.items()
    }


def is_older_than(update: Update, release: Release) -> bool:
    """Whether these tables are newer than the update, so that they are used without it."""
    return release.directory_date > update.read_on


def with_update(contents: Contents, update: Update) -> Contents:
    """These tables with what the update read in place of what they knew of members. Newer tables stay as they are."""
    if is_older_than(update, contents.release):
        return contents
    own = {code: one for code, one in update.seats.items() if code in contents.constituencies}
    constituencies = {
        code: replace(constituency, elections=own[code].elections) if code in own else constituency
        for code, constituency in contents.constituencies.items()
    }
    terms = contents.terms | {code: sitting.terms for code, sitting in own.items()}
    return replace(
        contents, constituencies=constituencies, terms=terms, release=_release(contents.release, update, own)
    )


def _release(before: Release, update: Update, seats: Mapping[str, Sitting]) -> Release:
    """The dates and sources once more, with those of the update."""
    sitting = [one.terms[-1].member for one in seats.values() if one.terms[-1].until is None]
    counts = {
        "members of Parliament": len(sitting),
        "by-elections since 2024": sum(len(one.elections) - 1 for one in seats.values()),
        "posts in government": sum(len(member.government_posts) for member in sitting),
    }
    parts = [
        replace(part, count=counts[part.name], as_of=update.read_on, note="", source=update.source)
        if part.name in counts
        else part
        for part in before.parts
    ]
    extra = {
        "select committees of members": sum(len(member.committees) for member in sitting),
        "offices of members": sum(len(member.offices) for member in sitting),
    }
    parts[2:2] = [
        ReleasePart(name, count, update.read_on, "", update.source) for name, count in extra.items()
    ]
    return replace(
        before,
        directory_date=update.read_on,
        members_known_to=update.read_on,
        government_changed_on=None,
        source=f"{update.source} (members); before that and besides: {before.source}",
        parts=tuple(parts),
        update=update.name,
    )
