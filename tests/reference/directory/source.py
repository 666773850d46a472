"""A small source folder with invented people: three constituencies, one by-election, one vacancy."""

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from casework.reference.directory.build import build
from casework.settings import load_settings
from casework.storage.opening import open_instance

LEEDS, YORK, MON = "E14000001", "E14000002", "W07000003"

CONSTITUENCIES = [
    {
        "gss_code": code,
        "name": name,
        "country": nation,
        "winner_2024": winner,
        "winner_member_id_2024": member_id,
    }
    for code, name, nation, winner, member_id in (
        (LEEDS, "Leeds Example", "England", "Ann Example", "11"),
        (YORK, "York Example", "England", "Ben Sample", "12"),
        (MON, "Ynys Enghraifft", "Wales", "Cai Enghraifft", "13"),
    )
]
_COMMON_CONSTITUENCY = {
    "name_welsh": "", "region": "", "parliament_constituency_id": "1", "three_letter_code": "XXX",
    "longitude": "-1.5", "latitude": "53.8", "local_authorities": "Leeds / York", "electorate_2024": "70000",
    "turnout_pct_2024": "60.1", "result_2024": "hold", "winner_party_2024": "Labour", "winner_votes_2024": "20000",
    "winner_share_pct_2024": "50.0", "runner_up_2024": "Dee Second", "runner_up_party_2024": "Green Party",
    "runner_up_votes_2024": "10000", "majority_2024": "10000", "majority_pct_2024": "25.0",
}  # fmt: skip
_COMMON_MEMBER = {
    "twfy_person_id": "", "party": "Labour", "party_latest": "Labour", "party_note": "", "first_elected": "",
    "current_term_by": "general election", "current_term_since": "2024-07-04",
    "government_posts_2026_06_19": "",
}  # fmt: skip


def member(gss_code: str, name: str, member_id: str, **more: str) -> dict[str, str]:
    """A row of mps.csv."""
    given, family = name.split()
    row = {
        "gss_code": gss_code,
        "constituency": "",
        "member_id": member_id,
        "name": name,
        "full_title": f"{name} MP",
    }
    row |= {"given_name": given, "family_name": family, "email": f"{family.lower()}@example.org"}
    return row | _COMMON_MEMBER | more


def vacant(gss_code: str) -> dict[str, str]:
    """A row of mps.csv for a seat without a member."""
    row = dict.fromkeys(member(gss_code, "No Body", ""), "")
    return row | {"gss_code": gss_code, "name": "Vacant"}


def tables() -> dict[str, list[dict[str, str]]]:
    """Every table of a sound source: Eve Newly won a by-election in York, and Ynys Enghraifft is vacant."""
    return {
        "constituencies_2024.csv": [row | _COMMON_CONSTITUENCY for row in CONSTITUENCIES],
        "mps.csv": [
            member(LEEDS, "Ann Example", "11", government_posts_2026_06_19="Minister for Examples"),
            member(YORK, "Eve Newly", "14", current_term_since="2026-03-05", current_term_by="by-election"),
            vacant(MON),
        ],
        "by_elections_since_2024.csv": [
            {
                "polling_date": "2026-03-05", "writ_date": "2026-02-02", "gss_code": YORK, "result": "gain",
                "winner": "Eve Newly", "winner_member_id": "14", "winner_party": "Labour", "winner_votes": "9000",
                "winner_share_pct": "45.0", "runner_up": "Dee Second", "runner_up_party": "Green Party",
                "runner_up_votes": "8000", "majority": "1000", "majority_pct": "5.0", "source": "example results",
            }
        ],
        "mp_changes_log.csv": [
            {"seen_on": "2026-05-20", "gss_code": MON, "field": "display_as", "old": "Cai Enghraifft", "new": "Vacant"}
        ],
        "government_changes_after_2026-06-19.csv": [
            {"date": "2026-07-20", "fact": "Fay Other appointed Prime Minister", "seen_in": "press", "certainty": "two"}
        ],
        "postcodes_gb.csv.gz": [
            {"sector": "LS11 0", "gss_code": LEEDS, "units": "ESAB", "units_approx": "AD"},
            {"sector": "LS11 0", "gss_code": YORK, "units": "", "units_approx": "AE"},
        ],
        "postcode_sectors.csv": [
            {"sector": "LS11 0", "gss_code": LEEDS, "postcodes": "3", "share_pct": "75.0", "basis": "GB"},
            {"sector": "LS11 0", "gss_code": YORK, "postcodes": "1", "share_pct": "25.0", "basis": "GB"},
            {"sector": "BT1 1", "gss_code": YORK, "postcodes": "5", "share_pct": "100.0", "basis": "NI"},
        ],
        "postcode_districts.csv": [
            {"district": "LS11", "gss_code": LEEDS, "postcodes": "3", "share_pct": "75.0"},
            {"district": "BT1", "gss_code": YORK, "postcodes": "5", "share_pct": "100.0"},
        ],
        "detention_places.csv": [
            {
                "place_id": "example-house", "name": "Example House", "kind": "IRC", "status": "open", "holds": "women",
                "address": "Example House, Long Lane, Leeds", "postcode": "LS11 0ES", "gss_code": LEEDS,
                "constituency": "Leeds Example", "constituency_basis": "postcode exact", "operator": "", "phone": "",
                "operator_source": "", "phone_source": "", "capacity": "", "capacity_source": "",
                "tribunal_hearing_centre": "", "address_source": "invented", "notes": "",
            }
        ],
        "prisons.csv": [
            {
                "name": "St Example's", "address": "HMP St Example's, York", "postcode": "LS11 0AE", "gss_code": YORK,
                "constituency": "York Example", "constituency_basis": "by position", "register_seed_active": "no",
                "holds": "", "operator": "PSP", "register_postcode": "", "tribunal_hearing_centre": "", "note": "",
            }
        ],
    }  # fmt: skip


def write_source(folder: Path, given: dict[str, list[dict[str, str]]]) -> Path:
    """The folder, with a file for each table."""
    for name, rows in given.items():
        write_table(folder / name, rows)
    return folder


def use_tables(app: Flask, instance: Path, place: Path, given: dict[str, list[dict[str, str]]]) -> None:
    """Compile these tables, and have the application of this test use them."""
    (place / "source").mkdir()
    build(write_source(place / "source", given), place / "compiled", seats=3)
    settings = load_settings({}, instance=instance, directory_dir=str(place / "compiled"))
    app.extensions["casework"] = open_instance(settings)


def write_table(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """One CSV file, packed when its name says so."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = lines.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
