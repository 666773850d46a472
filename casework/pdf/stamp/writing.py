"""A PDF that is written as it comes: objects in, bytes out, and nothing kept but where each one went."""

from array import array
from copy import copy
from hashlib import md5
from itertools import accumulate, islice
from typing import Protocol
from zlib import compress, compressobj

_TOGETHER = 600  # objects that are deflated in one
_DIRECT = 0xFFFF
_NEXT_IN_STREAM = (
    b"\2\0\0\0\0\0\0\1"  # a row that differs from the one before by one more place in its stream
)


class Out(Protocol):
    """Whatever bytes can be written to."""

    def write(self, data: bytes, /) -> object:
        """Take these bytes."""


class Writer:
    """Writes the objects of one PDF, those that are no streams packed together."""

    def __init__(self, out: Out, level: int = 9) -> None:
        """`level` is how hard it tries to pack objects small."""
        self._out = out
        self._level = level
        self._length = 0
        self._hash = md5(usedforsecurity=False)
        self._where = array(
            "I", [0]
        )  # the offset of an object, or the number of the stream that it is packed in
        self._which = array("H", [0])  # its place in that stream
        self._packed: list[tuple[int, bytes]] = []
        self._write(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")

    def going_on(self, out: Out, begun: bytes) -> "Writer":
        """Another PDF that begins as this one does: `begun` are the bytes that were written so far."""
        other = copy(self)
        other._out, other._hash = out, self._hash.copy()
        other._where, other._which, other._packed = self._where[:], self._which[:], self._packed[:]
        out.write(begun)
        return other

    def reserve(self, count: int = 1) -> int:
        """The first of so many numbers for objects that come later."""
        first = len(self._where)
        self._where.extend([0] * count)
        self._which.extend([0] * count)
        return first

    def put(self, number: int, data: bytes) -> None:
        """Write an object that is no stream."""
        self._packed.append((number, data))
        if len(self._packed) >= _TOGETHER:
            self._pack()

    def put_stream(self, number: int, data: bytes, entries: bytes = b"/Filter/FlateDecode") -> None:
        """Write a stream, with the entries of its dictionary beside its length."""
        self._where[number], self._which[number] = self._length, _DIRECT
        self._write(
            b"%d 0 obj\n<<%b/Length %d>>\nstream\n" % (number, entries, len(data))
            + data
            + b"\nendstream\nendobj\n"
        )

    def finish(self, root: int, info: int) -> None:
        """Write where everything is; the PDF is whole then."""
        self._pack()
        own, start = self.reserve(), self._length
        self._where[own], self._which[own] = start, _DIRECT
        identity = self._hash.hexdigest().encode()
        rows = self._rows()
        entries = (
            b"/Type/XRef/W[1 4 2]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/Filter/FlateDecode"
            b"/DecodeParms<</Predictor 12/Columns 7>>" % (own + 1, root, info, identity, identity)
        )
        self._write(
            b"%d 0 obj\n<<%b/Length %d>>\nstream\n" % (own, entries, len(rows))
            + rows
            + b"\nendstream\nendobj\n"
        )
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _pack(self) -> None:
        if not self._packed:
            return
        own = self.reserve()
        self._packed.sort()  # by their numbers, so that the table of objects is regular and small
        numbers = [number for number, _ in self._packed]
        bodies = [data for _, data in self._packed]
        starts = accumulate([len(data) + 1 for data in bodies], initial=0)
        head = b" ".join([b"%d %d" % one for one in zip(numbers, starts, strict=False)]) + b"\n"
        for place, number in enumerate(numbers):
            self._where[number], self._which[number] = own, place
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(numbers), len(head))
        self._packed = []
        self.put_stream(own, compress(head + b"\n".join(bodies), self._level), entries)

    def _rows(self) -> bytes:
        """The table of all objects, each row as its difference from the one before, deflated."""
        deflate = compressobj(9)
        done: list[bytes] = []
        found = [b"\2\0\0\0\0\0\xff\xff"]  # of the object that there never is
        before, there, place = b"\0\0\0\0\0\xff\xff", -1, 0
        for where, which in islice(zip(self._where, self._which, strict=True), 1, None):
            if where == there and which == place + 1 and which & 255:
                found.append(_NEXT_IN_STREAM)
                place = which
                continue
            if there >= 0:
                before = _row(there, place)
            row = _row(where, which)
            found.append(b"\2" + bytes([(new - old) & 255 for new, old in zip(row, before, strict=True)]))
            there, place = where, which
            if len(found) > _TOGETHER:
                done.append(deflate.compress(b"".join(found)))
                found.clear()
        return b"".join([*done, deflate.compress(b"".join(found)), deflate.flush()])

    def _write(self, data: bytes) -> None:
        self._hash.update(data)
        self._length += len(data)
        self._out.write(data)


def _row(where: int, which: int) -> bytes:
    """What the table says of one object."""
    if which == _DIRECT:
        return b"\1" + where.to_bytes(4, "big") + b"\0\0"
    return b"\2" + where.to_bytes(4, "big") + which.to_bytes(2, "big")
