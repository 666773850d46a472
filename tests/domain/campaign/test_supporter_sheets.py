"""A volunteer's table of supporters: which column is which, and what each cell means."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.campaign.sheet_cells import read_day
from casework.domain.campaign.sheet_columns import best_table, find_columns
from casework.domain.campaign.sheet_words import Field
from casework.domain.campaign.supporter_sheets import Checks, check_row, read_sheet
from casework.domain.errors import CaseworkError


def as_typed(text: str) -> tuple[str, None]:
    return text, None


CHECKS = Checks(email=as_typed, phone=as_typed, today=date(2026, 4, 1))
HALL = ["Name", "Postcode"]


def read(*table: list[str]):
    return read_sheet(table, find_columns(table), CHECKS)


def the_row(**cells: str):
    return check_row(14, {Field(name): text for name, text in cells.items()}, CHECKS)


def sentences(**cells: str) -> list[str]:
    return the_row(**{"name": "Zoe O’Brien", "postcode": "LS11 5TZ", **cells}).sentences()


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("POST  CODE", Field.POSTCODE),
        ("PCODE", Field.POSTCODE),
        ("Zip", Field.POSTCODE),
        ("Postcode (home) *", Field.POSTCODE),
        ("what is your postcode?", Field.POSTCODE),
        ("first_name", Field.GIVEN),
        ("FirstName", Field.GIVEN),
        ("Name, first", Field.GIVEN),
        ("Surname:", Field.FAMILY),
        ("Supporter’s name", Field.NAME),
        ("Full name (please print)", Field.NAME),
        ("E-mail address", Field.EMAIL),
        ("Best email to reach you", Field.EMAIL),
        ("Mobile", Field.PHONE),
        ("Tel.", Field.PHONE),
        ("Address line 1", Field.ADDRESS),
        ("Town", Field.ADDRESS),
        ("How do you know Samira?", Field.HOW_KNOWN),
        ("Why does it matter to you?", Field.OWN_WORDS),
        ("Relationship", Field.CONNECTION),
        ("Do you know your MP?", Field.TO_MEMBER),
        ("Table no.", Field.TABLE),
        ("Languages you speak", Field.LANGUAGES),
        ("Can help with…", Field.OFFERS),
        ("Told what we keep, on", Field.NOTICE_GIVEN_ON),
        ("Will you write to your MP?", Field.WRITES),
        ("\ufeff Post\u00a0code\u200b", Field.POSTCODE),
    ],
)
def test_a_heading_is_known_however_it_is_written(heading, field):
    columns = find_columns([["No.", heading, "Row"], ["1", "x", "2"]])
    assert columns.fields == {1: field}


@pytest.mark.parametrize(
    "heading",
    [
        "Party",
        "Which party do you support?",
        "How will you vote?",
        "Voting intention",
        "Why do you support Samira?",
        "Reason",
        "Home Office reference",
        "HO ref.",
        "Immigration status",
        "DOB",
        "Date of birth",
        "Nationality",
        "Religion",
    ],
)
def test_what_may_never_be_held_is_left_out_and_cannot_be_chosen(heading):
    table = [["Name", "Postcode", heading], ["Zoe", "LS11 5TZ", "secret"]]
    (left_out,) = find_columns(table).left_out
    assert (left_out.column, left_out.heading, left_out.never) == (2, heading, True)
    assert left_out.why
    assert "secret" not in repr(read(*table))
    with pytest.raises(CaseworkError, match="cannot be kept"):
        find_columns(table, {2: Field.OFFERS})


def test_other_columns_are_left_out_with_the_reason():
    table = [["Name", "Postcode", "Shoe size", "MP", "Name of supporter"], ["Zoe", "LS11 5TZ", "4", "x", "y"]]
    assert [(one.heading, one.why, one.never) for one in find_columns(table).left_out] == [
        ("Shoe size", "we do not know what it holds", False),
        ("MP", "Casework works it out from the postcode", False),
        ("Name of supporter", "another column is the name", False),
    ]


def test_one_missing_column_is_named_at_a_time_and_may_be_chosen():
    table = [["Who is it", "Where"], ["Zoe", "LS11 5TZ"]]
    named = [["Name", "Where", "Email"], ["Zoe", "LS11 5TZ", "zoe@example.org"]]
    assert (
        "no column for the postcode. We found: “Name”, “Where” and “Email”. Name the column “Postcode”, or choose"
        in (find_columns(named).missing() or "")
    )
    assert "There is no row of headings, so we do not know which column is the name" in (
        find_columns(table).missing() or ""
    )
    with pytest.raises(CaseworkError) as caught:
        read(*named)
    assert caught.value.field == "columns"
    chosen = find_columns(named, {1: Field.POSTCODE, 2: None})
    assert chosen.missing() is None
    assert read_sheet(named, chosen, CHECKS).rows[0].values == {Field.NAME: "Zoe", Field.POSTCODE: "LS11 5TZ"}
    assert [(one.heading, one.why) for one in chosen.left_out] == [("Email", "you chose to leave it out")]


def test_a_table_without_headings_is_read_from_its_first_row_once_its_columns_are_chosen():
    table = [["Zoe", "LS11 5TZ"], ["Ahmed", "LS6 1AN"]]
    rows = read_sheet(table, find_columns(table, {0: Field.NAME, 1: Field.POSTCODE}), CHECKS).rows
    assert [(row.number, row.values[Field.NAME]) for row in rows] == [(1, "Zoe"), (2, "Ahmed")]


def test_titles_above_blank_rows_between_and_headings_again_do_no_harm():
    sheet = read(
        ["Supporters of Samira", ""],
        [],
        ["Name", "Post code", "Notes"],
        ["Zoe", "LS11 5TZ"],
        ["", "", ""],
        ["Name", "Post code", "Notes"],
        ["Ahmed", "LS6 1AN", "x"],
        ["", "", "rang twice"],
        ["", "\u00a0"],
    )
    assert [(row.number, row.values[Field.NAME]) for row in sheet.rows] == [(4, "Zoe"), (7, "Ahmed")]
    assert sheet.passed_over == (8,)


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_columns_changes_nothing(shuffler: random.Random):
    columns = [
        ["Name", "Zoe"],
        ["PCODE", "LS11 5TZ"],
        ["Tel", "07700 900101"],
        ["Table", "4"],
        ["Shoe size", "4"],
    ]
    shuffler.shuffle(columns)
    table = [list(row) for row in zip(*columns, strict=True)]
    assert read(*table).rows[0].values == {
        Field.NAME: "Zoe",
        Field.POSTCODE: "LS11 5TZ",
        Field.PHONE: "07700 900101",
        Field.TABLE: "4",
    }


def test_a_row_says_what_is_wrong_with_which_cell_and_the_good_rows_are_kept():
    sheet = read(HALL, ["Zoe", "LS6 2"], ["", "LS6"], ["12345", ""], ["Ahmed", "ls61an"])
    assert [row.sentences() for row in sheet.rows] == [
        ["Row 2, Postcode: “LS6 2” lacks its last two letters. Type the whole postcode."],
        [
            "Row 3, Name: This is empty. Type the name.",
            "Row 3, Postcode: “LS6” is only the first half of a postcode. Type the whole postcode.",
        ],
        [
            "Row 4, Postcode: This is empty. Type the postcode of their home: without it we cannot find their MP.",
            "Row 4, Name: “12345” does not look like a name. Type the name.",
        ],
        [],
    ]
    assert [row.values for row in sheet.good] == [{Field.NAME: "Ahmed", Field.POSTCODE: "LS6 1AN"}]


def test_other_cells_are_refused_in_plain_words():
    assert sentences(writes="maybe") == [
        "Row 14, Will write: “maybe” is neither yes nor no. Type yes or no, or leave it empty."
    ]
    assert sentences(notice_given_on="2 April 2026") == [
        "Row 14, Told what we keep, on: 2 April 2026 is still to come. Type the day on which they were told."
    ]
    assert sentences(notice_given_on="yes") == [
        "Row 14, Told what we keep, on: “yes” is not a day that we can read. Write it like 27 March 2026."
    ]
    assert sentences(offers="x" * 301) == [
        "Row 14, Can help with: This is too long. 300 characters are the most."
    ]


def test_a_name_in_two_columns_and_an_address_in_four_become_one():
    sheet = read(
        ["Surname", "First name", "House no", "Street", "Town", "Post code"],
        ["O’Brien", "Zoe", "12.0", "Oak Road", "Leeds", "LS11 5TZ"],
    )
    assert sheet.rows[0].values[Field.NAME] == "Zoe O’Brien"
    assert sheet.rows[0].values[Field.ADDRESS] == "12 Oak Road, Leeds"


def test_a_postcode_at_the_end_of_the_address_is_found_and_stands_nowhere_twice():
    sheet = read(["Name", "Address"], ["Zoe", "12 Oak Road,\nLeeds ls11 5tz"], ["Ahmed", "Leeds"])
    zoe, ahmed = sheet.rows
    assert (zoe.values[Field.ADDRESS], zoe.values[Field.POSTCODE]) == ("12 Oak Road, Leeds", "LS11 5TZ")
    assert "was taken from the end of the address" in zoe.placed(zoe.mended[0])
    assert ahmed.problems
    assert the_row(name="Zoe", postcode="LS11 5TZ", address="Leeds LS11 5TZ").values[Field.ADDRESS] == "Leeds"


def test_the_habits_of_spreadsheets_do_no_harm():
    row = the_row(
        name="\ufeff Zoe\u00a0 O’Brien\u200b",
        postcode="LSII 5TZ",
        table="Table 12.0",
        phone="7700900101.0",
        email="N/A",
        offers=" - ",
        languages="English; Urdu/Punjabi & Irish",
        notice_given_on="2026-03-27 00:00:00",
        writes="TRUE",
    )
    assert row.values == {
        Field.NAME: "Zoe O’Brien",
        Field.POSTCODE: "LS11 5TZ",
        Field.TABLE: "12",
        Field.PHONE: "7700900101",
        Field.LANGUAGES: "English, Urdu, Punjabi, Irish",
        Field.NOTICE_GIVEN_ON: "2026-03-27",
        Field.WRITES: "yes",
    }
    assert [row.placed(one) for one in row.mended] == ["Row 14, Postcode: “LSII 5TZ” was read as LS11 5TZ."]


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("ZOE O’BRIEN-SMITH", "Zoe O’Brien-Smith"),
        ("maeve mcdonald", "Maeve McDonald"),
        ("Okafor, Ada", "Ada Okafor"),
        ("Ludwig van Dyk", None),
        ("سميرة حسن", None),
    ],
)
def test_a_name_stays_as_it_was_typed_and_a_better_spelling_is_offered(name, better):
    row = the_row(name=name, postcode="LS11 5TZ")
    assert row.values[Field.NAME] == name
    assert [one.words for one in row.offered] == ([better] if better else [])


def test_two_people_in_one_row_are_noticed():
    assert "two people" in the_row(name="Ada and Ben Okafor", postcode="LS11 5TZ").mended[0].words


@pytest.mark.parametrize(
    "typed",
    [
        "27/03/2026",
        "27.3.26",
        "27-Mar-2026",
        "27th March 2026",
        "Fri 27 March 2026",
        "March 27, 2026",
        "2026-03-27",
        "27/03/2026 18:02",
        "46108",
        "46108.75",
        "3/27/2026",
    ],
)
def test_a_day_is_read_however_it_is_written(typed):
    assert read_day(typed)[0] == date(2026, 3, 27)


def test_a_day_in_figures_has_the_day_first_and_says_so_where_it_cannot():
    assert read_day("3/4/2026") == (date(2026, 4, 3), None)
    assert read_day("3/27/2026")[1] == "“3/27/2026” was read as 27 March 2026, with the month first."
    assert read_day("46108")[1] == "The number 46108 is how Excel writes 27 March 2026."
    for typed in ("31/02/2026", "27 March", "soon", "12", "00/00/0000", "99999"):
        with pytest.raises(CaseworkError):
            read_day(typed)


def test_of_several_tables_the_list_of_supporters_is_found():
    notes, people = [["To do"], ["Ring the hall"]], [["Name", "Postcode"], ["Zoe", "LS11 5TZ"]]
    assert best_table([notes, people]) == 1
    assert best_table([notes]) is None
    assert best_table([]) is None


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.dictionaries(st.sampled_from(list(Field)), cells))
def test_a_row_that_was_read_once_reads_the_same_again(typed):
    once = check_row(2, typed, CHECKS)
    again = check_row(2, once.values, CHECKS)
    assert again.values == once.values
    assert [one.field for one in again.problems] == [one.field for one in once.problems]


@given(st.lists(st.lists(cells, max_size=5), max_size=6))
def test_no_table_whatever_stops_the_reader(table):
    columns = find_columns(table)
    if columns.missing() is None:
        read_sheet(table, columns, CHECKS)


def test_two_addresses_in_one_cell_need_somebody_and_are_no_letter_to_either_mp():
    both = "3 Hill St, Leeds LS6 2AS / 44 Oak Rd, Manchester M14 5TQ"
    (row,) = read(["Name", "Address"], ["Ada Quill", both]).rows
    assert row.sentences() == [
        "Row 2, Address: Two postcodes stand here, LS6 2AS and M14 5TQ. Leave only the address of their home."
    ]
    assert row.values[Field.ADDRESS] == both
    told = {"name": "Ada Quill", "postcode": "M14 5TQ", "address": both}
    assert len(sentences(**told)) == 1
    for kept in ("3 Hill St LS6 2AS, Leeds ls62as", "Flat B1 2nd Floor, 3 Hill St, Leeds LS6 2AS"):
        (row,) = read(["Name", "Address"], ["Ada Quill", kept]).rows
        assert row.sentences() == []
        assert row.values[Field.POSTCODE] == "LS6 2AS"
