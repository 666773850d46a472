"""Passwords that hold, and waits that grow."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.errors import CaseworkError
from casework.domain.safety.sign_in import (
    FOR_A_NAME,
    FOR_AN_ADDRESS,
    check_password,
    tidy_password,
    tidy_sign_in_name,
    wait_in_words,
)


def test_four_words_are_a_good_password():
    check_password("lantern gravel otter noon", "ada@example.org")


@pytest.mark.parametrize(
    ("password", "part"),
    [
        ("elevenchars", "at least 12"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("ada@example.org1", "easy to guess"),
        ("x" * 1001, "at most 1000"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_at_its_field(password, part):
    with pytest.raises(CaseworkError, match=part) as caught:
        check_password(password, "ada@example.org")
    assert caught.value.field == "password"


def test_a_password_is_the_same_from_a_keyboard_that_composes_its_letters():
    assert tidy_password("cafe\u0301 and four words") == tidy_password("café and four words")


def test_a_name_to_sign_in_with_may_be_typed_in_capitals_and_with_spaces():
    assert tidy_sign_in_name("  Ada@Example.ORG ") == "ada@example.org"


def test_the_first_tries_of_a_name_are_free_and_then_the_wait_doubles_to_a_limit():
    waits = [FOR_A_NAME.wait_after(tries).total_seconds() for tries in range(13)]
    assert waits == [0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900]


@given(st.integers(min_value=0, max_value=10_000))
def test_a_wait_never_shrinks_and_never_passes_its_limit(tries):
    for patience in (FOR_A_NAME, FOR_AN_ADDRESS):
        assert patience.wait_after(tries) <= patience.wait_after(tries + 1) <= patience.longest_wait


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (14.5, "15 seconds"), (59, "59 seconds"), (61, "2 minutes"), (900, "15 minutes")],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds, words):
    assert wait_in_words(timedelta(seconds=seconds)) == words
