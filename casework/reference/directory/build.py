"""Compiles a directory from a folder of CSV files: read, check everything, then write."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from casework.domain.parliament.directory import (
    Constituency,
    Fact,
    PlaceOfDetention,
    Release,
    ReleasePart,
    Term,
)
from casework.reference.directory import groups, postcode_tables, records
from casework.reference.directory import news as government
from casework.reference.directory import places as detention
from casework.reference.directory.boundaries import UNIT_M, read_boundaries
from casework.reference.directory.cartogram import Layout, lay_out
from casework.reference.directory.map_file import MAPS_FILE, MapContents, write_maps
from casework.reference.directory.packing import pack, unpack
from casework.reference.directory.postcode_tables import Units
from casework.reference.directory.postcodes import Placed, Postcodes
from casework.reference.directory.projection import project
from casework.reference.directory.records import DATA_DIR, DIRECTORY_FILE, POSTCODES_FILE, POSTS_PART
from casework.reference.directory.seats import Seats, read_seats
from casework.reference.directory.tables import Source
from casework.reference.directory.topology import Topology

SEATS = 650
SOURCES_FILE = "sources.toml"


@dataclass(frozen=True)
class Built:
    """What a build has made: the release, the size of each file in bytes, and how the seats were laid out."""

    release: Release
    sizes: dict[str, int]
    layout: Layout | None


def build(source_dir: Path, output_dir: Path = DATA_DIR, *, seats: int = SEATS) -> Built:
    """Compile the tables of a folder into a directory, and write its files.

    The columns are described in docs/directory.md. Maps are made when the boundaries are there.
    Raises BadSource with every complaint at once, and then writes nothing.
    """
    source = Source(source_dir)
    notes = _notes(source)
    read = _read(source, notes, seats)
    source.stop_if_wrong()
    packed = pack(read.sectors)
    _check_packed(source, read, packed)
    source.stop_if_wrong()
    constituencies = read.found.constituencies
    contents = records.Contents(
        release=_release(notes, read.found, read.news, _counts(read)),
        constituencies=constituencies,
        terms=read.terms,
        places=read.places,
        government_facts=tuple(read.news.facts),
        northern_ireland=read.northern_ireland,
    )
    files = {DIRECTORY_FILE: records.write(contents).encode(), POSTCODES_FILE: packed}
    layout = _layout(read.borders, constituencies) if read.borders else None
    if read.borders and layout:
        files[MAPS_FILE] = _maps(read.borders, layout, constituencies)
    _write(output_dir, files)
    return Built(contents.release, {name: len(content) for name, content in files.items()}, layout)


@dataclass(frozen=True)
class _Read:
    """What stands in the tables of a folder. `offices` in all-party groups are None where it has no table of them."""

    found: Seats
    news: government.News
    posts: Mapping[str, list[Fact]]
    offices: Mapping[int, list[Fact]] | None
    terms: dict[str, tuple[Term, ...]]
    sectors: Mapping[str, Units]
    northern_ireland: dict[str, dict[str, int]]
    places: dict[str, PlaceOfDetention]
    borders: Topology | None


def _read(source: Source, notes: Mapping[str, Any], seats: int) -> _Read:
    """All tables. What is wrong with them is complained of to their source."""
    origins = {name: part["source"] for name, part in notes["parts"].items()}
    news = government.read_news(source)
    found = read_seats(source, origins, news.vacancies, seats)
    posts = government.read_posts(source, news, origins["government_posts"])
    offices = _groups(source, origins)
    early = groups.read_early_elections(source, origins["members"], found.members_as_of.isoformat())
    borders = read_boundaries(source, found.constituencies)
    if borders and "boundaries" not in origins:
        source.complain(SOURCES_FILE, f"lacks the source of {_BOUNDARIES['boundaries']}")
    return _Read(
        found=found,
        news=news,
        posts=posts,
        offices=offices,
        terms=_with_facts(found, posts, news, notes.get("statements", ()), early, offices or {}),
        sectors=postcode_tables.read_postcodes(source, found.constituencies),
        northern_ireland=postcode_tables.read_northern_ireland(source, found.constituencies),
        places=detention.read_places(source, found.constituencies, origins["prisons"]),
        borders=borders,
    )


def _maps(borders: Topology, layout: Layout, constituencies: Mapping[str, Constituency]) -> bytes:
    regions = {code: _region(own) for code, own in constituencies.items()}
    return write_maps(MapContents(borders, layout.cells, regions, UNIT_M)).encode()


def _layout(borders: Topology, constituencies: Mapping[str, Constituency]) -> Layout:
    """A cell for each constituency, those of Northern Ireland by themselves."""
    return lay_out(
        {code: project(own.longitude, own.latitude) for code, own in constituencies.items()},
        borders.neighbours(),
        {code: _region(own) for code, own in constituencies.items()},
        [code for code, own in constituencies.items() if own.nation == "Northern Ireland"],
    )


def _region(constituency: Constituency) -> str:
    return constituency.region or constituency.nation


def _notes(source: Source) -> dict[str, Any]:
    """Sources and dates that the tables do not carry: from the folder, else our own."""
    own = source.folder / SOURCES_FILE
    try:
        notes = tomllib.loads(
            (own if own.is_file() else Path(__file__).with_name(SOURCES_FILE)).read_text("utf-8")
        )
        missing = [name for name in _PARTS if "source" not in notes.get("parts", {}).get(name, {})]
        if missing:
            source.complain(SOURCES_FILE, f"lacks the source of {', '.join(missing)}")
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        source.complain(SOURCES_FILE, f"cannot be understood: {error}")
    source.stop_if_wrong()
    return notes


_PARTS = {
    "constituencies": "constituencies",
    "members": "members of Parliament",
    "by_elections": "by-elections since 2024",
    "government_posts": POSTS_PART,
    "government_changes": "changes of government since",
    "postcodes": "postcodes of Great Britain",
    "northern_ireland": "postcode sectors of Northern Ireland",
    "places_of_detention": "removal centres and holding places",
    "prisons": "prisons",
}
_BOUNDARIES = {"boundaries": "boundaries of the constituencies"}
_GROUPS = {"all_party_groups": "offices in all-party groups"}


def _groups(source: Source, origins: Mapping[str, str]) -> dict[int, list[Fact]] | None:
    """The offices in all-party groups by member, where their tables are there."""
    if not groups.has_groups(source):
        return None
    if "all_party_groups" not in origins:
        source.complain(SOURCES_FILE, f"lacks the source of {_GROUPS['all_party_groups']}")
    return groups.read_groups(source, origins.get("all_party_groups", ""))


def _with_facts(
    found: Seats,
    posts: Mapping[str, list[Fact]],
    news: government.News,
    statements: Any,
    early: Mapping[str, list[Fact]],
    offices: Mapping[int, list[Fact]],
) -> dict[str, tuple[Term, ...]]:
    """The terms again, with every fact about the members who sit now."""
    terms = {}
    for gss_code, own in found.terms.items():
        sitting = own[-1].member
        known = government.with_facts(sitting, gss_code, posts, news, statements)
        more = (*early.get(gss_code, ()), *groups.all_of(offices, sitting.member_id))
        known = replace(known, facts=(*known.facts, *more))
        terms[gss_code] = tuple(
            replace(term, member=known) if term.member == sitting and own[-1].until is None else term
            for term in own
        )
    return terms


def _check_packed(source: Source, read: _Read, packed: bytes) -> None:
    """Read every postcode back out of the packed file, and hold the other tables against it."""
    postcodes = Postcodes(memoryview(unpack(packed)))
    for sector, units in read.sectors.items():
        for unit, placed in units.items():
            if postcodes.find(sector + unit) != placed:
                source.complain("postcodes_gb.csv.gz", f"{sector}{unit} was not packed as it stands")
    postcode_tables.compare_counts(source, postcodes, read.northern_ireland)
    for place in detention.exact_places(read.places):
        if postcodes.find(place.postcode) != Placed(place.gss_code, False):
            source.complain(
                "postcodes_gb.csv.gz", f"does not place {place.name} ({place.postcode}) where it says"
            )


def _counts(read: _Read) -> dict[str, int]:
    """How many of each part there are; what the folder has no table of is not among them."""
    prisons = sum(place.is_prison for place in read.places.values())
    counts = {
        "constituencies": len(read.found.constituencies),
        "members": sum(own[-1].until is None for own in read.terms.values()),
        "by_elections": sum(len(own.elections) - 1 for own in read.found.constituencies.values()),
        "places_of_detention": len(read.places) - prisons,
        "prisons": prisons,
        "government_posts": sum(map(len, read.posts.values())),
        "government_changes": len(read.news.facts),
        "postcodes": sum(map(len, read.sectors.values())),
        "northern_ireland": len(read.northern_ireland),
    }
    if read.borders:
        counts["boundaries"] = len(read.borders.rings)
    if read.offices is not None:
        counts["all_party_groups"] = sum(map(len, read.offices.values()))
    return counts


def _release(
    notes: dict[str, Any], found: Seats, news: government.News, counts: Mapping[str, int]
) -> Release:
    polls = [own.last_election.held_on for own in found.constituencies.values()]
    known_to = max([found.members_as_of, *polls])
    changes = [fact.dated for fact in news.facts if len(fact.dated) == len("2026-07-20")]
    from_tables = {
        "members": found.members_as_of,
        "by_elections": max(polls),
        "government_posts": news.posts_as_of,
        "government_changes": date.fromisoformat(max(changes)) if changes else None,
    }
    parts = tuple(
        ReleasePart(
            name=name,
            count=counts[key],
            as_of=from_tables.get(key) or notes["parts"][key].get("as_of") or found.members_as_of,
            note=notes["parts"][key].get("note", ""),
            source=notes["parts"][key]["source"],
        )
        for key, name in (_PARTS | _BOUNDARIES | _GROUPS).items()
        if key in counts
    )
    return Release(
        directory_date=found.members_as_of,
        members_known_to=known_to,
        government_changed_on=news.changed_on,
        source=notes["source"],
        parts=parts,
        attributions=tuple(notes["attributions"]),
    )


def _write(output_dir: Path, files: Mapping[str, bytes]) -> None:
    """Write each file whole: a reader sees the old one or the new one, never half of one."""
    output_dir.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        half_done = output_dir / f".{name}.{os.getpid()}"
        half_done.write_bytes(content)
        half_done.replace(output_dir / name)
