"""Words that remember what they are made of: plain English, and said part by part in another language."""

from datetime import date

import pytest

from casework.domain.said import (
    AND,
    OR,
    PARTS,
    count,
    in_a_row,
    in_month,
    of_ours,
    on_day,
    typed,
    upfirst,
    within,
)
from casework.domain.words import say

DAY = date(2027, 1, 3)


@pytest.mark.parametrize(
    ("said", "english"),
    [
        (in_a_row(["a", "b", "c"]), "a, b, c"),
        (in_a_row(["a", "b", "c"], AND), "a, b and c"),
        (in_a_row(["a", "b"], OR), "a or b"),
        (in_a_row(["bed and board", "a lift"], AND), "bed and board, and a lift"),
        (in_a_row(["a", "b, c"], PARTS), "a; b, c"),
        (in_a_row([]), ""),
        (on_day(DAY, weekday=True), "Sunday 3 January 2027"),
        (on_day(DAY, year=False), "3 January"),
        (in_month(DAY), "January 2027"),
        (count(1, "letter"), "1 letter"),
        (count(1_200, "promise to chase", "promises to chase"), "1,200 promises to chase"),
        (upfirst(of_ours("the lawyer")), "The lawyer"),
        (within("This week"), "this week"),
        (say("{what}, by {day}", what=typed("bread"), day=on_day(DAY)), "bread, by 3 January 2027"),
    ],
)
def test_in_english_they_are_plain_text(said: str, english: str) -> None:
    assert said == english
    assert f"{said}" == english
