"""A font at one size as WeasyPrint prints it: which bytes stand in the page for a text, and how wide they are."""

from bisect import bisect_left
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import Any

from casework.pdf.stamp.markup import LETTERS, SIGNS, Unlike
from casework.pdf.stamp.shaping import Glyphs, Shaper

UNITS = 1024  # of Pango in a pixel
_JOINED = ("ff", "fi", "fl", "ffi", "ffl", "ft", "fft", "fj", "ffj", "tt", "ti", "Th")


class Shaped:
    """A run of text that was shaped whole, and can be cut where that changes no glyph."""

    __slots__ = ("breaks", "face", "glyphs", "text", "upto")

    def __init__(self, face: "Face", text: str, breaks: tuple[int, ...]) -> None:
        self.face = face
        self.text = text
        self.glyphs: Glyphs = face.shape(text)
        self.upto = list(accumulate(self.glyphs.advances, initial=0))
        self.breaks = breaks  # before which letters a line may end

    def about(self, start: int, stop: int) -> int:
        """The width of a part as it stands in the whole."""
        clusters = self.glyphs.clusters
        return self.upto[bisect_left(clusters, stop)] - self.upto[bisect_left(clusters, start)]

    def width(self, start: int, stop: int) -> int:
        """How wide a part is that is printed alone."""
        first, last = self._span(start, stop)
        if self._is_bound(first, last):
            return self.face.alone(self.text[start:stop])[1]
        return self.upto[last] - self.upto[first]

    def cut(self, start: int, stop: int) -> bytes:
        """What stands in the page for a part that is printed alone."""
        first, last = self._span(start, stop)
        if self._is_bound(first, last):
            return self.face.alone(self.text[start:stop])[0]
        return self.face.written(self.glyphs.ids[first:last], self.glyphs.advances[first:last])

    def _span(self, start: int, stop: int) -> tuple[int, int]:
        clusters = self.glyphs.clusters
        return bisect_left(clusters, start), bisect_left(clusters, stop)

    def _is_bound(self, first: int, last: int) -> bool:
        """Whether a part would have other glyphs, or others beside them, if it were shaped alone."""
        bound = self.glyphs.bound
        return bool((first and bound[first] & 1) or (last < len(bound) and bound[last] & 1))


class Face:
    """A font at one size, in one language."""

    def __init__(self, font: Any, size: float, language: str, chosen: bytes) -> None:
        """`font` is a PangoFont that somebody else keeps, `chosen` the words that choose it in a page."""
        self.size = size
        self.language = language
        self.chosen = chosen
        self._shaper = Shaper(font, language)
        self.widths: dict[int, int] = {}
        self.alphabet: dict[int, str] = {}
        self._learn_alphabet(font)
        self._tokens: dict[tuple[int, int], str] = {}
        self.shaped = lru_cache(maxsize=512)(self._shaped)
        self.alone = lru_cache(maxsize=512)(self._alone)

    def forget(self, glyphs: set[int]) -> None:
        """Have nothing to do with some glyphs: a text that needs one takes the slow path."""
        for one in glyphs:
            self.widths.pop(one, None)
            self.alphabet.pop(one, None)
        self._tokens.clear()

    def shape(self, text: str) -> Glyphs:
        """The glyphs of a text."""
        return self._shaper.shape(text)

    def written(self, ids: list[int], advances: list[int]) -> bytes:
        """Glyphs as WeasyPrint writes them: what a glyph is wider or narrower than usual stands after it."""
        tokens = self._tokens
        try:
            text = "<" + "".join([tokens[key] for key in zip(ids, advances, strict=True)])
        except KeyError:
            for key in zip(ids, advances, strict=True):
                tokens.setdefault(key, self._token(*key))
            return self.written(ids, advances)
        return (text[:-1] if text[-1] == "<" else text + ">").encode()

    def _token(self, glyph: int, advance: int) -> str:
        if glyph not in self.widths:
            raise Unlike("letters are joined in a way that the font of the batch does not carry")
        wider = self.widths[glyph] + 0.0 - advance * 1000 * (1 / UNITS) / self.size
        return f"{glyph:04x}>{int(wider)}<" if wider else f"{glyph:04x}"

    def _alone(self, text: str) -> tuple[bytes, int]:
        glyphs = self.shape(text)
        return self.written(glyphs.ids, glyphs.advances), sum(glyphs.advances)

    def _shaped(self, text: str) -> Shaped:
        return Shaped(self, text, line_breaks(text, self.language))

    def _learn_alphabet(self, font: Any) -> None:
        from weasyprint.text.ffi import FROM_UNITS, ffi, pango

        ink, logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        for text in (*LETTERS, *SIGNS, *_JOINED):
            try:
                glyphs = self.shape(text).ids
            except Unlike:
                continue
            if len(glyphs) == 1 and self.alphabet.setdefault(glyphs[0], text) == text:
                pango.pango_font_get_glyph_extents(font, glyphs[0], ink, logical)
                self.widths[glyphs[0]] = round(logical.width * 1000 * FROM_UNITS / self.size)


def agree(faces: list[Face]) -> None:
    """Have the sizes of one font forget the glyphs whose rounded widths differ: the font says only one width."""
    for one, other in pairwise(faces):
        differ = {glyph for glyph, width in one.widths.items() if other.widths.get(glyph) != width}
        for face in faces:
            face.forget(differ)


def line_breaks(text: str, language: str) -> tuple[int, ...]:
    """Before which letters of a text Pango may end a line; asked as WeasyPrint asks it, without its detours."""
    from weasyprint.text.ffi import ffi, pango

    if len(text) < 2:
        return ()
    encoded, count = text.encode(), len(text) + 1
    attributes = ffi.new("PangoLogAttr[]", count)
    pango.pango_get_log_attrs(encoded, len(encoded), -1, _language(language), attributes, count)
    words = memoryview(ffi.buffer(attributes, 4 * len(text))).cast("B").cast("I").tolist()
    return tuple([at for at, word in enumerate(words) if word & 1 and at])


@cache
def _language(name: str) -> Any:
    from weasyprint.text.ffi import pango

    return pango.pango_language_from_string(name.encode())


@lru_cache(maxsize=4096)
def may_part(last: str, first: str, language: str) -> bool:
    """Whether a line may end between two letters that stand in different stretches of text."""
    from weasyprint.text.line_break import can_break_text

    return bool(can_break_text(last + first, language))
