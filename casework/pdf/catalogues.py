"""The catalogues of the papers' languages: PO files, read and written.

`letters/languages/texts.pot` lists every English text and on which papers it stands; `<code>.po` beside it holds one
language. A folder of the group's own may hold more, and what stands there wins, text by text.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from gettext import c2py
from io import StringIO
from pathlib import Path
from typing import Any

from casework.domain.cells import as_typed, harmless
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.language.languages import Catalogue, Language, State, Text

SOURCE = "texts.pot"
PAGES = "pages"  # the folder beside the papers’ with the words of the pages
_CHECKED = re.compile(r"checked by (.+) on (\d{4}-\d{2}-\d{2})")
_CSV = ("English", "Translation", "State", "Checked by", "Checked on")
_PO_ENDED = "This is no PO file that we can read. Export one here, change it, and send that."
# PO files are read line by line, and every one of these would end a line in the middle of a text.
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
Folders = Sequence[Path]


def known_languages(folders: Folders) -> list[Language]:
    """The languages that have a file in one of the folders, by their English names."""
    ours, *own = folders
    found = {file.stem: language for file in ours.glob("*.po") if (language := language_of(file))}
    for folder in own:  # which somebody may have written by hand
        found |= {file.stem: read.language for file in folder.glob("*.po") if (read := _read_if_whole(file))}
    return sorted(found.values(), key=lambda one: one.name)


def broken_files(folders: Folders) -> list[Path]:
    """The files of the folders that cannot be read, and so are passed over."""
    return [file for folder in folders for file in sorted(folder.glob("*.po")) if not _read_if_whole(file)]


def open_catalogue(code: str, folders: Folders, *, pages: bool = False) -> Catalogue:
    """A language with all texts of the papers; the last folder wins. Raises NotFound for a language without a file.

    With `pages` the words of the program's own pages come after them.
    """
    places = [folders[0], *([folders[0] / PAGES] if pages else ()), *folders[1:]]
    files = [folder / f"{code}.po" for folder in places]
    named = [file for file in files if re.fullmatch(r"[A-Za-z-]+", code) and file.exists()]
    there = tuple(read for file in named if (read := _read_if_whole(file)))
    if not there:
        raise NotFound("There is no such language here. Choose one from the list.")
    of_pages = _read_if_whole(folders[0] / PAGES / SOURCE) if pages else None
    return _opened(there, _read(folders[0] / SOURCE), of_pages)


@lru_cache(maxsize=64)
def _opened(there: "tuple[_Read, ...]", papers: "_Read", pages: "_Read | None") -> Catalogue:
    """The same, made again when a file of it says something else."""
    catalogue = Catalogue(there[-1].language, _with_pages(papers.texts, pages.texts if pages else ()))
    for one in there:
        catalogue = catalogue.with_texts(one.texts)
    return catalogue


def page_texts(folder: Path, papers: tuple[Text, ...] = ()) -> tuple[Text, ...]:
    """The texts of the papers and then those of the pages; what stands on both is one text."""
    of_pages = _read_if_whole(folder / PAGES / SOURCE)
    return _with_pages(papers, of_pages.texts if of_pages else ())


def _with_pages(papers: tuple[Text, ...], pages: tuple[Text, ...]) -> tuple[Text, ...]:
    found = {one.english: one for one in papers}
    for one in pages:
        old = found.get(one.english)
        found[one.english] = replace(old, papers=(*old.papers, *one.papers)) if old else one
    return tuple(found.values())


def texts_of(file: Path) -> tuple[Text, ...]:
    """The texts of one file. Raises CaseworkError that names the file when it cannot be read."""
    return _read(file).texts


def as_po(language: Language, texts: Iterable[Text]) -> str:
    """The texts as a PO file. A draft is marked fuzzy; who checked a text stands in its comment."""
    import polib

    file = polib.POFile(wrapwidth=110)
    file.metadata = {
        "Language": language.code,
        "X-English-Name": language.name,
        "X-Own-Name": language.own_name,
        "X-Script": language.script,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(language.code),
    }
    texts = list(texts)
    if not any(text.several for text in texts):
        del file.metadata["Plural-Forms"]
    for text in texts:
        file.append(_entry(text, number_of_forms(language.code)))
    return str(file)


def from_po(content: str) -> tuple[Language, tuple[Text, ...]]:
    """The language and the texts of a PO file. Raises CaseworkError when it is none."""
    import polib

    try:
        # polib takes a text without a line end for the name of a file, and would open it.
        file: Any = polib.pofile(f"#\n{content}\n")
    except (OSError, ValueError) as error:
        raise CaseworkError(_PO_ENDED, field="file") from error
    about = file.metadata
    names = ("Language", "X-English-Name", "X-Own-Name", "X-Script")
    language = Language(*(about.get(name, "") for name in names))
    return language, tuple(_text(entry) for entry in file if not entry.obsolete)


def plural_forms(code: str) -> str:
    """How a number chooses its form in this language, as gettext writes what CLDR says."""
    from babel import Locale, UnknownLocaleError
    from babel.messages.plurals import PLURALS, get_plural
    from babel.plural import to_gettext

    for known in (code.replace("-", "_"), code.partition("-")[0]):
        if known in PLURALS:  # as editors of PO files have it: CLDR adds a form for millions to some
            return str(get_plural(known)).rstrip(";") + ";"
    try:
        # CLDR asks of some how many noughts are said as a word, as in "2 million"; gettext has no sign for that.
        return re.sub(r"\be\b", "0", str(to_gettext(Locale.parse(code, sep="-").plural_form)))
    except (UnknownLocaleError, ValueError):
        return "nplurals=2; plural=(n != 1);"


@lru_cache(maxsize=64)
def number_of_forms(code: str) -> int:
    """How many forms a number can ask for in this language: 2 in Farsi, 6 in Arabic."""
    return int(re.search(r"nplurals=(\d+)", plural_forms(code))[1]) if code else 2  # type: ignore[index]


@lru_cache(maxsize=64)
def form_for(code: str) -> Callable[[int], int]:
    """Which of the forms a number takes in this language."""
    rule = re.search(r"plural=([^;]+)", plural_forms(code))
    return c2py(rule[1].strip()) if rule else (lambda number: int(number != 1))


def numbers_of_forms(code: str) -> list[list[int]]:
    """For each form a few numbers that take it, to show to whoever translates."""
    found: dict[int, list[int]] = defaultdict(list)
    for number in (*range(21), 25, 100, 101, 102, 103, 111, 1_000_000):
        found[form_for(code)(number)].append(number)
    return [found[form][:4] for form in range(number_of_forms(code))]


def as_csv(texts: Iterable[Text]) -> str:
    """The texts as a table for a spreadsheet: English, translation, state, who checked it and when."""
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(_CSV)
    for one in texts:
        checked_on = one.checked_on or ""
        rows.writerow([*map(harmless, (one.english, one.said, one.state.value, one.checked_by)), checked_on])
    return out.getvalue()


def from_csv(content: str) -> tuple[Text, ...]:
    """The texts of such a table. Raises CaseworkError when it is none."""
    try:
        rows = list(csv.DictReader(StringIO(content, newline=""), strict=True))
    except csv.Error as error:
        raise CaseworkError(f"This table cannot be read: {error}.", field="file") from error
    if not rows or not {"English", "Translation"} <= set(rows[0]):
        raise CaseworkError("The first line has to name the columns English and Translation.", field="file")
    return tuple(
        _checked(
            Text(as_typed(row["English"] or ""), said=_lines(as_typed((row["Translation"] or "").strip()))),
            as_typed(row.get("Checked by") or ""),
            row.get("Checked on") or "",
        )
        for row in rows
    )


def _entry(text: Text, forms: int) -> Any:
    import polib

    checked = text.state is State.CHECKED
    said = [*map(_on_one_line, text.forms), *[""] * forms][:forms]
    kinds = {"msgid_plural": text.several, "msgstr_plural": dict(enumerate(said))} if text.several else {}
    return polib.POEntry(
        msgid=text.english,
        msgstr="" if text.several else _lines(text.said),
        **kinds,
        occurrences=[(paper, "") for paper in text.papers],
        flags=["fuzzy"] if text.state is State.DRAFT else [],
        tcomment=f"checked by {_on_one_line(text.checked_by)} on {text.checked_on}" if checked else "",
    )


def _text(entry: Any) -> Text:
    papers = tuple(paper for paper, _ in entry.occurrences)
    said = entry.msgstr.strip()
    if entry.msgid_plural:
        forms = [_on_one_line(form) for _, form in sorted(entry.msgstr_plural.items())]
        said = "\n".join(forms) if any(forms) else ""
    text = Text(entry.msgid, papers, said, several=entry.msgid_plural)
    found = _CHECKED.search(_on_one_line(entry.tcomment))  # a long name is written on several lines
    return _checked(text, *found.groups()) if found and "fuzzy" not in entry.flags else text


def _checked(text: Text, name: str, day: str) -> Text:
    """The text with the speaker who checked it, where both the name and the day are given."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return text
    name = _on_one_line(name)[:200].strip()
    return replace(text, checked_by=name, checked_on=on) if name and text.said else text


def language_of(file: Path) -> Language | None:
    """The language that a file says it is in, read from its first lines alone; None where it says none."""
    try:
        stamp = file.stat()
    except OSError:
        return None
    return _headed(file, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=128)
def _headed(file: Path, _changed: int, _size: int) -> Language | None:
    with file.open(encoding="utf-8", errors="replace") as lines:
        head = lines.read(2_000)
    names = ("Language", "X-English-Name", "X-Own-Name", "X-Script")
    found = [re.search(rf'^"{name}: ([^"\\]+)\\n"', head, re.M) for name in names]
    return Language(*(one[1].strip() for one in found if one)) if all(found) else None


def _lines(text: str) -> str:
    """The text with one kind of line end."""
    return _LINE_ENDS.sub("\n", text)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, eq=False)
class _Read:
    """What a file says. Two that say the same are one and the same, wherever they lie."""

    language: Language
    texts: tuple[Text, ...]


def _read(file: Path) -> _Read:
    try:
        about = file.stat()
        return _parsed(file, about.st_mtime_ns, about.st_size)
    except (OSError, UnicodeDecodeError, CaseworkError) as error:
        raise CaseworkError(f"{file} cannot be read. Mend it, or take it away.") from error


def _read_if_whole(file: Path) -> _Read | None:
    """What a file says; None where it cannot be read, so that one broken file stops no paper and no page."""
    try:
        return _read(file)
    except CaseworkError:
        return None


@lru_cache(maxsize=64)
def _parsed(file: Path, _changed: int, _size: int) -> _Read:
    """What a file says; read again when it has changed."""
    return _said_in(file.read_text("utf-8"))


@lru_cache(maxsize=64)
def _said_in(content: str) -> _Read:
    return _Read(*from_po(content))
