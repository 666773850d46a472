"""Objects of a PDF written anew with other numbers, and none of them twice."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pikepdf

from casework.pdf.stamp.writing import Writer


class Copier:
    """Copies objects of several PDFs into one that is being written: what is the same in all of them, once."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._known: dict[bytes, int] = {}

    def copy(self, found: Any) -> bytes:
        """An object as it is written where it is used: as a reference, if it was one, to what is now in the new PDF.

        Objects that refer to each other in a ring cannot be copied so.
        """
        return as_written(found, lambda one: b"%d 0 R" % self._shared(one))

    def stream(self, data: bytes, entries: bytes) -> int:
        """The number of a stream that is in the new PDF once."""
        key = sha256(entries + b"\0" + data).digest()
        if key not in self._known:
            self._known[key] = self._writer.reserve()
            self._writer.put_stream(self._known[key], data, entries)
        return self._known[key]

    def _shared(self, found: Any) -> int:
        if isinstance(found, pikepdf.Stream):
            return self.stream(found.read_raw_bytes(), b"".join(self._entries(found)))
        data = as_written(found, lambda one: b"%d 0 R" % self._shared(one), top=True)
        key = sha256(data).digest()
        if key not in self._known:
            self._known[key] = self._writer.reserve()
            self._writer.put(self._known[key], data)
        return self._known[key]

    def _entries(self, stream: Any) -> list[bytes]:
        return [key.encode() + b" " + self.copy(value) for key, value in stream.items() if key != "/Length"]


def as_written(found: Any, reference: Callable[[Any], bytes], *, top: bool = False) -> bytes:
    """A value as it stands in a PDF; `reference` says what stands for an object with a number of its own."""
    if not isinstance(found, pikepdf.Object):
        return pikepdf.Array([found]).unparse()[1:-1].strip()
    if found.is_indirect and not top:
        return reference(found)
    if isinstance(found, pikepdf.Array):
        return b"[" + b" ".join(as_written(one, reference) for one in found) + b"]"
    if isinstance(found, pikepdf.Dictionary):
        inside = [key.encode() + b" " + as_written(one, reference) for key, one in found.items()]
        return b"<<" + b"".join(inside) + b">>"
    return found.unparse(resolved=True)
