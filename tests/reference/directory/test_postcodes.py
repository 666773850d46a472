"""Postcodes packed, unpacked, cached and found."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.reference.directory.cache import open_postcodes
from casework.reference.directory.packing import DamagedPostcodes, pack, unpack
from casework.reference.directory.postcodes import UNITS, Placed, Postcodes

CODES = [f"E1400{number:04}" for number in range(1001, 1010)]
placed = st.tuples(st.sampled_from(CODES), st.booleans())
sectors = st.dictionaries(
    st.sampled_from(["UB7 0", "UB7 9", "B1 1", "BT1 1", "SW1A 0", "ZE3 9", "AB10 1"]),
    st.dictionaries(st.sampled_from(sorted(UNITS)), placed, min_size=1, max_size=60),
    max_size=7,
)
TWO = {"UB7 0": {"EQ": (CODES[0], False), "FX": (CODES[1], True)}, "UB7 9": {"AA": (CODES[1], False)}}


def postcodes_of(packed: bytes) -> Postcodes:
    return Postcodes(memoryview(unpack(packed)))


@settings(max_examples=30)
@given(sectors)
def test_every_postcode_comes_back_as_it_went_in_and_no_other_has_an_answer(given_sectors):
    postcodes = postcodes_of(pack(given_sectors))
    for sector in [*given_sectors, "UB8 1", "UB7 5"]:
        own = given_sectors.get(sector, {})
        for unit in UNITS:
            assert postcodes.find(sector + unit) == own.get(unit)
    assert sorted(postcodes.sectors()) == sorted(given_sectors)


def test_a_sector_and_a_district_are_counted_by_constituency():
    postcodes = postcodes_of(pack(TWO))
    assert postcodes.count_in_sector("UB7 0") == {CODES[0]: 1, CODES[1]: 1}
    assert postcodes.count_in_district("UB7") == {CODES[1]: 2, CODES[0]: 1}
    assert postcodes.count_in_sector("UB8 0") == postcodes.count_in_district("UB8") == {}


def test_the_same_postcodes_are_packed_to_the_same_bytes_whatever_their_order():
    assert pack(TWO) == pack(dict(reversed(TWO.items())))


@pytest.mark.parametrize(
    "spoil", [lambda b: b[:-1], lambda b: b[:40] + b"\xff" + b[41:], lambda b: b"", lambda b: b[::-1]]
)
def test_a_damaged_file_is_refused_with_the_mend(spoil):
    with pytest.raises(DamagedPostcodes, match="Install Casework again"):
        unpack(spoil(pack(TWO)))


def test_postcodes_are_unpacked_once_and_then_only_opened(tmp_path):
    packed = tmp_path / "postcodes.bin"
    packed.write_bytes(pack(TWO))
    cache = tmp_path / "cache"
    assert open_postcodes(packed, cache).find("UB7 0FX") == Placed(CODES[1], True)
    (raw_file,) = cache.iterdir()
    made = raw_file.stat().st_mtime_ns
    assert open_postcodes(packed, cache).find("UB7 0EQ") == Placed(CODES[0], False)
    assert raw_file.stat().st_mtime_ns == made
    assert [path.name for path in cache.iterdir()] == [raw_file.name]


def test_an_unpacked_file_cut_short_is_made_again(tmp_path):
    packed = tmp_path / "postcodes.bin"
    packed.write_bytes(pack(TWO))
    open_postcodes(packed, tmp_path)
    (raw_file,) = tmp_path.glob("*.raw")
    whole = raw_file.read_bytes()
    for rest in (whole[:-1], b""):
        raw_file.unlink()
        raw_file.write_bytes(rest)
        assert open_postcodes(packed, tmp_path).find("UB7 0EQ") == Placed(CODES[0], False)
        assert raw_file.read_bytes() == whole


def test_a_cache_that_cannot_be_written_stops_nobody(tmp_path):
    packed = tmp_path / "postcodes.bin"
    packed.write_bytes(pack(TWO))
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file where the folder should be")
    assert open_postcodes(packed, in_the_way / "cache").find("UB7 0EQ") == Placed(CODES[0], False)


def test_another_release_does_not_open_the_old_unpacked_file(tmp_path):
    packed = tmp_path / "postcodes.bin"
    packed.write_bytes(pack(TWO))
    open_postcodes(packed, tmp_path)
    packed.write_bytes(pack({"UB7 0": {"EQ": (CODES[5], False)}}))
    assert open_postcodes(packed, tmp_path).find("UB7 0EQ") == Placed(CODES[5], False)
    assert len(os.listdir(tmp_path)) == 3
