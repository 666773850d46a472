"""Constituencies and elections, made from their source tables."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from casework.domain.parliament.directory import (
    FIRST_KNOWN_DAY,
    ONE_SOURCE,
    PUBLISHED,
    Constituency,
    Result,
    Term,
)
from casework.reference.directory.tables import Row, Source
from casework.reference.directory.terms import Sitters, Vacancy, seen_vacant

GSS_CODE = re.compile(r"[ENSW][0-9]{8}")
NATIONS = ("England", "Northern Ireland", "Scotland", "Wales")
_CONSTITUENCIES = """gss_code name name_welsh country region parliament_constituency_id three_letter_code
    longitude latitude local_authorities electorate_2024 turnout_pct_2024 result_2024 winner_2024
    winner_member_id_2024 winner_party_2024 winner_votes_2024 winner_share_pct_2024 runner_up_2024
    runner_up_party_2024 runner_up_votes_2024 majority_2024 majority_pct_2024"""
_MEMBERS = """gss_code constituency member_id twfy_person_id name full_title given_name family_name party
    party_latest party_note email first_elected current_term_since current_term_by"""
_BY_ELECTIONS = """polling_date writ_date gss_code result winner winner_member_id winner_party winner_votes
    winner_share_pct runner_up runner_up_party runner_up_votes majority majority_pct source"""
_CHANGES = "seen_on gss_code field old new"


@dataclass
class Seats:
    """Everything known about the seats."""

    constituencies: dict[str, Constituency] = field(default_factory=dict)
    terms: dict[str, list[Term]] = field(default_factory=dict)  # by gss_code, oldest first
    members_as_of: date = FIRST_KNOWN_DAY


def read_seats(
    source: Source, part_sources: Mapping[str, str], vacancies: Mapping[str, list[Vacancy]], seats: int
) -> Seats:
    """The constituencies with their elections and terms.

    `vacancies` holds, by constituency name, departures known from elsewhere. Complaints go to the source.
    """
    rows = {
        row.text("gss_code"): row for row in _unique(source.rows("constituencies_2024.csv", _CONSTITUENCIES))
    }
    if len(rows) != seats:
        source.complain("constituencies_2024.csv", f"has {len(rows)} constituencies, not {seats}")
    by_elections = _read_by_elections(source, rows)
    changes = [row for row in source.rows("mp_changes_log.csv", _CHANGES) if _known(row, rows)]
    found = Seats(
        members_as_of=max(filter(None, (row.day("seen_on") for row in changes)), default=FIRST_KNOWN_DAY)
    )
    sitting = {
        row.text("gss_code"): row for row in _unique(source.rows("mps.csv", _MEMBERS)) if _known(row, rows)
    }
    for gss_code, row in rows.items():
        polls = by_elections.get(gss_code, [])
        found.constituencies[gss_code] = _constituency(row, part_sources, polls)
        if gss_code not in sitting:
            source.complain(
                "mps.csv", f"has neither a member nor a vacancy for {row.text('name')} ({gss_code})"
            )
            continue
        left = [*seen_vacant(changes, gss_code), *vacancies.get(row.text("name"), [])]
        found.terms[gss_code] = Sitters(
            row, polls, sitting[gss_code], left, found.members_as_of, part_sources
        ).terms()
    return found


def _unique(rows: Iterable[Row]) -> Iterable[Row]:
    seen = set()
    for row in rows:
        gss_code = row.text("gss_code")
        if not GSS_CODE.fullmatch(gss_code):
            row.complain("gss_code", f"{gss_code!r} is not a code such as E14001276")
        elif gss_code in seen:
            row.complain("gss_code", f"{gss_code} stands here a second time")
        else:
            seen.add(gss_code)
            yield row


def _known(row: Row, rows: Mapping[str, Row]) -> bool:
    if row.text("gss_code") not in rows:
        row.complain("gss_code", f"{row.text('gss_code')!r} is not the code of a constituency")
        return False
    return True


def _read_by_elections(source: Source, rows: Mapping[str, Row]) -> dict[str, list[Row]]:
    polls: dict[str, list[Row]] = {}
    for row in source.rows("by_elections_since_2024.csv", _BY_ELECTIONS):
        row.required("polling_date")
        row.required("winner")
        if row.day("polling_date") and _known(row, rows):
            polls.setdefault(row.text("gss_code"), []).append(row)
    return {code: sorted(own, key=lambda row: row.text("polling_date")) for code, own in polls.items()}


def _constituency(row: Row, part_sources: Mapping[str, str], polls: list[Row]) -> Constituency:
    nation = row.required("country")
    if nation not in NATIONS:
        row.complain("country", f"{nation!r} is not one of {', '.join(NATIONS)}")
    return Constituency(
        gss_code=row.text("gss_code"),
        name=row.required("name"),
        name_welsh=row.text("name_welsh"),
        nation=nation,
        region=row.text("region"),
        parliament_constituency_id=row.integer("parliament_constituency_id") or 0,
        three_letter_code=row.text("three_letter_code"),
        longitude=row.decimal("longitude") or 0.0,
        latitude=row.decimal("latitude") or 0.0,
        local_authorities=tuple(row.text("local_authorities").split(" / ")),
        electorate_2024=row.integer("electorate_2024") or 0,
        turnout_pct_2024=row.decimal("turnout_pct_2024") or 0.0,
        elections=(_general_election(row, part_sources), *map(_by_election, polls)),
    )


def _general_election(row: Row, part_sources: Mapping[str, str]) -> Result:
    return Result(
        held_on=FIRST_KNOWN_DAY,
        by="general election",
        outcome=row.text("result_2024"),
        winner=row.required("winner_2024"),
        winner_party=row.required("winner_party_2024"),
        winner_votes=row.integer("winner_votes_2024"),
        winner_share_pct=row.decimal("winner_share_pct_2024"),
        runner_up=row.text("runner_up_2024"),
        runner_up_party=row.text("runner_up_party_2024"),
        runner_up_votes=row.integer("runner_up_votes_2024"),
        majority=row.integer("majority_2024"),
        majority_pct=row.decimal("majority_pct_2024"),
        source=part_sources["constituencies"],
    )


def _by_election(row: Row) -> Result:
    return Result(
        held_on=row.day("polling_date") or FIRST_KNOWN_DAY,
        by="by-election",
        outcome=row.text("result"),
        winner=row.text("winner"),
        winner_party=row.text("winner_party"),
        winner_votes=row.integer("winner_votes"),
        winner_share_pct=row.decimal("winner_share_pct"),
        runner_up=row.text("runner_up"),
        runner_up_party=row.text("runner_up_party"),
        runner_up_votes=row.integer("runner_up_votes"),
        majority=row.integer("majority"),
        majority_pct=row.decimal("majority_pct"),
        source=row.text("source"),
        certainty=PUBLISHED if row.text("winner_member_id") else ONE_SOURCE,
    )
