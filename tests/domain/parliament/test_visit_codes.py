"""A code that is typed by hand comes out as it went in, or says which line has the mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.errors import CaseworkError
from casework.domain.parliament import visit_codes
from casework.domain.parliament.visit_codes import ALPHABET
from casework.domain.parliament.visit_logs import read_log

SOME = bytes(range(40, 110))


@given(
    st.binary(min_size=1, max_size=200),
    st.sampled_from([str.lower, str.upper]),
    st.sampled_from(["\n", "\r\n\n", ""]),
)
def test_whatever_was_written_is_read_again_however_it_is_typed(
    content: bytes, case: object, ends: str
) -> None:
    code = visit_codes.write(content)
    typed = case(ends.join(code.splitlines()).replace("0", "o").replace("1", "I"))
    assert visit_codes.read(typed) == content


def test_one_wrong_sign_anywhere_is_noticed_in_its_line() -> None:
    lines = visit_codes.write(SOME).splitlines()
    for row, line in enumerate(lines):
        for at, sign in enumerate(line):
            if sign != " ":
                other = ALPHABET[(ALPHABET.index(sign) + 7) % 32]
                changed = [*lines[:row], line[:at] + other + line[at + 1 :], *lines[row + 1 :]]
                with pytest.raises(CaseworkError, match=f"line {row + 1},"):
                    visit_codes.read("\n".join(changed))


def test_two_lines_that_changed_places_and_one_that_is_missing_are_noticed() -> None:
    lines = visit_codes.write(SOME).splitlines()
    for wrong in (
        [lines[1], lines[0], *lines[2:]],
        [lines[0], *lines[2:]],
        [*lines[:2], lines[2][:-5], *lines[3:]],
    ):
        with pytest.raises(CaseworkError, match="There is a mistake in line"):
            visit_codes.read("\n".join(wrong))


@pytest.mark.parametrize(
    "told",
    [
        b"", b"[]", b"{}", b'{"entry":"x"}', b"\xff", b'{"entry":"0123456789abcdef","promises":[1]}',
        b'{"entry":"0123456789abcdef","promises":[{},{},{}]}', b'{"entry":"0123456789abcdef","on":"2026-13-01"}',
        b'{"entry":"0123456789abcdef","said":{"x":1}}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_no_bag_writes_is_refused_in_words(told: bytes) -> None:
    with pytest.raises(CaseworkError, match="no visit log"):
        read_log(told)
