"""Reads the fonts of a PDF: which letters their glyphs stand for, and which glyphs they do not have."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_HEX = r"<([0-9a-fA-F\s]*)>"
_CHAR = re.compile(rf"{_HEX}\s*{_HEX}")
_RANGE = re.compile(rf"{_HEX}\s*{_HEX}\s*(?:{_HEX}|\[([^\]]*)\])")
_CID = re.compile(rf"{_HEX}\s*(\d+)")
_BLOCK = re.compile(r"begin(bfchar|bfrange|cidchar)(.*?)end\1", re.DOTALL)
_NOTHING = {"\x00", "\ufeff", "\ufffe"}


@dataclass(frozen=True)
class Font:
    """One font as the pages use it."""

    raw: Any

    @property
    def name(self) -> str:
        """The name without the six letters that mark a part of a font."""
        return str(self.raw.get("/BaseFont", "/unnamed"))[1:].split("+")[-1]

    @cached_property
    def embedded(self) -> bool:
        """Whether the file of the font travels with the PDF."""
        if self.raw.get("/Subtype") == "/Type3":
            return True
        return any(f"/FontFile{kind}" in self._descriptor for kind in ("", "2", "3"))

    @cached_property
    def letters(self) -> dict[int, str] | None:
        """Which text each code stands for; None when the font does not say."""
        if "/ToUnicode" not in self.raw:
            return None
        found: dict[int, str] = {}
        for kind, block in _BLOCK.findall(self.raw["/ToUnicode"].read_bytes().decode("latin-1")):
            if kind == "bfchar":
                found.update((int(code, 16), _text(text)) for code, text in _CHAR.findall(block))
            elif kind == "bfrange":
                for first, last, text, listed in _RANGE.findall(block):
                    found.update(_span(int(first, 16), int(last, 16), text, listed))
        return found

    def codes(self, shown: bytes) -> list[int]:
        """The codes of a string that is shown in this font."""
        if self.raw.get("/Subtype") != "/Type0":
            return list(shown)
        return [int.from_bytes(shown[at : at + 2], "big") for at in range(0, len(shown), 2)]

    def means(self, code: int) -> str:
        """The text of a code, or nothing where the font does not say."""
        text = (self.letters or {}).get(code, "")
        return "" if text in _NOTHING else text

    def has(self, code: int) -> bool:
        """Whether the font has a picture for the code, and not only its box for what is missing."""
        if self.raw.get("/Subtype") != "/Type0":
            return True
        glyph = self._glyphs.get(code, code)
        return glyph != 0 and (self._count is None or glyph < self._count)

    @cached_property
    def _glyphs(self) -> dict[int, int]:
        """Which glyph a code stands for, where the font does not simply take the code itself."""
        encoding = self.raw.get("/Encoding")
        if encoding is None or str(encoding).startswith("/Identity"):
            return {}
        written = encoding.read_bytes().decode("latin-1")
        return {
            int(code, 16): int(glyph)
            for kind, block in _BLOCK.findall(written)
            if kind == "cidchar"
            for code, glyph in _CID.findall(block)
        }

    @cached_property
    def _count(self) -> int | None:
        """How many glyphs the embedded TrueType file has."""
        file = self._descriptor.get("/FontFile2")
        if file is None:
            return None
        data = file.read_bytes()
        for at in range(12, 12 + 16 * int.from_bytes(data[4:6], "big"), 16):
            if data[at : at + 4] == b"maxp":
                table = int.from_bytes(data[at + 8 : at + 12], "big")
                return int.from_bytes(data[table + 4 : table + 6], "big")
        return None

    @cached_property
    def _descriptor(self) -> Any:
        inner = self.raw["/DescendantFonts"][0] if "/DescendantFonts" in self.raw else self.raw
        return inner.get("/FontDescriptor", {})


def _text(written: str) -> str:
    return bytes.fromhex("".join(written.split())).decode("utf-16-be", "replace")


def _span(first: int, last: int, text: str, listed: str) -> list[tuple[int, str]]:
    if listed:
        return [(first + at, _text(one)) for at, one in enumerate(re.findall(_HEX, listed))]
    start = _text(text)
    return [
        (code, start[:-1] + chr(ord(start[-1]) + code - first)) for code in range(first, last + 1) if start
    ]
