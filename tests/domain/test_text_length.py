"""How long a text message is, as the networks count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.text_length import PLACES, PLAIN, SHORT_ALPHABET, TWO_PLACES, in_plain_signs, length_of

SHORT = st.text(alphabet=sorted(SHORT_ALPHABET | TWO_PLACES), max_size=700)


@pytest.mark.parametrize(
    ("text", "parts", "left"),
    [
        ("", 0, 160),
        ("a" * 160, 1, 0),
        ("a" * 161, 2, 145),
        ("a" * 306, 2, 0),
        ("a" * 307, 3, 152),
        ("€" * 80, 1, 0),  # a euro takes two places
        ("€" * 81, 2, 143),
        ("a" * 152 + "€" + "a" * 7, 2, 144),  # the euro is not cut in two, and a place stays empty
        ("ж" * 70, 1, 0),
        ("ж" * 71, 2, 63),
        ("😀" * 35, 1, 0),
        ("😀" * 36, 2, 61),  # 33 in the first part, whose last place stays empty
        ("It’s here", 1, 61),
    ],
    ids=map(str, range(13)),
)
def test_a_text_is_counted_in_the_parts_in_which_it_is_sent(text: str, parts: int, left: int) -> None:
    found = length_of(text)
    assert (found.parts, found.left) == (parts, left)


def test_the_signs_that_halve_a_text_are_named_once_and_can_be_written_plainly() -> None:
    text = "“We won’t,” she said – and didn’t. " * 4
    assert length_of(text).costly == ("“", "’", "”", "–")
    assert (length_of(text).parts, length_of(in_plain_signs(text)).parts) == (3, 1)


@given(SHORT, st.sampled_from(["", "ж", "😀", "’"]))
def test_a_longer_text_never_goes_in_fewer_parts_and_nothing_is_lost_between_them(
    text: str, more: str
) -> None:
    found, longer = length_of(text), length_of(text + more)
    assert longer.parts >= found.parts
    one, each = PLACES[not found.costly]
    assert 0 <= found.left <= max(one, each)
    places = sum(2 if sign in TWO_PLACES else 1 for sign in text)
    if found.parts > 1:
        # Between two parts one place at most stays empty.
        assert 0 <= found.parts * each - found.left - places < found.parts
    assert found.parts == 0 if not text else found.parts > 0


@given(st.text(alphabet=sorted(SHORT_ALPHABET | set(PLAIN) | {"ж"}), max_size=200))
def test_plain_signs_never_make_a_text_longer_than_it_has_to_be(text: str) -> None:
    assert set(length_of(in_plain_signs(text)).costly) <= {"ж"}
