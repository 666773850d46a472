"""Facts about where one more would count, and running totals."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.campaign.reach import band, growth

DAYS = st.integers(0, 60).map(lambda number: date(2026, 3, 1) + timedelta(days=number))


@given(st.lists(st.tuples(DAYS, st.integers(1, 40))))
def test_a_running_total_never_falls_and_ends_with_all(counts: list[tuple[date, int]]) -> None:
    totals = growth(counts)
    assert [day for day, _ in totals] == sorted({day for day, _ in counts})
    assert all(before[1] < after[1] for before, after in pairwise(totals))
    assert (totals[-1][1] if totals else 0) == sum(number for _, number in counts)


def test_the_shades_of_the_map_are_none_one_a_few_several_and_many() -> None:
    assert [band(number) for number in (0, 1, 2, 4, 5, 9, 10, 400)] == [0, 1, 2, 2, 3, 3, 4, 4]
