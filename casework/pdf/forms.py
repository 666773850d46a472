"""The fields of a form that is filled in on a screen, put right where WeasyPrint leaves something out.

Each program draws what was typed or ticked by itself, from what the field says of its letters. WeasyPrint 70 says
nothing for a tick, so some programs draw none, and a fixed size for words, so that long ones are cut off.
"""

import re
from collections.abc import Iterator
from typing import Any

_INK = b"0.114 0.125 0.129 rg"  # the colour of the text in letter.css
_TICK = "4"  # a tick in ZapfDingbats, by which programs know it
# Its picture, in thousandths of the size of the letter. Not every program has ZapfDingbats, so ours travels along.
_DRAWN = b"800 0 60 0 740 700 d1 60 330 m 170 440 l 310 280 l 630 700 l 740 610 l 320 0 l h f"
_SIZE = re.compile(rb"[\d.]+ Tf")
_TWO_LINES = 26  # points: a field as tall as this takes more than one
_MULTILINE = 1 << 12


def finish_forms(pdf: Any) -> None:
    """Ticks that every program draws dark, and words that shrink, or wrap where there is room, till they fit."""
    import pydyf

    fields = list(_fields(pdf))
    if any(one["FT"] == "/Btn" for one in fields):
        _add_ticks(pdf)
    for one in fields:
        if one["FT"] == "/Btn":
            one["DA"] = pydyf.String(b"/ZaDb 0 Tf " + _INK)
            one["MK"] = pydyf.Dictionary({"CA": pydyf.String(_TICK)})
        elif one["FT"] == "/Tx":
            one["DA"] = pydyf.String(_SIZE.sub(b"0 Tf", one["DA"].string))
            if abs(one["Rect"][3] - one["Rect"][1]) > _TWO_LINES:
                one["Ff"] = _MULTILINE


def _fields(pdf: Any) -> Iterator[Any]:
    for one in pdf.objects:
        if isinstance(one, dict) and one.get("Subtype") == "/Widget":
            yield one


def _add_ticks(pdf: Any) -> None:
    """Give the fields a font of their own, beside those of the pages, in which the one letter is a tick."""
    import pydyf

    drawn = pydyf.Stream([_DRAWN])
    pdf.add_object(drawn)
    font = pydyf.Dictionary({
        "Type": "/Font", "Subtype": "/Type3", "Name": "/ZaDb", "Resources": pydyf.Dictionary(),
        "FontBBox": pydyf.Array([0, 0, 800, 700]), "FontMatrix": pydyf.Array([0.001, 0, 0, 0.001, 0, 0]),
        "CharProcs": pydyf.Dictionary({"a20": drawn.reference}),
        "Encoding": pydyf.Dictionary({"Type": "/Encoding", "Differences": pydyf.Array([ord(_TICK), "/a20"])}),
        "FirstChar": ord(_TICK), "LastChar": ord(_TICK), "Widths": pydyf.Array([800]),
    })  # fmt: skip
    pdf.add_object(font)
    used = pdf.objects[int(pdf.catalog["AcroForm"]["DR"].split()[0])]
    pdf.objects[int(used["Font"].split()[0])]["ZaDb"] = font.reference
