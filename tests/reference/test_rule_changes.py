"""What a group writes of its own rules and bank holidays: put into the book, or refused with entry and field named."""

from datetime import date
from pathlib import Path

import pytest

from casework.domain.errors import SettingsError
from casework.domain.timing.deadline_rules import Status
from casework.reference.changed_book import changed_book, read_file
from casework.reference.rule_book import rule_book
from casework.reference.rule_changes import FILE_NAME, as_json, from_json, read_entries, sort_out

SIGNED = 'why = "It was in the news."\nsigned_by = "Ruth Ellery"\nsigned_on = 2026-11-20\n'
APPEAL = f"""
[rules.ftt_appeal_in_uk]
length = 10
in_force_from = 2026-12-04
source = ["SI 2026/1234, read on legislation.gov.uk"]
{SIGNED}"""
HOLIDAY = f"""
[[holidays]]
date = 2026-12-07
title = "Day of thanks"
divisions = ["scotland"]
source = "gov.scot"
checked_on = 2026-11-20
{SIGNED}"""
NO_HOLIDAY = f"""
[[not_holidays]]
date = 2026-12-28
divisions = ["england-and-wales", "northern-ireland"]
source = "gov.uk"
checked_on = 2026-11-20
{SIGNED}"""
NEW = f"""
[rules.new_form]
name = "The new form"
in_short = "The form is in time within 10 working days."
kind = "hard_limit"
owed_by = "us"
actor = "the person"
trigger = "the form sent"
trigger_is = "sent"
counting = "after_day"
length = 10
unit = "working_days"
calendar = "ftt_iac"
end_rule = "roll_forward"
authority = "a practice direction"
examples = [{{ trigger = 2026-12-07, region = "england-and-wales", last = 2026-12-21 }}]
{SIGNED}"""


def book_of(text):
    return changed_book(read_entries(text, "rule_changes.toml"))


def test_a_changed_length_holds_from_its_day_on_and_the_old_one_for_what_happened_before():
    book = book_of(APPEAL)
    assert str(book.rule("ftt_appeal_in_uk", date(2026, 12, 3)).length) == "14 calendar days"
    assert str(book.rule("ftt_appeal_in_uk", date(2026, 12, 4)).length) == "10 calendar days"
    worked = book.work_out(book.rule("ftt_appeal_in_uk", date(2026, 12, 4)), date(2026, 12, 4))
    assert worked.last == date(2026, 12, 14)  # a Monday


def test_no_sentence_goes_on_telling_of_the_old_length(tmp_path):
    (tmp_path / FILE_NAME).write_text(
        '[rules.ftt_appeal_in_uk]\nlength = 10\nwhy = "a new law"\nsigned_by = "Ruth"\nsigned_on = 2026-11-20\n'
    )
    rule = changed_book(read_file(tmp_path / FILE_NAME)).rule("ftt_appeal_in_uk")
    assert "14" not in rule.in_short
    assert "10 calendar days" in rule.in_short


def test_nobody_signs_on_a_day_that_has_not_come_yet(tmp_path):
    (tmp_path / FILE_NAME).write_text(
        '[rules.ftt_appeal_in_uk]\nlength = 10\nwhy = "a new law"\nsigned_by = "Ruth"\nsigned_on = 2999-11-20\n'
    )
    with pytest.raises(SettingsError, match=r"rule ftt_appeal_in_uk, field signed_on: .* has not come yet"):
        read_file(tmp_path / FILE_NAME)


def test_what_a_change_does_not_name_stays_as_the_program_has_it():
    old, new = rule_book().rule("ftt_appeal_in_uk"), book_of(APPEAL).rule("ftt_appeal_in_uk")
    assert (new.name, new.calendar, new.clock, new.starts) == (old.name, old.calendar, old.clock, old.starts)


def test_nothing_that_was_checked_of_the_old_rule_is_said_of_the_new_one():
    rule = book_of(APPEAL).rule("ftt_appeal_in_uk")
    assert (rule.examples, rule.checked_by, rule.confidence, rule.status) == ((), "", "medium", Status.MIXED)
    assert rule.sources == ("SI 2026/1234, read on legislation.gov.uk",)
    assert rule.changed == "Changed by this group. Ruth Ellery, 20 November 2026: It was in the news."
    assert (
        book_of(APPEAL.replace("source =", "# source =")).rule("ftt_appeal_in_uk").status is Status.RECALLED
    )


def test_what_the_group_read_is_a_source_with_who_read_it():
    source = book_of(APPEAL).sources["SI 2026/1234, read on legislation.gov.uk"]
    assert source.version == "as Ruth Ellery read it on 2026-11-20"


def test_without_a_day_a_change_puts_the_rule_right_for_everything():
    book = book_of(APPEAL.replace("in_force_from = 2026-12-04\n", ""))
    assert [str(rule.length) for rule in book.versions["ftt_appeal_in_uk"]] == ["10 calendar days"]


def test_a_second_change_goes_on_from_the_first():
    entries = [
        *read_entries(APPEAL, "a"),
        *read_entries(APPEAL.replace("length = 10", 'clock = "16:00"'), "b"),
    ]
    rule = changed_book(entries).rule("ftt_appeal_in_uk")
    assert (str(rule.length), rule.clock) == ("10 calendar days", "16:00")


def test_one_of_several_lengths_can_change_alone():
    text = f"[rules.mp_office_chase.variants.otherwise]\nlength = 3\n[rules.mp_office_chase]\n{SIGNED}"
    old, new = (book.rule("mp_office_chase").variants for book in (rule_book(), book_of(text)))
    assert str(new["otherwise"].length) == "3 working days"
    assert new["otherwise"].label == old["otherwise"].label
    assert new["detained_or_removal_date"] == old["detained_or_removal_date"]


def test_a_rule_without_a_date_can_get_a_length():
    text = f'[rules.further_submissions]\nlength = 20\nunit = "calendar_days"\n{SIGNED}'
    assert rule_book().rule("further_submissions").no_date
    assert not book_of(text).rule("further_submissions").no_date


def test_a_new_rule_needs_no_worked_example_but_keeps_to_one_that_it_has():
    assert str(book_of(NEW).rule("new_form").length) == "10 working days"
    assert book_of(NEW).rule("new_form").changed.startswith("Added by this group.")
    without = "\n".join(line for line in NEW.splitlines() if not line.startswith("examples"))
    assert book_of(without).rule("new_form").examples == ()
    with pytest.raises(
        SettingsError, match="example 1 says last = 2026-12-22, and the rule makes 2026-12-21"
    ):
        book_of(NEW.replace("last = 2026-12-21", "last = 2026-12-22"))


def test_an_added_holiday_closes_its_part_of_the_uk_alone_and_says_who_added_it():
    book = book_of(HOLIDAY)
    assert book.holidays.named("scotland")[date(2026, 12, 7)] == "Day of thanks, added by this group"
    assert date(2026, 12, 7) not in book.holidays.named("england-and-wales")


def test_a_listed_holiday_can_be_none():
    book = book_of(NO_HOLIDAY)
    assert date(2026, 12, 28) not in book.holidays.named("northern-ireland")
    assert date(2026, 12, 28) in book.holidays.named("scotland")
    with_it = book_of(
        NO_HOLIDAY + HOLIDAY.replace("2026-12-07", "2026-12-28").replace("scotland", "england-and-wales")
    )
    assert date(2026, 12, 28) not in with_it.holidays.named("england-and-wales"), "the later change holds"


def test_no_change_leaves_the_program_s_own_book():
    assert changed_book([]) is rule_book()
    assert book_of(HOLIDAY).fingerprint != rule_book().fingerprint == book_of("").fingerprint


def test_facts_come_back_from_json_as_they_were():
    for change in read_entries(APPEAL + HOLIDAY + NO_HOLIDAY + NEW, "rule_changes.toml"):
        assert from_json(as_json(change.facts)) == change.facts


def test_a_change_says_in_words_what_it_does():
    appeal, holiday, none = read_entries(APPEAL + HOLIDAY + NO_HOLIDAY, "rule_changes.toml")
    name = "Appeal to the First-tier Tribunal, person in the UK (detained or not)"
    assert appeal.sentence == f"The rule “{name}” is changed."
    assert holiday.sentence == "Monday 7 December 2026 is a bank holiday in Scotland (Day of thanks)."
    assert none.sentence == (
        "Monday 28 December 2026 is not a bank holiday in England and Wales, and Northern Ireland."
    )


def test_without_a_file_there_are_no_changes(tmp_path):
    assert read_file(tmp_path / "rule_changes.toml") == []


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("length = 10\n", "lenght = 10\n", "rule ftt_appeal_in_uk, field lenght"),
        ("length = 10\n", 'length = "10"\n', "rule ftt_appeal_in_uk, field length"),
        ("length = 10\n", "length = 36500\n", "rule ftt_appeal_in_uk, field length"),
        ("length = 10\n", "calendar = 'moon'\n", "rule ftt_appeal_in_uk, field calendar"),
        ("length = 10\nin_force_from = 2026-12-04\nsource = [", "x = [", "rule ftt_appeal_in_uk, field x"),
        (
            "in_force_from = 2026-12-04",
            "in_force_from = 'soon'",
            "rule ftt_appeal_in_uk, field in_force_from",
        ),
        (
            "in_force_from = 2026-12-04",
            "in_force_to = 2010-01-01",
            "rule ftt_appeal_in_uk, field in_force_to",
        ),
        ('source = ["SI', 'source = "SI', "not readable"),
        ("[rules.ftt_appeal_in_uk]", "[rules.ftt_apeal_in_uk]", "Did you mean ftt_appeal_in_uk?"),
        ("[rules.ftt_appeal_in_uk]", "[rules.Appeal]", "rule Appeal: the key"),
        ("[rules.ftt_appeal_in_uk]", "[rule.ftt_appeal_in_uk]", "field rule"),
        ('signed_by = "Ruth Ellery"\n', "", "rule ftt_appeal_in_uk, field signed_by"),
        ('why = "It was in the news."', 'why = " "', "rule ftt_appeal_in_uk, field why"),
        ('why = "It was in the news."', f'why = "{"x" * 301}"', "rule ftt_appeal_in_uk, field why"),
        ("signed_on = 2026-11-20", 'signed_on = "today"', "rule ftt_appeal_in_uk, field signed_on"),
    ],
)
def test_a_malformed_rule_is_refused_with_file_entry_and_field(tmp_path, right, wrong, named):
    assert right in APPEAL
    path = tmp_path / "rule_changes.toml"
    path.write_text(APPEAL.replace(right, wrong, 1), "utf-8")
    with pytest.raises(SettingsError) as error:
        read_file(path)
    assert error.value.message.startswith("rule_changes.toml")
    assert named in error.value.message


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        ("date = 2026-12-07", "date = 2026-12-07T10:00:00", "date"),
        ("date = 2026-12-07", "date = 2031-12-07", "date"),
        ('["scotland"]', '["wales"]', "divisions"),
        ('["scotland"]', "[]", "divisions"),
        ('title = "Day of thanks"', 'title = ""', "title"),
        ('source = "gov.scot"\n', "", "source"),
        ("checked_on = 2026-11-20", "checked_on = 1", "checked_on"),
        ("checked_on", "checkd_on", "checkd_on"),
    ],
)
def test_a_malformed_holiday_is_refused_with_its_number_and_field(right, wrong, field):
    assert right in HOLIDAY
    with pytest.raises(SettingsError) as error:
        read_entries(HOLIDAY + HOLIDAY.replace(right, wrong, 1), "rule_changes.toml")
    assert error.value.message.startswith(f"rule_changes.toml, holidays, entry 2, field {field}: ")


def test_a_day_that_is_no_holiday_cannot_be_taken_out():
    with pytest.raises(SettingsError, match="27 December 2026 is no bank holiday in England and Wales"):
        read_entries(NO_HOLIDAY.replace("2026-12-28", "2026-12-27"), "rule_changes.toml")


def test_a_rule_that_names_another_that_is_not_there_is_refused():
    with pytest.raises(SettingsError, match="deemed_by"):
        book_of(APPEAL.replace("length = 10", 'deemed_by = "pigeon"'))


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000, "\x00", "= 1"])
def test_a_text_that_is_no_toml_is_refused_in_words(text):
    with pytest.raises(SettingsError, match="not readable as TOML"):
        read_entries(text, "rule_changes.toml")


def test_an_edited_file_takes_back_what_is_gone_and_leaves_the_rest_and_what_pages_made():
    kept_one, gone_one = read_entries(APPEAL + HOLIDAY, "rule_changes.toml")
    by_page = read_entries(NO_HOLIDAY, "a page")[0]
    entries = read_entries(NEW + APPEAL, "rule_changes.toml")
    found = sort_out([(True, kept_one), (False, by_page), (True, gone_one)], entries)
    assert (found.held, found.gone, [one.key for one in found.new]) == (
        [kept_one, by_page],
        [2],
        ["new_form"],
    )


def test_the_example_of_the_documentation_is_a_good_file():
    page = (Path(__file__).parents[2] / "docs" / "rule-changes.md").read_text("utf-8")
    entries = read_entries(page.split("```toml\n")[1].split("```")[0], "the example")
    book = changed_book(entries)
    assert [one.kind for one in entries] == ["rule", "rule", "holiday", "no_holiday"]
    assert str(book.rule("mp_office_chase").variants["otherwise"].length) == "3 working days"
