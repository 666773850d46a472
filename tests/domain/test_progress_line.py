"""The line of a count over days against a date."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.progress_line import draw_progress

START = date(2026, 11, 2)
COUNTS = [(START, 3), (START + timedelta(4), 9), (START + timedelta(16), 41)]


def drawn(counts=COUNTS, today=date(2026, 11, 20), target=(date(2026, 12, 4), "Debate in the Commons")):
    return draw_progress(counts, today, name="signed", what="letters signed", target=target)


def parsed(text):
    return ET.fromstring(text.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def words(text):
    return [element.text for element in parsed(text).iter("text")]


def test_the_line_has_its_days_and_counts_in_words_and_says_what_it_shows():
    tree = parsed(drawn())
    assert words(drawn()) == ["3", "41", "2 November", "4 December 2026", "Debate in the Commons"]
    says = (
        "3 letters signed by 2 November 2026, 41 by 18 November 2026. "
        "Debate in the Commons: Friday 4 December 2026, 14 days from now."
    )
    assert tree.find("svg/desc").text == tree.find("figcaption").text == says
    assert tree.find("svg/title").text == "Letters signed, day by day"
    assert "style" not in drawn()


def test_without_a_count_there_is_a_sentence_and_no_picture():
    tree = parsed(drawn([], target=None))
    assert tree.find("svg") is None
    assert tree.find("figcaption").text == "No letters signed yet."


def test_one_count_on_the_first_day_is_a_point():
    text = drawn(COUNTS[:1], START, None)
    assert words(text) == ["3", "2 November 2026"]
    assert parsed(text).find("figcaption").text == "3 letters signed on 2 November 2026."


def test_a_date_that_has_passed_stands_among_the_days_and_is_said_to_be_past():
    text = drawn(target=(date(2026, 11, 12), "Flight & removal"))
    (mark,) = (path for path in parsed(text).iter("path") if path.get("class") == "progress__target")
    assert 12 < int(re.findall(r"\d+", mark.get("d"))[0]) < 388
    assert "Flight & removal: Thursday 12 November 2026, 8 days ago." in parsed(text).find("figcaption").text


def test_a_date_before_the_first_count_is_said_and_not_drawn():
    text = drawn(target=(date(2026, 10, 1), "First debate"))
    assert "progress__target" not in text
    assert "50 days ago" in text


def test_counts_of_days_to_come_are_not_shown():
    assert "41" not in drawn(today=START + timedelta(5))


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10_000)), min_size=1, max_size=30),
    st.integers(0, 500),
)
def test_the_line_goes_from_left_to_right_and_stays_in_the_picture(given_counts, days):
    counts = [(START + timedelta(day), count) for day, count in given_counts]
    today = START + timedelta(400)
    tree = parsed(drawn(counts, today, (START + timedelta(days), "Debate")))
    (line,) = (path for path in tree.iter("path") if path.get("class") == "progress__line")
    path = line.get("d")
    across = [int(number) for number in re.findall(r"[MH](-?\d+)", path)]
    up = [int(number) for number in re.findall(r"(?: |V)(-?\d+)", path)]
    assert across == sorted(across)
    assert 12 <= across[0] <= across[-1] <= 388
    assert all(34 <= y <= 158 for y in up)
