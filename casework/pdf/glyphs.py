"""Which characters this machine cannot draw in the font of their script, lest a letter goes out full of boxes."""

import unicodedata

from casework.domain.parliament.scripts import language_tag, runs
from casework.pdf.fonts import LATIN, can_draw, font_for

_DRAWS_NOTHING = {"Zs", "Zl", "Zp", "Cf"}  # spaces and the invisible marks that steer direction and joining
_PLAIN = {"\n", "\t", "\r"}


def unprintable(text: str, languages: str = "") -> list[str]:
    """The characters of the text that would print as empty boxes, each once, in order.

    Each script is looked for in the font that the papers name for it, and `languages` says, in words or as a tag,
    which language Arabic letters stand for. What has no script of its own may come from any font.
    Raises SettingsError when the machine cannot say which fonts it has.
    """
    found: dict[str, None] = {}
    for run in runs(text):
        tag = languages if languages == "ur" else language_tag(run.script, languages)
        font = font_for(run.script, tag) if run.script else None
        families = (font.family, LATIN) if font else ()
        found.update(dict.fromkeys(sign for sign in run.text if not _is_drawn(sign, families)))
    return list(found)


def _is_drawn(sign: str, families: tuple[str, ...]) -> bool:
    if sign in _PLAIN or unicodedata.category(sign) in _DRAWS_NOTHING:
        return True
    return can_draw(sign, *families)
