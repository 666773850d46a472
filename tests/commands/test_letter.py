"""Letters from the terminal: which there are, and one of them as a PDF."""

import json

import pytest
from click.testing import CliRunner

from casework import clock
from casework.cli import main
from casework.services.case import cases
from casework.services.letters import letters
from casework.services.letters.letters import draft_letter, save_draft
from tests.factories import detained_at, home, make_case
from tests.pdf.reading import text_of


@pytest.fixture
def run(app, instance, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def case(organiser):
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    return case


def test_the_list_says_for_whom_each_is_and_which_level_it_needs():
    lines = CliRunner().invoke(main, ["letters", "--list"]).output.splitlines()
    assert "press-line: Line for a journalist, for a journalist" in lines
    assert "    level 3; tells case; in en-GB" in lines


def test_the_list_for_programs_names_the_same_of_every_letter():
    found = json.loads(CliRunner().invoke(main, ["letters", "--list", "--json"]).output)
    assert [one["key"] for one in found][:2] == ["home-mp-first-contact", "home-mp-urgent"]
    airline = next(one for one in found if one["key"] == "airline-sheet")
    assert (airline["level"], airline["tells"], airline["audience"]) == (3, ["name", "flight"], "airline")
    assert airline["sources"]


def test_a_letter_with_gaps_is_not_written_and_names_the_first(run, case, tmp_path):
    out = tmp_path / "letter.pdf"
    answer = run("letter", "home-mp-urgent", "--case", case.reference, "--out", out)
    assert answer.exit_code == 1
    assert "This letter is not finished" in answer.stderr
    assert not out.exists()


def test_a_draft_to_look_at_is_written_with_its_gaps_and_not_kept(run, case, tmp_path):
    out = tmp_path / "letter.pdf"
    answer = run("letter", "home-mp-urgent", "--case", case.reference.lower(), "--out", out, "--draft")
    assert answer.exit_code == 0, answer.output
    assert "Still missing under" in answer.stderr
    assert "filled in from the case, and not kept there" in answer.stdout
    assert "Samira, of Leeds: detained at Yarl’s Wood" in text_of(out.read_bytes())
    assert letters.list_letters(case) == []


def test_a_draft_that_people_finished_is_written_in_their_words(run, case, organiser, tmp_path):
    leeds_south = next(row.gss_code for row in case.places if row.postcode == "LS11 0ES")
    letter = draft_letter(case, "home-mp-urgent", organiser, gss_code=leeds_south)
    words = dict.fromkeys(letter.blocks, "In our own words.")
    save_draft(letter, words, {"sender_address": "22 Example Road"}, letter.version, organiser)
    out = tmp_path / "letter.pdf"
    answer = run("letter", "home-mp-urgent", "--case", case.reference, "--out", out)
    assert answer.exit_code == 0, answer.output
    assert "as its draft stands" in answer.stdout
    assert "In our own words." in text_of(out.read_bytes())


@pytest.mark.parametrize("draft", [True, False])
def test_what_there_is_no_consent_to_tell_is_never_written(run, case, tmp_path, draft):
    out = tmp_path / "line.pdf"
    more = ["--draft"] if draft else []
    answer = run("letter", "press-line", "--case", case.reference, "--out", out, *more)
    assert answer.exit_code == 1
    assert not out.exists()


def test_a_place_that_may_be_several_is_asked_for_again_and_a_named_one_is_taken(run, case, tmp_path):
    out = tmp_path / "letter.pdf"
    start = ("letter", "home-mp-urgent", "--case", case.reference, "--out", out, "--draft", "--mp")
    answer = run(*start, "Leeds")
    assert answer.exit_code == 1
    assert "may be one of several constituencies" in answer.stderr
    assert run(*start, "leeds south").exit_code == 0
    assert run(*start, "LS11 0ES").exit_code == 0


def test_a_minister_needs_no_place(run, case, tmp_path):
    answer = run("letter", "supporter-to-minister", "--case", case.reference, "--out", tmp_path / "x.pdf")
    assert "This letter is not finished" in answer.stderr


def test_a_supporter_s_own_mp_has_to_be_named(run, case, tmp_path):
    answer = run("letter", "supporter-to-own-mp", "--case", case.reference, "--out", tmp_path / "x.pdf")
    assert "Choose the MP. (--mp)" in answer.stderr


def test_a_place_that_nobody_knows_is_said_with_the_option_that_mends_it(run, case, tmp_path):
    out = tmp_path / "x.pdf"
    answer = run("letter", "home-mp-urgent", "--case", case.reference, "--out", out, "--mp", "Nowhere at all")
    assert answer.exit_code == 1
    assert answer.stderr.rstrip().endswith("(--mp)")


def test_the_list_names_the_letters_and_languages_that_a_group_added(run, instance):
    folder = instance / "letters"
    folder.mkdir()
    (folder / "index.toml").write_text(
        '[letters.to-the-choir]\ntitle = "To the choir"\nlike = "supporter-to-own-mp"\n', "utf-8"
    )
    (folder / "languages").mkdir()
    (folder / "languages" / "ha.po").write_text('msgid ""\nmsgstr "Language: ha\\n"\n', "utf-8")
    listed = run("letters").output.splitlines()
    assert "to-the-choir: To the choir, for the MP of whoever signs" in listed
    assert any("ha" in line.rpartition(" in ")[2].split(", ") for line in listed)


@pytest.mark.parametrize(
    ("key", "reference", "says"),
    [("no-such", "C-1", "There is no such letter"), ("home-mp-urgent", "C-99", "There is no case C-99")],
)
def test_a_letter_or_a_case_that_is_not_there_is_said_in_a_sentence(
    run, case, tmp_path, key, reference, says
):
    answer = run("letter", key, "--case", reference, "--out", tmp_path / "x.pdf")
    assert answer.exit_code == 1
    assert says in answer.stderr


def test_a_folder_that_cannot_be_written_to_is_one_plain_sentence(run, case, tmp_path):
    out = tmp_path / "none" / "x.pdf"
    answer = run("letter", "home-mp-urgent", "--case", case.reference, "--out", out, "--draft")
    assert answer.exit_code == 1
    assert "cannot be written: No such file or directory." in answer.stderr
