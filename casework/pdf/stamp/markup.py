"""A page of HTML taken apart: its skeleton of blocks, and the runs of text that stand in them.

Two letters with the same skeleton may differ in what stands in their blocks and in nothing else. Taking apart is cheap,
and so it knows little: what it does not know is `Unlike`, and that letter is printed by WeasyPrint.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

_HEAD = re.compile(r"(?s)\A(.*?<title>)(.*?)(</title>.*?<body\b[^>]*>)(.*)\Z")
_BLOCKS = (
    "p|h[1-6]|div|address|ul|ol|li|dl|dt|dd|section|article|main|header|footer|blockquote|figure|figcaption|table|thead"
    "|tbody|tfoot|tr|td|th|caption|hr|pre|form|fieldset|nav|aside|body|html"
)
_BLOCK_TAG = re.compile(rf"(</?(?:{_BLOCKS})\b[^>]*>)")
_ANY_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z][a-z0-9]*)")
_INLINE = {"strong", "b", "em", "i", "bdi", "span"}
_SPACE = re.compile("[ \t\n\r\f]+")
# Letters of Europe's Latin alphabets in one piece, figures, and the signs of plain prose.
LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    + "".join(map(chr, [*range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x149), *range(0x14A, 0x17F)]))
    + "ȘșȚțẀẁẂẃẄẅỲỳ"
)
SIGNS = "0123456789 .,:;!?'\"()-–—‘’“”&@£$€%+=#*/_[]…·"
_KNOWN = re.compile(f"[{re.escape(LETTERS + SIGNS)}]*")


class Unlike(Exception):
    """This letter is not provably like its fellows. What it says is why, in words."""


class TooLong(Unlike):
    """This letter surely takes more than one page."""


@dataclass(frozen=True)
class Run:
    """Text of one kind; or a line's end, whose text is empty."""

    kind: tuple[str, ...]  # the tags that it stands in, inside its block
    text: str
    inside: tuple[int, ...] = ()  # which of the tags of this block they are

    @property
    def ends_line(self) -> bool:
        """Whether this is the end of a line and no text."""
        return not self.text


LINE_END = Run(("<br>",), "")


@dataclass(frozen=True)
class Page:
    """A page taken apart."""

    skeleton: str
    title: str
    leaves: tuple[str, ...]  # what stands in each block that holds text, as HTML


def take_apart(html: str) -> Page:
    """The skeleton of a page and what stands in its blocks. Raises Unlike for a page of another make."""
    found = _HEAD.match(html)
    if not found:
        raise Unlike("the page has no title or no body")
    before, title, between, body = found.groups()
    if "<!--" in html or "<style" in html or "<script" in html:
        raise Unlike("the page carries a comment, styles or a program")
    pieces = _BLOCK_TAG.split(body.partition("</body>")[0])
    skeleton, leaves = [before, between], []
    for at in range(0, len(pieces), 2):
        text = pieces[at]
        if text and not text.isspace():
            if not _fills_a_block(pieces, at):
                raise Unlike("text stands beside blocks, in none of them")
            leaves.append(text)
            skeleton.append("¶")
        if at + 1 < len(pieces):
            skeleton.append(pieces[at + 1])
    title = unescape(title)
    if not title or title != " ".join(title.split(" ")) or not title.isprintable():
        raise Unlike("the title is empty, or has odd spaces")
    return Page("".join(skeleton), title, tuple(leaves))


def _fills_a_block(pieces: list[str], at: int) -> bool:
    if not 0 < at < len(pieces) - 1:
        return False
    opened, closed = pieces[at - 1], pieces[at + 1]
    return opened[1] != "/" and closed.startswith("</") and _NAME.match(opened)[1] == _NAME.match(closed)[1]  # type: ignore[index]


@lru_cache(maxsize=512)
def runs_of(leaf: str) -> tuple[Run, ...]:
    """The runs of text of a block, its white space collapsed. Raises Unlike for what this does not know."""
    found: list[Run] = []
    stack: list[tuple[str, int]] = []
    filled = True  # whether the tag that was opened last holds text
    for number, piece in enumerate(_ANY_TAG.split(leaf)):
        if number % 2 == 0:
            if piece:
                found.append(_run(piece, stack))
                filled = True
        elif piece == "<br>":
            if stack:
                raise Unlike("a line ends inside a stretch of other letters")
            found.append(LINE_END)
        elif piece.startswith("</"):
            if not stack or not filled or _name(stack.pop()[0]) != _name(piece):
                raise Unlike("a stretch of letters is empty, or its tags do not pair")
        elif _name(piece) in _INLINE:
            stack.append((piece, number))
            filled = False
        else:
            raise Unlike(f"the tag {piece.split()[0].strip('<>')} stands in the text")
    if stack:
        raise Unlike("a tag is not closed")
    return _without_lost_spaces(found)


def _run(text: str, stack: list[tuple[str, int]]) -> Run:
    text = _SPACE.sub(" ", unescape(text) if "&" in text else text)
    if not _KNOWN.fullmatch(text):
        raise Unlike("the text has signs that are shaped or broken by rules of their own")
    return Run(tuple(tag for tag, _ in stack), text, tuple(number for _, number in stack))


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""


def _without_lost_spaces(runs: list[Run]) -> tuple[Run, ...]:
    """The runs without the spaces with which a line would begin. Spaces that meet are too delicate."""
    kept: list[Run] = []
    for run in runs:
        before = kept[-1] if kept else LINE_END
        if run.ends_line:
            if before.text.endswith(" "):
                raise Unlike("a space stands before the end of a line")
        elif run.text[0] == " " and not before.ends_line and before.text[-1] == " ":
            raise Unlike("two spaces meet at the edge of a stretch of letters")
        elif before.ends_line:
            if run.kind and run.text[0] == " ":
                raise Unlike("a stretch of letters begins with a space, and so does its line")
            text = run.text.lstrip(" ")
            if not text:
                continue
            run = Run(run.kind, text, run.inside)
        kept.append(run)
    if not any(run.text for run in kept):
        raise Unlike("a block holds nothing but line ends")
    return tuple(kept)
