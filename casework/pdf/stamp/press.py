"""The press: many letters of one stylesheet, each the same page that WeasyPrint would make.

WeasyPrint prints the first letter of each shape. The others have their lines broken and their glyphs found here, and
put where WeasyPrint put those of the first. What is not certain to be the same goes to WeasyPrint, and is said.
"""

import random
import re
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from zlib import compress

import pikepdf

from casework.pdf.stamp.blocks import blocks_of
from casework.pdf.stamp.breaking import Look, UnknownKind, lines_of
from casework.pdf.stamp.drawing import Drawing, Setting, read_drawing
from casework.pdf.stamp.exemplar import Exemplar, Faces, print_whole
from casework.pdf.stamp.letter import Own
from casework.pdf.stamp.markup import Page, Run, TooLong, Unlike, runs_of, take_apart
from casework.pdf.stamp.shape import Shape, make_shape, opened
from casework.pdf.stamp.tags import read_tags, word_of

_TRIES = 3  # letters of one skeleton that are looked at before it is left to WeasyPrint
_MOST = 200  # skeletons of one batch, and shapes of one skeleton
_KEPT = 256  # settings of one block, for those that stand in many letters
_INLINE = r"(?:strong|b|em|i|bdi|span|br|\*)"
_BY_PLACE = re.compile(
    rf"(?:^|[\s>,}}+~]){_INLINE}(?:[.#\[][^\s{{,:]*)?:(?!lang\()|[+~(]\s*{_INLINE}\b", re.MULTILINE
)


@dataclass(frozen=True)
class Printed:
    """A letter that was printed."""

    stamped: bool
    why: str  # it was not stamped
    shape: str  # the key of the shape that it was stamped from
    piece: bytes  # what is its own; the whole PDF if it was not stamped
    pages: int


@dataclass
class _Block:
    """What is known of a block in all letters of one skeleton."""

    width: float
    looks: dict[tuple[str, ...], Look]

    def __post_init__(self) -> None:
        self.set = lru_cache(maxsize=_KEPT)(self._set)

    def learn(self, looks: dict[tuple[str, ...], Look]) -> None:
        """Know more kinds of text."""
        self.looks = {**looks, **self.looks}

    def _set(self, html: str) -> Setting:
        runs = runs_of(html)
        lines = lines_of(runs, self.looks, self.width)
        return Setting(lines, word_of(runs, lines), sum(map(len, lines)))


@dataclass
class _Skeleton:
    """All letters with one skeleton."""

    blocks: list[_Block] = field(default_factory=list)
    fixed: int = 0
    stamps: dict[tuple[int, ...], tuple[Drawing, Shape]] = field(default_factory=dict)
    tries: int = 0
    refused: str = ""


class Press:
    """Prints many letters made from one stylesheet. It is for one thread."""

    def __init__(self, css: str, *, share: float = 0.01, seed: int | None = None) -> None:
        """`share` of the stamped letters, drawn by lot, are printed by WeasyPrint too and compared."""
        self._css = css
        self._share = share
        self._lot = random.Random(seed)  # noqa: S311 which are compared is no secret
        self._faces = Faces()
        self._skeletons: dict[str, _Skeleton] = {}
        self._by_place = bool(_BY_PLACE.search(re.sub(r"(?s)/\*.*?\*/", "", css)))
        self._last: tuple[str, Exemplar] | None = None  # the page that WeasyPrint printed last
        self.shapes: dict[str, Shape] = {}  # those that letters were stamped from so far, by their keys
        self.compared = 0
        self.refused: dict[str, str] = {}  # shapes whose letters must be printed again, and why

    def print(self, html: str, closer: str = "") -> Printed:
        """The letter, as `lay_out(html, css).written()` would print it.

        `closer` is the same letter set closer, which is printed instead if that saves a page.
        """
        try:
            try:
                return self._stamp(html)
            except TooLong:
                if closer:
                    return self._stamp(closer)
                raise
        except Unlike as unlike:
            return self._slow(html, closer, str(unlike))
        finally:
            self._last = None

    def _slow(self, html: str, closer: str, why: str) -> Printed:
        roomy = self._whole(html, why)
        if roomy.pages == 1 or not closer:
            return roomy
        try:
            snug = self._stamp(closer)
        except Unlike as unlike:
            snug = self._whole(closer, str(unlike))
        return snug if snug.pages < roomy.pages else roomy

    def _whole(self, html: str, why: str) -> Printed:
        exemplar = self._exemplar(html)
        return Printed(False, why, "", exemplar.whole, exemplar.laid.pages)

    def _exemplar(self, html: str) -> Exemplar:
        """The page as WeasyPrint prints it, once."""
        if self._last is None or self._last[0] != html:
            self._last = (html, print_whole(html, self._css))
        return self._last[1]

    def _stamp(self, html: str) -> Printed:
        if self._by_place:
            raise Unlike("the stylesheet sets stretches of text by their place")
        page = take_apart(html)
        skeleton = self._skeletons.setdefault(page.skeleton, _Skeleton())
        if skeleton.refused or len(self._skeletons) > _MOST:
            self._skeletons = dict(list(self._skeletons.items())[:_MOST])
            raise Unlike(skeleton.refused or "the batch has too many makes of page")
        blocks = self._blocks(html, page, skeleton)
        counts = tuple(len(one.lines) for one in blocks[: skeleton.fixed])
        if counts not in skeleton.stamps:
            if len(skeleton.stamps) >= _MOST:
                raise Unlike("the batch has too many shapes")
            drawing, shape = self._make(self._exemplar(html), page, blocks)
            skeleton.stamps[counts] = drawing, self.shapes.setdefault(shape.key, shape)
        drawing, shape = skeleton.stamps[counts]
        content = drawing.filled(blocks)
        self._compare(html, content, skeleton)
        headings = tuple(_text(runs_of(page.leaves[one.block])) for one in opened(shape).headings)
        own = Own(page.title, tuple(one.word for one in blocks), headings, compress(content))
        return Printed(True, "", shape.key, own.packed(), 1)

    def _blocks(self, html: str, page: Page, skeleton: _Skeleton) -> list[Setting]:
        """The blocks of a page, set in lines; what is new in them is learned from WeasyPrint."""
        if skeleton.blocks:
            try:
                return self._set(skeleton, page)
            except UnknownKind:
                pass
        self._learn(self._exemplar(html), page, skeleton)
        return self._set(skeleton, page)

    def _set(self, skeleton: _Skeleton, page: Page) -> list[Setting]:
        if len(page.leaves) != len(skeleton.blocks):
            raise Unlike("the page has other blocks than its fellows")
        return [block.set(leaf) for block, leaf in zip(skeleton.blocks, page.leaves, strict=True)]

    def _learn(self, exemplar: Exemplar, page: Page, skeleton: _Skeleton) -> None:
        """Look at how WeasyPrint printed a letter of this skeleton."""
        runs = [runs_of(leaf) for leaf in page.leaves]
        if exemplar.laid.pages > 1:
            raise TooLong("the letter has more than one page")
        try:
            blocks, *_ = blocks_of(exemplar.laid.document)
            if len(blocks) != len(runs):
                raise Unlike("the page has other blocks than its HTML")
            looks = [self._faces.learn(exemplar, *one) for one in zip(blocks, runs, strict=True)]
        except Unlike as unlike:
            skeleton.tries += 1
            if skeleton.tries >= _TRIES:
                skeleton.refused = str(unlike)
            raise
        if not skeleton.blocks:
            skeleton.blocks = [_Block(block.width, {}) for block in blocks]
            skeleton.fixed = sum(block.fixed for block in blocks)
        for block, known in zip(skeleton.blocks, looks, strict=True):
            block.learn(known)

    def _make(self, exemplar: Exemplar, page: Page, blocks: list[Setting]) -> tuple[Drawing, Shape]:
        """A new shape, from a letter that WeasyPrint printed. Raises Unlike if it cannot be made again from it."""
        document = exemplar.laid.document
        found, room = blocks_of(document)
        drawing = read_drawing(exemplar.content, found, exemplar.drawn, room)
        if drawing.filled(blocks) != exemplar.content:
            raise Unlike("the first letter of the shape could not be made again")
        self._faces.serve_all(document)
        marks = {id(text): at for at, block in enumerate(found) for text in block.texts}
        owner = {mark: marks[id(box)] for mark, box in exemplar.drawn.items() if id(box) in marks}
        with pikepdf.open(BytesIO(exemplar.laid.written())) as pdf:
            if pdf.pages[0].Contents.read_bytes() != exemplar.content:
                raise Unlike("the first letter of the shape needs fonts of its own")
            tags, words = read_tags(pdf, owner)
            if [words[at] for at in range(len(blocks))] != [one.word for one in blocks]:
                raise Unlike("the tags of the first letter of the shape could not be made again")
            texts = [_text(runs_of(leaf)) for leaf in page.leaves]
            shape = make_shape(pdf, tags, tuple(place.block for place in drawing.places), texts)
        return drawing, shape

    def _compare(self, html: str, content: bytes, skeleton: _Skeleton) -> None:
        """Print a letter by WeasyPrint too, if the lot falls on it or that was done already.

        If it is another, all letters of this skeleton are left to WeasyPrint.
        """
        printed_already = self._last is not None and self._last[0] == html
        if not printed_already:
            if self._lot.random() >= self._share:
                return
            self.compared += 1
        exemplar = self._exemplar(html)
        if exemplar.laid.pages != 1 or exemplar.content != content:
            skeleton.refused = "a letter of this shape was compared with WeasyPrint’s, and was another"
            self.refused |= {shape.key: skeleton.refused for _, shape in skeleton.stamps.values()}
            raise Unlike(skeleton.refused)


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs).strip()
