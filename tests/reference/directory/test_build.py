"""Compiling a directory from tables, and refusing tables that are wrong."""

import json
from datetime import date

import pytest

from casework.domain.parliament.directory import LookupStatus, SeatStatus
from casework.reference.directory import Directory
from casework.reference.directory.boundaries import BOUNDARIES_FILE
from casework.reference.directory.build import build
from casework.reference.directory.maps import maps
from casework.reference.directory.tables import BadSource
from tests.reference.directory.source import LEEDS, MON, YORK, member, tables, vacant, write_source


@pytest.fixture
def given():
    return tables()


def built(tmp_path, given):
    source, output = tmp_path / "source", tmp_path / "output"
    source.mkdir()
    write_source(source, given)
    build(source, output, seats=3)
    return Directory(output, cache_dir=tmp_path / "cache")


def complaints(tmp_path, given):
    with pytest.raises(BadSource) as refused:
        built(tmp_path, given)
    assert not (tmp_path / "output").exists()
    return [str(complaint) for complaint in refused.value.complaints]


def test_a_sound_source_becomes_a_directory_that_answers(tmp_path, given):
    compiled = built(tmp_path, given)
    assert compiled.lookup("ls11 0es").constituency.gss_code == LEEDS
    assert compiled.lookup("LS11 0AE").status is LookupStatus.APPROXIMATE
    assert [found.constituency.gss_code for found in compiled.lookup("LS11 0AE").candidates] == [YORK, LEEDS]
    assert [found.share for found in compiled.lookup("LS11 0ZZ").candidates] == [0.75, 0.25]
    assert compiled.lookup("BT1 1AA").status is LookupStatus.SECTOR
    assert compiled.lookup("BT1 9AA").status is LookupStatus.DISTRICT


def test_a_by_election_gives_the_seat_two_terms_and_a_vacancy_between(tmp_path, given):
    compiled = built(tmp_path, given)
    sits = {
        day: compiled.seat_on(YORK, date.fromisoformat(day))
        for day in ("2026-02-01", "2026-02-02", "2026-03-05")
    }
    assert sits["2026-02-01"].member.name == "Ben Sample"
    assert sits["2026-02-02"].status is SeatStatus.VACANT
    assert sits["2026-03-05"].member.name == "Eve Newly"
    assert len(compiled.constituency(YORK).elections) == 2


def test_a_vacant_seat_is_vacant_from_the_day_it_was_seen_so(tmp_path, given):
    compiled = built(tmp_path, given)
    assert compiled.seat_on(MON, date(2026, 5, 19)).member.name == "Cai Enghraifft"
    assert compiled.seat_on(MON, date(2026, 5, 20)).status is SeatStatus.VACANT
    assert [part.count for part in compiled.release.parts if part.name == "members of Parliament"] == [2]


def test_a_post_held_before_a_new_prime_minister_is_marked(tmp_path, given):
    (post,) = built(tmp_path, given).seat_on(LEEDS, date(2026, 8, 1)).member.government_posts
    assert (post.text, post.dated) == ("Minister for Examples", "2026-06-19")
    assert "20 July 2026" in post.warning


def test_a_member_without_an_id_of_parliament_is_known_from_one_source(tmp_path, given):
    given["mps.csv"][1]["member_id"] = given["by_elections_since_2024.csv"][0]["winner_member_id"] = ""
    assert not built(tmp_path, given).seat_on(YORK, date(2026, 8, 1)).member.is_checked


def test_with_boundaries_there_are_maps_and_their_source_is_named(tmp_path, given):
    def strip(west):
        ring = [[west, 53], [west + 1, 53], [west + 1, 53.5], [west, 53.5], [west, 53]]
        return {"type": "Polygon", "coordinates": [ring]}

    features = [
        {"properties": {"gss_code": code}, "geometry": strip(west)}
        for code, west in ((LEEDS, -3), (YORK, -2), (MON, -5))
    ]
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / BOUNDARIES_FILE).write_text(json.dumps({"features": features}))
    made = build(write_source(tmp_path / "source", given), tmp_path / "output", seats=3)
    assert set(made.sizes) == {"directory.json", "postcodes.bin", "maps.json"}
    compiled = maps(tmp_path / "output")
    assert compiled.neighbours(LEEDS) == {YORK}
    assert compiled.neighbours(MON) == frozenset()
    assert len({compiled.cell(code) for code in (LEEDS, YORK, MON)}) == 3
    assert set(compiled.outlines().seats) == set(compiled.honeycomb().seats) == {LEEDS, YORK, MON}
    assert made.release.parts[-1].name == "boundaries of the constituencies"
    assert made.layout.adjacent == 1.0


def officers(*rows: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """The tables of all-party groups, with these officers of one group."""
    officer = {
        "appg": "examples", "name": "Ann Example", "officer_role": "Chair & Registered Contact", "member_type": "mp",
        "member_id": "11", "sitting_mp": "yes", "last_updated": "2026-06-29", "url_source": "https://example.org/a",
    }  # fmt: skip
    groups = [{"slug": "examples", "title": "All-Party Group on Examples"}]
    return {
        "appgs_relevant.csv": groups,
        "appg_officers_relevant.csv": [officer | row for row in rows or ({},)],
    }


def test_officers_of_all_party_groups_are_facts_with_their_day_and_page(tmp_path, given):
    lord = {"member_type": "lord", "sitting_mp": "no", "member_id": ""}
    compiled = built(tmp_path, given | officers({}, lord, {"member_id": "99"}))
    (office,) = [fact for fact in compiled.terms(LEEDS)[-1].member.facts if fact.kind == "all-party group"]
    assert office.text == "All-Party Group on Examples: Chair and Registered Contact"
    assert (office.dated, office.source.endswith(", https://example.org/a")) == ("2026-06-29", True)
    assert [(part.name, part.count) for part in compiled.release.parts][-1] == (
        "offices in all-party groups",
        2,
    )


def test_an_officer_of_no_group_or_without_a_number_or_a_day_is_named(tmp_path, given):
    wrong = officers({"appg": "others"}, {"member_id": ""}, {"last_updated": ""})
    said = " ".join(complaints(tmp_path, given | wrong))
    for words in ("'others' is not among the groups", "this member sits", "column last_updated: is empty"):
        assert words in said


def test_who_was_elected_before_the_records_is_said_to_be_so(tmp_path, given):
    for row in given["mps.csv"]:
        row["first_elected_basis"] = ""
    given["mps.csv"][0]["first_elected_basis"] = "elected before 1997-05-01 (see maiden speech)"
    compiled = built(tmp_path, given)
    texts = [fact.text for fact in compiled.terms(LEEDS)[-1].member.facts if fact.kind == "first elected"]
    assert texts == ["First elected before 1 May 1997."]
    assert not [fact for fact in compiled.terms(YORK)[-1].member.facts if fact.kind == "first elected"]


def test_what_is_written_is_the_same_each_time(tmp_path, given):
    built(tmp_path, given)
    first = {path.name: path.read_bytes() for path in (tmp_path / "output").iterdir()}
    build(tmp_path / "source", tmp_path / "again", seats=3)
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == first


def test_a_seat_without_a_row_is_named(tmp_path, given):
    del given["mps.csv"][0]
    assert complaints(tmp_path, given) == [
        "mps.csv: has neither a member nor a vacancy for Leeds Example (E14000001)",
    ]


def test_a_seat_with_two_members_is_named_with_its_row(tmp_path, given):
    given["mps.csv"].append(member(LEEDS, "Gus Twice", "19"))
    assert complaints(tmp_path, given) == [
        "mps.csv, row 5, column gss_code: E14000001 stands here a second time"
    ]


def test_too_few_constituencies_are_noticed(tmp_path, given):
    with pytest.raises(BadSource, match="has 3 constituencies, not 650"):
        build(write_source(tmp_path, given))


def test_a_vacancy_that_no_table_dates_is_noticed(tmp_path, given):
    given["mps.csv"][0] = vacant(LEEDS)
    assert "since when" in complaints(tmp_path, given)[0]


def test_a_member_who_did_not_win_the_newest_election_is_noticed(tmp_path, given):
    given["mps.csv"][0]["member_id"] = "99"
    given["mps.csv"][1]["current_term_since"] = "2024-07-04"
    assert complaints(tmp_path, given) == [
        "mps.csv, row 2, column member_id: is not 11, who won the newest election known",
        "mps.csv, row 3, column current_term_since: does not fit the newest election known, 2026-03-05",
    ]


@pytest.mark.parametrize(
    ("file", "row", "column", "value"),
    [
        ("mps.csv", 0, "gss_code", "E14000009"),
        ("mps.csv", 0, "email", "two@signs@example.org"),
        ("mps.csv", 0, "twfy_person_id", "x"),
        ("constituencies_2024.csv", 1, "country", "Narnia"),
        ("constituencies_2024.csv", 1, "majority_pct_2024", "lots"),
        ("by_elections_since_2024.csv", 0, "polling_date", "2026-02-30"),
        ("mp_changes_log.csv", 0, "seen_on", "yesterday"),
        ("government_changes_after_2026-06-19.csv", 0, "date", "summer"),
        ("postcodes_gb.csv.gz", 0, "units", "AC"),
        ("postcodes_gb.csv.gz", 0, "sector", "LS110"),
        ("postcodes_gb.csv.gz", 1, "gss_code", "E14000009"),
        ("postcodes_gb.csv.gz", 1, "units", "ES"),
        ("postcode_sectors.csv", 0, "postcodes", "4"),
        ("postcode_sectors.csv", 2, "gss_code", "N05000009"),
        ("postcode_districts.csv", 0, "postcodes", "4"),
        ("detention_places.csv", 0, "gss_code", "E14000009"),
        ("detention_places.csv", 0, "constituency", "York Example"),
        ("detention_places.csv", 0, "postcode", "nowhere"),
        ("detention_places.csv", 0, "kind", "hotel"),
        ("prisons.csv", 0, "register_seed_active", "perhaps"),
    ],
)
def test_a_wrong_cell_is_named_by_file_row_and_column(tmp_path, given, file, row, column, value):
    given[file][row][column] = value
    named = f"{file}, row {row + 2}, column {column}: "
    assert any(complaint.startswith(named) for complaint in complaints(tmp_path, given))


def test_every_complaint_is_told_at_once(tmp_path, given):
    given["mps.csv"][0]["email"] = "two@signs@example.org"
    given["detention_places.csv"][0]["kind"] = "hotel"
    del given["constituencies_2024.csv"][2]["longitude"]
    for row in given["prisons.csv"]:
        del row["note"]
    files = {complaint.split(",")[0] for complaint in complaints(tmp_path, given)}
    assert files >= {"detention_places.csv", "prisons.csv", "mps.csv"}


def test_a_place_that_is_not_where_its_postcode_lies_is_noticed(tmp_path, given):
    given["detention_places.csv"][0] |= {"gss_code": YORK, "constituency": "York Example"}
    assert "does not place Example House" in complaints(tmp_path, given)[0]


def test_a_missing_file_and_a_missing_column_are_named(tmp_path, given):
    del given["prisons.csv"]
    for row in given["mps.csv"]:
        del row["full_title"]
    told = complaints(tmp_path, given)
    assert "mps.csv, row 1, column full_title: this column is missing" in told
    assert "prisons.csv: there is no such file in the folder" in told


def test_a_release_may_bring_its_own_sources(tmp_path, given):
    write_source(tmp_path, given)
    (tmp_path / "sources.toml").write_text('source = "ours"\nattributions = []\n', "utf-8")
    with pytest.raises(BadSource, match=r"sources\.toml: lacks the source of constituencies"):
        build(tmp_path, tmp_path / "output", seats=3)
