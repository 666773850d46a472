"""A tired reader follows every page, letter and paper of the house: a child of twelve could."""

from casework.pdf.letters import Letters
from tests.house.test_supply_chain import ROOT, load

reading_age = load("reading_age")


def test_what_people_read_can_be_read_at_twelve():
    assert [f"{one.name}: {one.age:.1f}" for one in reading_age.too_hard()] == []


def test_no_sentence_of_a_page_or_a_message_is_longer_than_thirty_words():
    assert reading_age.too_long() == []


def test_the_measure_sees_every_page_letter_and_message_and_knows_a_hard_text_from_a_plain_one():
    measured = {one.name for one in reading_age.texts() if one.sentences}
    assert {"cases/index.html", "services/letters/letters.py", "docs/volunteer.md"} < measured
    assert set(Letters(ROOT / "letters").templates) < measured
    plain = reading_age.age_of(("Show this to your lawyer today.", "She can say what you may do."))
    hard = reading_age.age_of(
        ("Notwithstanding the aforementioned determination, representations are inadmissible.",)
    )
    assert plain < 8 < 18 < hard


def test_every_exception_is_still_needed_and_says_why():
    hard = {one.name for one in reading_age.texts() if one.age > reading_age.LIMIT}
    assert {name for name, why in reading_age.exceptions().items() if len(why.split()) > 3} - hard == set()
