"""Batches: their states, the order of the pile, and how far the work is."""

import pytest

from casework.domain.campaign.batches import (
    BatchState,
    Order,
    Placed,
    Progress,
    may_become,
    order_key,
    refuse_more,
    spoken_time,
    table_key,
)

PILE = [
    Placed("Zoë Ångström", "Leeds South", "Table 10"),
    Placed("Ann Baker", "Sheffield Central", "Table 2"),
    Placed("Amélie Backer", "Bradford East", None),
    Placed("Ben Angstrom", "Leeds South", "table 2"),
]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (Order.SURNAME, ["Ben Angstrom", "Zoë Ångström", "Amélie Backer", "Ann Baker"]),
        (Order.TABLE, ["Ben Angstrom", "Ann Baker", "Zoë Ångström", "Amélie Backer"]),
        (Order.CONSTITUENCY, ["Amélie Backer", "Ben Angstrom", "Zoë Ångström", "Ann Baker"]),
    ],
)
def test_the_pile_lies_in_the_order_that_was_asked_for(order, names):
    assert [one.signer for one in sorted(PILE, key=order_key(order))] == names


def test_table_two_comes_before_table_ten_whatever_else_is_a_table():
    tables = ["Table 10", "2", "Kitchen", "Table 2", "", "10", "Table 2b"]
    assert sorted(tables, key=table_key) == ["2", "10", "Kitchen", "Table 2", "Table 2b", "Table 10", ""]


def test_what_was_cancelled_stays_so_and_what_is_done_can_be_tried_again():
    assert not any(may_become(BatchState.CANCELLED, one) for one in BatchState)
    assert may_become(BatchState.DONE, BatchState.WAITING)
    assert may_become(BatchState.PAUSED, BatchState.WAITING)
    assert not may_become(BatchState.PAUSED, BatchState.RUNNING)


def test_how_far_it_is_stands_in_words():
    at = Progress(waiting=13, working=1, made=31, failed=2, per_second=0.25)
    assert (at.words, at.rate_words, at.time_left) == (
        "31 of 47, 2 need you",
        "about 15 a minute",
        "about 1 minute left",
    )
    assert Progress(made=1, failed=1).words == "1 of 2, 1 needs you"
    assert Progress(waiting=5).time_left == ""
    assert Progress(waiting=1500, per_second=50).rate_words == "about 50 a second"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "less than a minute"),
        (60, "about 1 minute"),
        (200, "about 3 minutes"),
        (3 * 3600, "about 3 hours"),
    ],
)
def test_a_stretch_of_time_is_said_as_people_say_it(seconds, words):
    assert spoken_time(seconds) == words


def test_more_signed_than_printed_is_refused_kindly():
    assert refuse_more(12, 12, "printed", "signed") == ""
    assert "Only 12 were printed, so 13 cannot be signed" in refuse_more(12, 13, "printed", "signed")
    assert refuse_more(None, 1, "printed", "signed") == "First write down how many were printed."
