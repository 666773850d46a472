"""The letters: which there are, their words filled in from a case, and the page that carries them."""

import copy
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import (
    DictLoader,
    FileSystemLoader,
    StrictUndefined,
    Template,
    select_autoescape,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from casework.domain.case.pronouns import pronouns
from casework.domain.consent.publicity import Kind
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.language.languages import Catalogue
from casework.domain.letters.disclosure import NOT_SAID, marked
from casework.domain.letters.letter_readers import greeting, salutation, window_lines
from casework.domain.letters.letter_values import LetterValues
from casework.domain.letters.letters import LetterTemplate, Wording
from casework.domain.room_to_write import drawn
from casework.pdf import LaidOut, lay_out
from casework.pdf.compiled import Compiled
from casework.pdf.letter_blocks import SHARED, as_file, split_blocks, without_import
from casework.pdf.letter_index import read_sample, read_templates
from casework.pdf.letter_shapes import FILTERS
from casework.pdf.letter_text import (
    cleaned,
    in_latin,
    lines_of,
    long_date,
    needed,
    paragraphs,
    short_date,
    text_of_page,
    text_to_html,
    upfirst,
    with_stop,
)
from casework.pdf.letter_words import shared_sentences

LARGE_PRINT = (16, 20)  # the smallest text in points
ROOM_LINES = 2  # ruled lines for each sentence that the signer writes by hand
LONGEST_FILLED = 10_000  # characters of one block, once it is filled in, and as people go on with it

_ONE_THING_A_LINE = {"enclosures", "promises", "situation", "people", "calm", "avoid"}
_BARE, _AT_ROOM = re.compile(r"<p>\s*</p>"), re.compile("\\s*(\ue010[^\ue011]*\ue011)\\s*")
_WITHHELD = re.compile('<s class="withheld" data-kind="([^"]+)">')
_COMPILED, _COMPILED_OF_GROUPS = Compiled(), Compiled()  # one for each kind of environment


class Letters:
    """The letters of one folder: `index.toml`, a text file of words each, layouts and a stylesheet."""

    def __init__(
        self, folder: Path, wordings: Iterable[Wording] = (), retired: Iterable[str] = frozenset()
    ) -> None:
        """`wordings` are the group's own letters, checked; `retired` the keys that are not offered any more."""
        self.folder = folder
        self._beside: Catalogue | None = None
        self._fillable = False
        self._index = _read_index(folder)
        self.wordings = {one.template.key: one for one in wordings}
        self.retired = frozenset(retired)
        own = {key: one.template for key, one in self.wordings.items()}
        self.templates: dict[str, LetterTemplate] = {**read_templates(self._index), **own}
        filters = {"date": short_date, "day": long_date, "needed": needed, "with_stop": with_stop}
        filters |= {"upfirst": upfirst, "cleaned": cleaned}
        self._jinja = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            bytecode_cache=_COMPILED,
        )
        self._jinja.filters.update(filters)
        self._jinja.tests["in_latin"] = in_latin
        self._groups = self._for_words_of_the_group(filters)

    def with_wordings(self, wordings: Iterable[Wording], retired: Iterable[str] = frozenset()) -> "Letters":
        """The letters of the same folder, with these of the group's in place of its own and beside them."""
        return Letters(self.folder, wordings, retired)

    def source(self, name: str) -> str:
        """A file of the folder, as it is written."""
        return (self.folder / name).read_text("utf-8")

    def words(self, key: str) -> dict[str, str]:
        """The words of each block as they are edited: with names in braces where values are filled in."""
        template = self.template(key)
        if key in self.wordings:
            return {name: without_import(text) for name, text in self.wordings[key].words.items()}
        if not template.blocks:
            return {}
        written = split_blocks(self.source(f"{key}.txt"))
        return {name: without_import(written[name][0]) if name in written else "" for name in template.blocks}

    def template(self, key: str) -> LetterTemplate:
        """The letter of this key. Raises NotFound for any other key."""
        if key not in self.templates:
            raise NotFound("There is no such letter. Choose one from the list.")
        return self.templates[key]

    def printed_with(self, beside: Catalogue | None, *, fillable: bool = False) -> "Letters":
        """The same letters, printed with a language beside the English, or as forms to fill in on a screen.

        A letter that knows no second language is printed as it is.
        """
        other = copy.copy(self)
        other._beside, other._fillable = beside, fillable
        return other

    def prefill(self, key: str, values: LetterValues) -> dict[str, str]:
        """The letter's blocks of plain text, filled from the values; what is not known stands in [brackets].

        Raises CaseworkError, with its block, where words of the group's cannot be filled from these values.
        """
        template = self.template(key)
        if not template.blocks:
            return {}
        if key in self.wordings:
            return {name: self._filled(key, name, values) for name in template.blocks}
        words = self._jinja.get_template(f"{key}.txt")
        names = _names(values)
        return {name: _block_text(words, name, names) for name in template.blocks}

    def _filled(self, key: str, name: str, values: LetterValues) -> str:
        """One block of words of the group's. They were checked, and are mistrusted all the same."""
        try:
            text = _block_text(self._groups.get_template(f"{key}.txt"), name, _names(values))
        except Exception as error:  # whatever it is, it is the words that are wrong
            raise CaseworkError(f"these words cannot be filled in: {error}", field=name) from None
        if len(text) > LONGEST_FILLED:
            raise CaseworkError("these words become too long once they are filled in", field=name)
        return text

    def _for_words_of_the_group(self, filters: Mapping[str, Any]) -> ImmutableSandboxedEnvironment:
        """Where words of the group's are filled in: no globals, no tests, these filters, no file but the one shared."""
        shared = self.source(SHARED) if self.wordings else ""
        names = shared_sentences(shared)
        texts = {f"{key}.txt": as_file(one.words, names) for key, one in self.wordings.items()}
        closed = ImmutableSandboxedEnvironment(
            loader=DictLoader({**texts, SHARED: shared}),
            autoescape=False,
            undefined=StrictUndefined,
            bytecode_cache=_COMPILED_OF_GROUPS,
        )
        closed.globals.clear()
        closed.tests.clear()
        known = {**closed.filters, **filters}
        closed.filters.clear()
        closed.filters.update({name: known[name] for name in FILTERS})
        return closed

    def render_html(
        self,
        key: str,
        blocks: Mapping[str, str],
        values: LetterValues,
        *,
        snug: bool = False,
        size: int | None = None,
    ) -> str:
        """The whole page as HTML with its styles. What people wrote is escaped: it is a value, never template source.

        `size` is one of LARGE_PRINT, or None for the size of the letter. Any other raises CaseworkError.
        """
        look = _large(size) if size else "snug" if snug else ""
        return self._page(key, blocks, values, look, self.css)

    def taken_out(self, key: str, blocks: Mapping[str, str], values: LetterValues) -> frozenset[Kind]:
        """The kinds of fact that stand on the page as "no consent to say this"."""
        return frozenset(Kind(found) for found in _WITHHELD.findall(self.render_html(key, blocks, values)))

    def printed_text(self, key: str, blocks: Mapping[str, str], values: LetterValues) -> str:
        """Every word that the page would show, without its marks: to look for what cannot be printed."""
        return text_of_page(self.render_html(key, blocks, values))

    def page(self, key: str, blocks: Mapping[str, str], values: LetterValues, *, snug: bool = False) -> str:
        """The page as HTML without the stylesheet, which is the same for all: for whoever prints many of them."""
        return self._page(key, blocks, values, "snug" if snug else "")

    def pdf(
        self,
        key: str,
        blocks: Mapping[str, str],
        values: LetterValues,
        *,
        size: int | None = None,
        note: str = "",
    ) -> bytes:
        """The PDF: on one page where the text allows it. It is set a little closer if that saves a page.

        In large print (`size`, one of LARGE_PRINT) it takes the pages that it needs. `note` stands above it. Any other
        size raises CaseworkError.
        """
        if size:
            return self._laid_out(key, blocks, values, _large(size), note).written()
        roomy = self._laid_out(key, blocks, values, "", note)
        if roomy.pages == 1:
            return roomy.written()
        snug = self._laid_out(key, blocks, values, "snug", note)
        return (snug if snug.pages < roomy.pages else roomy).written()

    def sample(self, key: str, own: Mapping[str, Any] | None = None) -> LetterValues:
        """Invented values with which this letter can be tried; `own` says some of them otherwise."""
        wording = self.wordings.get(self.template(key).key)
        if wording is None:
            return read_sample(self._index, key, own)
        return wording.sample or read_sample(self._index, wording.like)

    def wording_hash(self, key: str) -> str:
        """SHA-256 of the words, layout and styles of a letter, to know later from which it was made."""
        template = self.template(key)
        files = [template.layout, "base.html", "letter.css"]
        own = ""
        if template.blocks:
            files.append(SHARED)
        if key in self.wordings:
            own = as_file(self.wordings[key].words, ())
        elif template.blocks:
            files.append(f"{key}.txt")
        digest = hashlib.sha256()
        for name in dict.fromkeys(files):
            digest.update((self.folder / name).read_bytes())
        digest.update(own.encode())
        return digest.hexdigest()

    def _laid_out(
        self, key: str, blocks: Mapping[str, str], values: LetterValues, look: str, note: str = ""
    ) -> LaidOut:
        return lay_out(self._page(key, blocks, values, look, note=note), self.css, fillable=self._fillable)

    @property
    def css(self) -> str:
        """The stylesheet of every paper."""
        return (self.folder / "letter.css").read_text("utf-8")

    def _page(
        self,
        key: str,
        blocks: Mapping[str, str],
        values: LetterValues,
        look: str,
        css: str = "",
        note: str = "",
    ) -> str:
        """The page of a letter. Its stylesheet is the same for all, so the printer is given it apart, read once."""
        template = self.template(key)
        printed = partial(text_to_html, languages=values.person.languages)
        layout = self._jinja.get_template(template.layout)
        page = layout.render(
            **_names(values),
            template=template,
            css=Markup(css),  # noqa: S704 our own file
            look=look,
            note=note,
            title=" ".join(cleaned(blocks.get("subject", "")).split()) or template.title,
            block={name: paragraphs(blocks.get(name, ""), printed) for name in template.blocks},
            lines={name: lines_of(blocks.get(name, ""), printed) for name in template.blocks},
            window=window_lines(template, values),
            greeting=greeting(template, values),
            script=printed,
            beside=self._beside if template.two_languages else None,
            stacked="large" in look,
            fillable=self._fillable,
            next_number=count(1).__next__,
        )
        head, body, rest = page.partition("</head>")
        return marked(head) + body + _with_lines(marked(rest, _withheld))


@lru_cache(maxsize=4)
def _read_index(folder: Path) -> dict[str, Any]:
    with (folder / "index.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def open_letters(folder: Path) -> Letters:
    """The letters of a folder, read once in a process."""
    return Letters(folder)


def _large(size: int) -> str:
    if size not in LARGE_PRINT:
        raise CaseworkError(
            f"Large print comes in {' and '.join(map(str, LARGE_PRINT))} point.", field="size"
        )
    return f"large large--{size}"


def _withheld(kind: Kind) -> str:
    return f'<s class="withheld" data-kind="{kind}">{NOT_SAID}</s>'


def _with_lines(html: str) -> str:
    """The page with ruled lines in place of each mark for them: blocks of their own, between the paragraphs."""
    with_room = drawn(_AT_ROOM.sub(r"\1", html), lambda what: f"</p>{_ruled(what)}<p>")
    return _BARE.sub("", with_room) if with_room != html else html


def _ruled(what: str) -> str:
    """Lines on which the signer writes by hand, under what belongs there."""
    line = '<div class="write"></div>'
    return f'<p class="write__what">{upfirst(what)}:</p>{line * ROOM_LINES}'


def _names(values: LetterValues) -> dict[str, Any]:
    """The names that a template may use: each part of the values, and what follows from them."""
    member = values.member
    return {
        **{name: getattr(values, name) for name in values.__dataclass_fields__},
        "they": pronouns(values.person.pronouns, values.person.name),
        "salutation": salutation(member.name, member.address_as, member.family_name),
        "values": values,
    }


def _block_text(words: Template, name: str, names: dict[str, Any]) -> str:
    """One block of the words. The line ends of the file are taken out; ¶ parts paragraphs."""
    if name not in words.blocks:
        return ""
    filled = "".join(words.blocks[name](words.new_context(names)))
    if name in _ONE_THING_A_LINE:
        return "\n".join(line.strip() for line in filled.splitlines() if line.strip())
    return "\n\n".join(" ".join(part.split()) for part in filled.split("¶") if part.strip())
