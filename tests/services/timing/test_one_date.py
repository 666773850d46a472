from datetime import date

import pytest

from casework.domain.errors import CaseworkError
from casework.domain.timing.deadline_rules import How
from casework.domain.timing.triggers import Told
from casework.reference.rule_book import rule_book
from casework.services.timing.one_date import Question, answer

TODAY = date(2026, 11, 20)


def ask(key, *, variant=None, region=None, person=None, **told):
    return answer(Question(key, Told(**told), variant, region, person), rule_book(), TODAY)


def test_where_nobody_knows_which_part_of_the_uk_counts_the_earliest_of_the_three_is_the_safe_one():
    found = ask("ftt_appeal_out_of_uk_receipt", received=date(2026, 11, 2))
    assert found.region == "england-and-wales"  # St Andrew's Day moves the end in Scotland only
    assert (found.safest.safe, found.safest.last) == (date(2026, 11, 27), date(2026, 11, 30))
    assert "In Scotland it would be Tuesday 1 December 2026" in found.difference


def test_a_part_of_the_uk_that_was_named_keeps_its_own_last_day():
    found = ask("ftt_appeal_out_of_uk_receipt", region="scotland", received=date(2026, 11, 2))
    assert (found.worked.safe, found.worked.last) == (date(2026, 11, 27), date(2026, 12, 1))


def test_an_unsettled_calendar_aims_for_the_earliest_even_where_the_part_is_named():
    found = ask("ftt_appeal_out_of_uk_receipt", region="england-and-wales", received=date(2026, 11, 2))
    assert found.worked.safe == date(2026, 11, 30)
    assert found.safest.safe == date(2026, 11, 27)


def test_a_settled_calendar_aims_for_the_day_of_the_part_that_is_named():
    found = ask("removal_notice_period", region="scotland", on=date(2026, 11, 25))
    assert found.safest.earliest == date(2026, 12, 4)
    anywhere = ask("removal_notice_period", on=date(2026, 11, 25))
    assert anywhere.safest.earliest == date(2026, 12, 3)


def test_a_notice_posted_nobody_knows_where_is_served_on_the_earliest_day():
    found = ask("admin_review_in_uk", sent=date(2026, 12, 31), how=How.POST)
    assert found.start.day == date(2027, 1, 5)  # 6 January in Scotland


def test_a_length_for_posted_notices_needs_no_other_word_about_the_post():
    found = ask("deemed_service_sn", variant="in_uk_posted", sent=date(2026, 12, 24), region="scotland")
    assert found.dates == {"deemed_served": date(2026, 12, 30)}


@pytest.mark.parametrize(
    ("key", "variant", "person", "says"),
    [
        ("ftt_appeal_in_uk", None, "abroad", "people who are in the UK. You said that they are outside the UK."),
        ("admin_review_detained", None, "free", "people who are detained. You said that they are in the UK, and not"),
        ("admin_review_in_uk", None, "detained", "people who are not detained."),
        ("admin_review_overseas", None, "free", "people who are outside the UK."),
        ("ftt_pta", "abroad", "detained", "“the person is abroad” is for people who are outside the UK."),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_fit_the_person_is_refused_at_what_was_said_of_them(key, variant, person, says):
    with pytest.raises(CaseworkError) as error:
        ask(key, variant=variant, person=person, sent=date(2026, 11, 2), received=date(2026, 11, 3))
    assert says in error.value.message
    assert error.value.field == "person"


def test_nothing_is_held_against_somebody_of_whom_nothing_was_said():
    assert ask("admin_review_detained", received=date(2026, 11, 10)).worked.last == date(2026, 11, 17)


def test_a_date_past_the_known_holidays_keeps_the_day_it_starts_from_and_says_why_there_is_no_more():
    found = ask("ftt_appeal_in_uk", sent=date(2028, 12, 20))
    assert found.start.day == date(2028, 12, 20)
    assert (found.worked, found.dates) == (None, {})
    assert "31 December 2028" in found.unknown
