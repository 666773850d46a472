"""Postcodes packed small for the package, and unpacked once into the layout that `postcodes` reads.

The packed file is a short header and one xz stream of seven planes, each of one kind of fact, so that
like stands beside like: names of constituencies, districts with the digits of their sectors, how many
constituencies each sector has, which ones, one bit for each postcode that exists (400 a sector), one bit
for each existing postcode that is approximate, and one byte for each existing postcode: which of its
sector's constituencies it is, the commonest first.
"""

import hashlib
import lzma
import struct
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate, compress, count

from casework.domain.errors import CaseworkError
from casework.reference.directory.postcodes import APPROXIMATE, CELLS, HEADER, MAGIC, UNITS

PACKED_MAGIC = b"CASEWORK POSTCODES 1\n"
_DIGEST = hashlib.sha256
_PACKED_HEADER = struct.Struct(f"<{len(PACKED_MAGIC)}s32s7I")
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}]
_SPREAD = [bytes(byte >> bit & 1 for bit in range(8)) for byte in range(256)]

Sectors = Mapping[str, Mapping[str, tuple[str, bool]]]
"""For each sector, for each pair of last letters: the code of the constituency, and whether approximate."""


_MEND = (
    "The postcodes that came with Casework are damaged. Install Casework again, "
    "or make them anew with `casework directory build`."
)


class DamagedPostcodes(CaseworkError):
    """The packed file is not what was packed."""


def pack(sectors: Sectors) -> bytes:
    """The packed file of these postcodes. The same postcodes give the same bytes."""
    names = sorted(sectors, key=lambda sector: (sector[:-2], sector[-1]))
    codes = sorted({code for units in sectors.values() for code, _ in units.values()})
    number = {code: i for i, code in enumerate(codes)}
    lists, sizes, present, flags, indexes = array("H"), bytearray(), bytearray(), bytearray(), bytearray()
    for name in names:
        cells = {UNITS[unit]: placed for unit, placed in sectors[name].items()}
        counted = Counter(code for code, _ in cells.values())
        own = sorted(counted, key=lambda code: (-counted[code], code))
        lists.extend(number[code] for code in own)
        sizes.append(len(own))
        present += bytes(cell in cells for cell in range(CELLS))
        for cell in sorted(cells):
            code, is_approximate = cells[cell]
            flags.append(is_approximate)
            indexes.append(own.index(code))
    if sys.byteorder == "big":
        lists.byteswap()
    planes = (
        "\n".join(codes).encode(),
        _district_lines(names),
        bytes(sizes),
        lists.tobytes(),
        _bits(present),
        _bits(flags),
        bytes(indexes),
    )
    payload = b"".join(planes)
    header = _PACKED_HEADER.pack(PACKED_MAGIC, _DIGEST(payload).digest(), *map(len, planes))
    return header + lzma.compress(payload, format=lzma.FORMAT_XZ, filters=_FILTERS)


def digest_of(packed: bytes) -> str:
    """The name of a packed file's contents: the SHA-256 of what is inside, in hexadecimal.

    The first 100 bytes of the file are enough. Raises DamagedPostcodes when it is no packed file.
    """
    digest, _ = _header(packed)
    return digest.hex()


def unpack(packed: bytes) -> bytes:
    """The raw layout of a packed file. Raises DamagedPostcodes when a single bit is not as it was packed."""
    digest, lengths = _header(packed)
    try:
        payload = lzma.decompress(packed[_PACKED_HEADER.size :], format=lzma.FORMAT_XZ)
    except lzma.LZMAError:
        payload = b""
    if _DIGEST(payload).digest() != digest or len(payload) != sum(lengths):
        raise DamagedPostcodes(_MEND)
    ends = list(accumulate(lengths))
    codes, district_lines, sizes, lists, present, flags, indexes = (
        payload[end - length : end] for end, length in zip(ends, lengths, strict=True)
    )
    sections = (
        codes,
        *_district_table(district_lines.decode("ascii")),
        array("I", accumulate(b"\0" + sizes, initial=0)).tobytes(),
        _native(lists).tobytes(),
        _cells(present, flags, indexes),
    )
    return b"".join((HEADER.pack(MAGIC, 1, *map(len, sections)), *sections))


def _header(packed: bytes) -> tuple[bytes, list[int]]:
    if len(packed) < _PACKED_HEADER.size or not packed.startswith(PACKED_MAGIC):
        raise DamagedPostcodes(_MEND)
    _, digest, *lengths = _PACKED_HEADER.unpack_from(packed)
    return digest, lengths


def _district_lines(sectors: Iterable[str]) -> bytes:
    """A line for each district: its name and the digits of its sectors, such as "UB7 0789"."""
    digits: dict[str, str] = {}
    for sector in sectors:
        digits[sector[:-2]] = digits.get(sector[:-2], "") + sector[-1]
    return "\n".join(f"{district} {own}" for district, own in digits.items()).encode()


def _district_table(lines: str) -> tuple[bytes, bytes]:
    """The names of the districts, and ten sector numbers for each; 0 where there is no such sector."""
    numbers, names = array("H"), []
    following = count(1)
    for line in lines.splitlines():
        name, digits = line.split()
        names.append(name)
        numbers.extend(next(following) if str(digit) in digits else 0 for digit in range(10))
    return "\n".join(names).encode(), numbers.tobytes()


def _cells(present: bytes, flags: bytes, indexes: bytes) -> bytes:
    """400 cells for each sector, after 400 empty ones for the sector number 0, which is no sector."""
    cells = bytearray(CELLS + 8 * len(present))
    places = compress(count(CELLS), _spread(present))
    for place, is_approximate, index in zip(places, _spread(flags), indexes, strict=False):
        cells[place] = index + 1 | (APPROXIMATE if is_approximate else 0)
    return bytes(cells)


def _bits(flags: bytes | bytearray) -> bytes:
    """Eight flags to a byte, the first in the lowest bit."""
    padded = bytes(flags) + bytes(-len(flags) % 8)
    return bytes(sum(padded[at + bit] << bit for bit in range(8)) for at in range(0, len(padded), 8))


def _spread(bits: bytes) -> bytes:
    """The flags again, one byte each, with up to seven more at the end."""
    return b"".join(map(_SPREAD.__getitem__, bits))


def _native(lists: bytes) -> "array[int]":
    numbers = array("H", lists)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
