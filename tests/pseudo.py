"""A language that nobody speaks, made of the English by itself: what stays English on a page is seen at once.

Every letter of it has a mark, it is longer by four tenths as German or Tamil are, and values stand in ⸨ ⸩ in it. One
is written from left to right, one from right to left, one has dates of its own. They are put into the folder of the
group's own languages, and never shipped.
"""

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from casework.domain.language.languages import Language, Text
from casework.domain.words import parts_of
from casework.pdf import catalogues
from casework.settings import resource_dir

FOLDER = resource_dir("letters") / "languages"
PSEUDO = Language("zxx", "Pseudo", "Þšéûðö", "Latn")
MIRRORED = Language("art", "Pseudo, mirrored", "Þšéûðö ⇄", "Arab")
# One that CLDR knows, and writes without Latin letters: a date that a page says by itself is seen among its own.
DATED = Language("el", "Pseudo, with dates", "Þšéûðö ▦", "Latn")
_MARKED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àƀçđéƒğĥîĵķłɱñöþɋŕšţûṽŵẋýžÀƁÇĐÉƑĞĤÎĴĶŁṀÑÖÞɊŔŠŢÛṼŴẊÝŽ",
)
_WORDS = re.compile(r"[A-Za-z][A-Za-z’'-]{2,}")
_FILLED_IN = re.compile(r"\{\w+\}")
SAID_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-label")
# Ends an attribute and begins a tag, wherever a page takes a translation for more than words.
HOSTILE = '"<B>'
WITHOUT_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


def said(english: str) -> str:
    """The message in the language that nobody speaks."""
    made = "".join(_part(kind, text) for kind, text in parts_of(english))
    return f"[{made}{' ẋ' * max(1, round(len(english) * 0.2))}{HOSTILE}]"


def _part(kind: str, text: str) -> str:
    if kind == "value":
        return f"⸨{{{text}}}⸩"
    if kind == "text":
        return text.translate(_MARKED)
    return f"<{'/' * (kind == 'close')}{text}>"


def speak_it(instance: Path) -> None:
    """Put them into the folder of the group's own."""
    folder = instance / "letters" / "languages"
    folder.mkdir(parents=True, exist_ok=True)
    for code, file in _files().items():
        (folder / f"{code}.po").write_text(file, "utf-8")


@cache
def _files() -> dict[str, str]:
    texts = [
        _text(one) for one in catalogues.page_texts(FOLDER, catalogues.texts_of(FOLDER / catalogues.SOURCE))
    ]
    made = catalogues.as_po(PSEUDO, texts)
    return {PSEUDO.code: made, MIRRORED.code: _headed(made, MIRRORED), DATED.code: _headed(made, DATED)}


def _headed(file: str, other: Language) -> str:
    """The same file as that of another of these languages."""
    for was, now in (
        (PSEUDO.code, other.code), (PSEUDO.script, other.script), (PSEUDO.own_name, other.own_name)
    ):  # fmt: skip
        file = file.replace(f": {was}\\n", f": {now}\\n", 1)
    return file


def _text(one: Text) -> Text:
    forms = [said(one.english), *([said(one.several)] if one.several else [])]
    return replace(one, said="\n".join(forms), papers=())


class _English(HTMLParser):
    """Reads a page, and keeps the texts in it that say nowhere that they are English."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _is_english(self) -> bool:
        return any(english for _, english in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_other = (
            given.get("lang") not in (None, PSEUDO.code, MIRRORED.code, DATED.code)
            or given.get("translate") == "no"
        )
        quiet = tag in ("script", "style", "time") or is_other  # dates are of CLDR, which does not know it
        if not self._is_english and not is_other:
            self.found += [
                said or "" for name, said in attrs if name in SAID_ATTRIBUTES or name.startswith("data-say-")
            ]
        if tag not in WITHOUT_END:
            self._open.append((tag, quiet and tag != "html"))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_english:
            self.found.append(data)


def texts_of(page: str) -> list[str]:
    """The texts of a page that say nowhere that they are in another language."""
    reader = _English()
    reader.feed(page)
    return [text.strip() for text in reader.found if text.strip()]


def english_in(page: str, data: set[str]) -> list[str]:
    """Those with a word in them that is neither of this language nor one of the data."""
    return english_among(texts_of(page), data)


def english_among(texts: list[str], data: set[str]) -> list[str]:
    """The same of texts that were read from a page. What a script fills in is a name between braces, and no word."""
    return [
        text
        for text in texts
        if any(word.lower().strip("’'-") not in data for word in _WORDS.findall(_FILLED_IN.sub("", text)))
    ]


def words_of(texts: list[str]) -> set[str]:
    """The words of these texts, as `english_in` compares them."""
    return {word.lower().strip("’'-") for text in texts for word in _WORDS.findall(text)}
