"""Text as glyphs of one font at one size: HarfBuzz's own, from the font that Pango gave to WeasyPrint.

It is the HarfBuzz that Pango shapes with and the very font that Pango made, so the glyphs and their widths are Pango's.
"""

from array import array
from functools import cache
from typing import Any

from casework.pdf.stamp.markup import Unlike

_DECLARED = """
typedef ... hb_buffer_t; typedef ... hb_font_t; typedef ... hb_feature_t;
typedef const struct hb_language_impl_t *hb_language_t;
hb_buffer_t *hb_buffer_create (void); void hb_buffer_destroy (hb_buffer_t *);
void hb_buffer_clear_contents (hb_buffer_t *);
void hb_buffer_add_utf32 (hb_buffer_t *, const uint32_t *text, int length, unsigned int offset, int item_length);
void hb_buffer_set_direction (hb_buffer_t *, int); void hb_buffer_set_script (hb_buffer_t *, uint32_t);
void hb_buffer_set_language (hb_buffer_t *, hb_language_t); void hb_buffer_set_flags (hb_buffer_t *, int);
hb_language_t hb_language_from_string (const char *, int);
void hb_shape (hb_font_t *, hb_buffer_t *, const hb_feature_t *, unsigned int);
uint32_t *hb_buffer_get_glyph_infos (hb_buffer_t *, unsigned int *length);
int32_t *hb_buffer_get_glyph_positions (hb_buffer_t *, unsigned int *length);
hb_font_t *hb_font_reference (hb_font_t *);
"""
_LEFT_TO_RIGHT, _BEGINS_AND_ENDS_TEXT = 4, 3
_LATIN, _COMMON = (int.from_bytes(tag, "big") for tag in (b"Latn", b"Zyyy"))
_WORDS = 5  # 32-bit words of a glyph's record, and of its position


class Glyphs:
    """A text that was shaped: its glyphs from left to right."""

    __slots__ = ("advances", "bound", "clusters", "ids")

    def __init__(self, ids: list[int], advances: list[int], clusters: list[int], bound: list[int]) -> None:
        self.ids = ids
        self.advances = advances  # in 1,024ths of a pixel
        self.clusters = clusters  # which letter of the text each glyph begins with
        self.bound = bound  # odd where a text may not be cut before the glyph without shaping it anew


class Shaper:
    """Shapes text in one font at one size."""

    def __init__(self, font: Any, language: str) -> None:
        """`font` is a PangoFont that somebody else keeps."""
        from weasyprint.text.ffi import ffi as theirs
        from weasyprint.text.ffi import pango

        self._ffi, self._hb = _harfbuzz()
        pointer = int(theirs.cast("uintptr_t", pango.pango_font_get_hb_font(font)))
        self._font = self._hb.hb_font_reference(self._ffi.cast("hb_font_t *", pointer))
        self._language = self._hb.hb_language_from_string(language.lower().encode(), -1)
        self._buffer = self._ffi.gc(self._hb.hb_buffer_create(), self._hb.hb_buffer_destroy)
        self._length = self._ffi.new("unsigned int *")

    def shape(self, text: str) -> Glyphs:
        """The glyphs of a text. Raises Unlike for a glyph that is missing or does not stand on the line."""
        hb, buffer = self._hb, self._buffer
        hb.hb_buffer_clear_contents(buffer)
        hb.hb_buffer_set_direction(buffer, _LEFT_TO_RIGHT)
        hb.hb_buffer_set_script(buffer, _LATIN if any(map(str.isalpha, text)) else _COMMON)
        hb.hb_buffer_set_language(buffer, self._language)
        hb.hb_buffer_set_flags(buffer, _BEGINS_AND_ENDS_TEXT)
        letters = array("I", text.encode("utf-32-le"))
        hb.hb_buffer_add_utf32(
            buffer, self._ffi.from_buffer("uint32_t[]", letters), len(letters), 0, len(letters)
        )
        hb.hb_shape(self._font, buffer, self._ffi.NULL, 0)
        infos = hb.hb_buffer_get_glyph_infos(buffer, self._length)
        places = hb.hb_buffer_get_glyph_positions(buffer, self._length)
        count = self._length[0] * _WORDS
        info = memoryview(self._ffi.buffer(infos, count * 4)).cast("B").cast("I")
        place = memoryview(self._ffi.buffer(places, count * 4)).cast("B").cast("i")
        ids = info[0::_WORDS].tolist()
        if 0 in ids or any(place[2::_WORDS].tolist()) or any(place[3::_WORDS].tolist()):
            raise Unlike("a letter is missing from its font, or stands off its place")
        return Glyphs(ids, place[0::_WORDS].tolist(), info[2::_WORDS].tolist(), info[1::_WORDS].tolist())


@cache
def _harfbuzz() -> tuple[Any, Any]:
    """The HarfBuzz that WeasyPrint has loaded, with the functions that it does not use itself."""
    from cffi import FFI
    from weasyprint.text.ffi import _dlopen

    ffi = FFI()
    ffi.cdef(_DECLARED)
    names = (
        "libharfbuzz-0",
        "harfbuzz",
        "harfbuzz-0.0",
        "libharfbuzz.so.0",
        "libharfbuzz.0.dylib",
        "libharfbuzz-0.dll",
    )
    return ffi, _dlopen(ffi, *names)
