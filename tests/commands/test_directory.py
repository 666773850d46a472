"""`casework lookup` and `casework directory`, as somebody types them."""

import json

import pytest
from click.testing import CliRunner

from casework.cli import main

KEYS = ["postcode", "status", "constituencies", "directory_date", "source", "note"]


@pytest.fixture
def casework(tmp_path, monkeypatch):
    """Type a command, in an instance folder that does not exist and with a cache of one's own."""
    monkeypatch.setenv("CASEWORK_INSTANCE", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*words, typed=None):
        return CliRunner().invoke(main, words, input=typed)

    return run


def test_a_postcode_prints_its_constituency_its_member_and_the_date(casework):
    told = casework("lookup", "ub70eq")
    assert told.exit_code == 0
    for words in ("UB7 0EQ", "Hayes and Harlington", "Rt Hon John McDonnell MP", "27 June 2026"):
        assert words in told.output


def test_the_json_has_the_agreed_keys(casework):
    told = casework("lookup", "UB7", "0EQ", "--json")
    answer = json.loads(told.stdout)
    assert list(answer) == KEYS
    assert (answer["postcode"], answer["status"], answer["directory_date"]) == (
        "UB7 0EQ",
        "found",
        "2026-06-27",
    )
    assert answer["constituencies"] == [
        {
            "gss_code": "E14001276",
            "name": "Hayes and Harlington",
            "nation": "England",
            "share": 1.0,
            "member": {
                "name": "John McDonnell",
                "address_as": "Rt Hon John McDonnell MP",
                "party": "Labour",
                "email": "mcdonnellj@parliament.uk",
                "member_id": 178,
                "since": "2024-07-04",
            },
        }
    ]


@pytest.mark.parametrize(
    ("typed", "status", "exit_code"),
    [
        ("UB7 0EQ", "found", 0),
        ("MK44 2FQ", "approximate", 0),
        ("SW1A 0ZZ", "sector", 0),
        ("UB7 1AA", "district", 0),
        ("BT1 5GS", "sector", 0),
        ("JE2 3AB", "unknown", 1),
        ("QQ1 1AA", "unknown", 1),
        ("the old mill", "unknown", 2),
    ],
)
def test_the_exit_status_tells_an_answer_from_none(casework, typed, status, exit_code):
    told = casework("lookup", typed, "--json")
    assert told.exit_code == exit_code
    assert json.loads(told.stdout)["status"] == status


def test_a_member_known_from_one_source_only_is_said_so(casework):
    answer = json.loads(casework("lookup", "WC1H 9JE", "--json").stdout)
    assert answer["constituencies"][0]["member"]["member_id"] is None
    assert "one source only" in answer["note"]


def test_lines_are_answered_in_order_and_none_is_lost(casework):
    lines = ["UB7 0EQ", "", "nonsense", "SW1A0AA", "JE2 3AB", "UB7 0EQ"]
    told = casework("lookup", "-", "--json", typed="\n".join(lines))
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert [answer["postcode"] for answer in answers] == [
        "UB7 0EQ",
        "",
        "nonsense",
        "SW1A 0AA",
        "JE2 3AB",
        "UB7 0EQ",
    ]
    assert told.exit_code == 0


def test_a_line_in_other_letters_than_ours_is_no_postcode_and_stops_no_line_after_it(casework):
    told = casework("lookup", "-", "--json", typed=b"\xff\xfeLS1\nUB7 0EQ\n")
    assert [json.loads(line)["status"] for line in told.stdout.splitlines()] == ["unknown", "found"]


def test_the_status_names_every_part_with_its_date(casework):
    told = casework("directory", "status")
    assert told.exit_code == 0
    for words in ("members of Parliament: 650, as of 27 June 2026", "2,628,269", "20 July 2026", "days ago"):
        assert words in told.output


def test_a_source_that_is_wrong_is_refused_with_its_complaints(casework, tmp_path):
    told = casework("directory", "build", str(tmp_path), "--output", str(tmp_path / "output"))
    assert told.exit_code == 1
    assert "constituencies_2024.csv: there is no such file in the folder" in told.output
    assert not (tmp_path / "output").exists()
