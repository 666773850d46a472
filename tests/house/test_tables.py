"""Every list can be taken out as a spreadsheet, or it is said why not."""

import re
from pathlib import Path

from casework.settings import resource_dir

WITHOUT = {
    "changes/_forecast.html": "shown once, before a change is made",
    "changes/preview.html": "shown once, before a change is made",
    "consent/_beyond.html": "two levels of consent held beside each other",
    "handing_over/people.html": "shown once, before something is handed over",
    "home/about.html": "what the program is made of",
    "home/keys.html": "a list of keys beside a switch",
    "imports/columns.html": "a form that says what each column is",
    "imports/twice.html": "two people held beside each other, to choose from",
    "languages/show.html": "goes out as a catalogue for translators instead",
    "letter_wordings/edit.html": "a list of words beside a form",
    "meeting_plans/sheet.html": "a sheet for paper",
    "members/show.html": "facts of one MP, each with its reason",
    "offices/index.html": "has a file of its own, which can be read in again",
    "plans/sheet.html": "a sheet for paper",
    "reach/_seats.html": "has a file of its own",
    "reach/sheet.html": "a sheet for paper",
    "removals/sheet.html": "a sheet for paper",
    "rules/index.html": "facts of law, which go out as one file with their sources",
    "second_factors/index.html": "keys of one account",
    "sessions/index.html": "devices of one account",
    "subject_access/copy.html": "goes out whole, with the same for a machine",
    "supporters/find.html": "found by a form that is sent, so that no name stands in an address",
    "supporters/index.html": "has a file of its own, which asks for more than seeing the list",
}
PER_SUPPORTER = {"batches/show.html", "call_rounds/show.html", "imports/index.html"}


def pages_with_tables() -> dict[str, str]:
    folder = Path(str(resource_dir("templates")))
    pages = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.html")}
    return {name: text for name, text in pages.items() if "<table" in text}


def test_each_table_can_be_taken_out_or_it_is_said_why_not() -> None:
    pages = pages_with_tables()
    lacking = {name for name, text in pages.items() if "as_spreadsheet(" not in text}
    assert lacking == set(WITHOUT), "a new table wants {{ as_spreadsheet() }} before it, or its reason here"


def test_a_list_with_names_of_supporters_asks_for_the_right_to_take_them_out() -> None:
    pages = pages_with_tables()
    asking = {name for name, text in pages.items() if "as_spreadsheet('EXPORT_SUPPORTERS')" in text}
    assert asking == PER_SUPPORTER
    naming = {
        name
        for name, text in pages.items()
        if "as_spreadsheet()" in text and re.search(r"\bsupporter\.name|sign_up\.|\.signer\b", text)
    }
    assert naming == set(), "this list names supporters, and whoever sees it could take it out"
