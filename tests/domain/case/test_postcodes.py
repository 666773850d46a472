"""Postcodes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.case.postcodes import (
    BadPostcode,
    District,
    Postcode,
    Sector,
    parse_partial,
    parse_postcode,
)

UNIT = "ABDEFGHJLNPQRSTUWXYZ"
whole_postcodes = st.builds(
    Postcode,
    st.sampled_from(
        ["UB7", "SW1A", "EC1A", "W1A", "M1", "CR0", "B33", "BT40", "LL21", "S51", "IP1", "OL1", "JE2"]
    ),
    st.builds(
        lambda digit, a, b: f"{digit}{a}{b}", st.integers(0, 9), st.sampled_from(UNIT), st.sampled_from(UNIT)
    ),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ub70eq", "UB7 0EQ"),
        ("  u b 7 0 e q ", "UB7 0EQ"),
        ("UB7\u00a00EQ", "UB7 0EQ"),
        ("UB7\u200b0EQ", "UB7 0EQ"),
        ("UB7-0EQ.", "UB7 0EQ"),
        ("UB7 OEQ", "UB7 0EQ"),
        ("SW1A OAA", "SW1A 0AA"),
        ("WIA 1AA", "W1A 1AA"),
        ("LI 1AA", "L1 1AA"),
        ("0L1 1AA", "OL1 1AA"),
        ("1P1 1AA", "IP1 1AA"),
        ("UB7 0E1", "UB7 0EL"),
        ("ＵＢ７ ０ＥＱ", "UB7 0EQ"),
    ],
)
def test_a_postcode_is_read_as_it_was_meant(typed, meant):
    assert str(parse_postcode(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "hello",
        "UB7",
        "UB7 0",
        "UB7 0EQQ",
        "UB7 0E",
        "12345",
        "SW1A 0AI",
        "UB7 0CK",
        "١٢٣ ٤٥٦",
        "😀",
        "x" * 10_000,
    ],
)
def test_what_is_no_postcode_is_refused_with_a_short_sentence_at_its_field(typed):
    with pytest.raises(BadPostcode) as refused:
        parse_postcode(typed)
    assert refused.value.field == "postcode"
    assert refused.value.message.endswith(".")
    assert len(refused.value.message) < 150


def test_a_sector_without_its_space_is_not_taken_for_a_postcode_full_of_slips():
    for typed in ("BL11 1", "BL111", "SO51 1"):
        with pytest.raises(BadPostcode):
            parse_postcode(typed)
    assert parse_partial("BL111") == Sector("BL11", "1")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ub7", District("UB7")),
        ("sw1a", District("SW1A")),
        ("ub7 o", Sector("UB7", "0")),
        ("SW1A0", Sector("SW1A", "0")),
        ("e1 6", Sector("E1", "6")),
        ("e1 6an", Postcode("E1", "6AN")),
    ],
)
def test_part_of_a_postcode_is_read_as_far_as_it_goes(typed, meant):
    assert parse_partial(typed) == meant


def test_a_district_that_could_be_a_sector_says_which():
    assert parse_partial("UB70") == District("UB70")
    assert District("UB70").as_sector() == Sector("UB7", "0")
    assert District("UB7").as_sector() is None


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("LS7 4P", "LS7 4"),
        ("ls7 4ppp", "LS7 4"),
        ("LS74P", "LS7 4"),
        ("S1 4P", "S1 4"),
        ("LS7 4C", "LS7 4"),
        ("UB7 0CK", "UB7 0"),
        ("SW1A 1A", "SW1A 1"),
        ("LS7 OP", "LS7 0"),
        ("LS7 PP", "LS7"),
        ("LS7 ?", None),
        ("hello", None),
        ("12345", None),
        ("Leeds 7", None),
        ("x" * 10_000, None),
    ],
)
def test_where_the_end_cannot_be_read_the_part_that_can_is_offered_and_not_taken(typed, part):
    with pytest.raises(BadPostcode) as refused:
        parse_partial(typed)
    assert refused.value.field == "postcode"
    assert len(refused.value.message) < 150
    if part:
        assert f"type {part}:" in refused.value.message
        assert str(parse_partial(part)) == part, "whoever does as it says can go on"
    else:
        assert "you do not know its end" not in refused.value.message


def test_a_postcode_knows_its_parts():
    postcode = parse_postcode("sw1a0aa")
    assert (postcode.area, postcode.district, postcode.sector) == ("SW", "SW1A", "SW1A 0")
    assert parse_postcode("e16an").area == "E"


@given(whole_postcodes)
def test_standard_form_reads_back_as_the_same_postcode(postcode):
    assert parse_postcode(str(postcode)) == postcode
    assert parse_partial(str(postcode)) == postcode


@given(whole_postcodes, st.data())
def test_case_and_spaces_never_matter(postcode, data):
    gaps = st.sampled_from(["", " ", "  ", "\t", "\u00a0", "\u2009"])
    typed = "".join(
        data.draw(gaps) + (letter.lower() if data.draw(st.booleans()) else letter) for letter in str(postcode)
    )
    assert parse_postcode(typed) == postcode


@given(st.text(max_size=30))
def test_any_text_is_a_postcode_a_part_or_a_refusal(text):
    try:
        parsed = parse_partial(text)
    except BadPostcode:
        return
    assert parse_partial(str(parsed)) == parsed
