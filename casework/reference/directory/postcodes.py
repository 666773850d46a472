"""Every postcode of Great Britain and its constituency, read from a file that is mapped into memory.

The raw file is laid out for reading, not for size: each sector has 400 cells of one byte, one for each
pair of last letters. A cell is 0 when there is no such postcode; else its low seven bits say which of the
sector's own constituencies it is (from 1), and its top bit that the place is approximate. `packing`
makes the raw file from the small one that the package carries.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
UNITS = {a + b: 20 * i + j for i, a in enumerate(UNIT_LETTERS) for j, b in enumerate(UNIT_LETTERS)}
CELLS = len(UNITS)  # 400 to a sector
APPROXIMATE = 128
MAGIC = b"CWPC\x00\x01"
HEADER = struct.Struct("=6sH6I")  # magic, byte order mark, then the length of each section in bytes
_DIGITS = {str(digit): digit for digit in range(10)}


class Placed(NamedTuple):
    """The constituency of a postcode, and whether its place is approximate."""

    gss_code: str
    is_approximate: bool


class Postcodes:
    """The postcodes of one release. Opening it reads no more than the names of the districts."""

    def __init__(self, raw: memoryview) -> None:
        """Read from the raw layout. Raises ValueError when the bytes are not of this layout or machine."""
        magic, mark, *lengths = HEADER.unpack_from(raw)
        if magic != MAGIC or mark != 1 or HEADER.size + sum(lengths) != len(raw):
            raise ValueError("not a raw postcode file of this version")
        codes, districts, sectors, starts, lists, self._cells = _cut(raw[HEADER.size :], lengths)
        self._codes = str(codes, "ascii").split()
        names = str(districts, "ascii").split()
        self._districts = dict(zip(names, range(0, 10 * len(names), 10), strict=True))
        self._sectors, self._starts, self._lists = sectors.cast("H"), starts.cast("I"), lists.cast("H")

    def find(self, postcode: str) -> Placed | None:
        """Where a postcode in standard form ("UB7 0EQ") lies, or None when there is no such postcode."""
        try:
            sector = self._sectors[self._districts[postcode[:-4]] + _DIGITS[postcode[-3]]]
            cell = self._cells[sector * CELLS + UNITS[postcode[-2:]]]
        except KeyError:
            return None
        if not cell:
            return None
        return Placed(self._codes[self._lists[self._starts[sector] + (cell & 127) - 1]], cell > 127)

    def count_in_sector(self, sector: str) -> dict[str, int]:
        """How many postcodes of a sector ("UB7 0") lie in each constituency; empty for an unknown sector."""
        base = self._districts.get(sector[:-2])
        return {} if base is None else _add_up([self._count(self._sectors[base + _DIGITS[sector[-1]]])])

    def count_in_district(self, district: str) -> dict[str, int]:
        """How many postcodes of a district ("UB7") lie in each constituency; empty for an unknown one."""
        base = self._districts.get(district)
        numbers = () if base is None else set(self._sectors[base : base + 10])
        return _add_up(self._count(number) for number in numbers)

    def sectors(self) -> Iterator[str]:
        """The name of every sector that has postcodes."""
        for district, base in self._districts.items():
            for digit in range(10):
                if self._sectors[base + digit]:
                    yield f"{district} {digit}"

    def _count(self, number: int) -> dict[str, int]:
        cells = bytes(self._cells[number * CELLS : (number + 1) * CELLS])
        start, end = self._starts[number], self._starts[number + 1]
        return {
            self._codes[code]: cells.count(index) + cells.count(index | APPROXIMATE)
            for index, code in enumerate(self._lists[start:end], start=1)
        }


def _cut(raw: memoryview, lengths: Iterable[int]) -> list[memoryview]:
    pieces, at = [], 0
    for length in lengths:
        pieces.append(raw[at : at + length])
        at += length
    return pieces


def _add_up(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for count in counts:
        for gss_code, number in count.items():
            total[gss_code] = total.get(gss_code, 0) + number
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
