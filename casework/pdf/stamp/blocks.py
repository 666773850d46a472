"""What WeasyPrint made of the blocks of a page: where their lines stand, and which of them could move their fellows.

Each block that holds text stands below the one before it, so one more line pushes all that follows down by its height.
Where anything else could happen (floats, boxes with a height of their own, borders, headings that are linked to) the
block's number of lines is `fixed`: letters that differ in it are of two shapes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casework.pdf.stamp.breaking import Look
from casework.pdf.stamp.markup import Run, Unlike

# How text may be set for its lines to be plain arithmetic. Anything else is WeasyPrint's to print.
_PLAIN = {
    "direction": ("ltr",),
    "letter_spacing": ("normal",),
    "word_spacing": (0,),
    "text_transform": ("none",),
    "text_decoration_line": ("none",),
    "visibility": ("visible",),
    "hyphens": ("manual", "none"),
    "word_break": ("normal",),
    "vertical_align": ("baseline",),
    "position": ("static",),
    "text_overflow": ("clip",),
    "block_ellipsis": ("none",),
}
_ALIGNS = {"start": "start", "left": "start", "end": "end", "right": "end"}


@dataclass
class Block:
    """A block that holds lines of text."""

    box: Any
    x: float
    width: float
    align: str
    height: float  # of each line
    at: list[float]  # where the letters of each line stand
    texts: list[Any]  # the text boxes, as they are drawn
    fixed: bool
    looks: dict[tuple[str, ...], Look] = field(default_factory=dict)


@dataclass
class _Seen:
    blocks: list[Block] = field(default_factory=list)
    fixed: int = 0  # how many blocks, from the first, may have no other number of lines


@dataclass(frozen=True)
class Room:
    """How far the end of a letter may be pushed down."""

    surely: float  # and it stays on its page
    at_most: float  # or its last line leaves it


def blocks_of(document: Any) -> tuple[list[Block], Room]:
    """The blocks of a page that hold text, and how much room is left below them. Raises Unlike if it is not plain."""
    if len(document.pages) != 1:
        raise Unlike("the letter has more than one page")
    page = document.pages[0]._page_box
    seen = _Seen()
    root = next(child for child in page.children if child.element_tag == "html")
    _walk(root, seen, certain=True)
    for block in seen.blocks[: seen.fixed]:
        block.fixed = True
    bottom = page.content_box_y() + page.height
    last = seen.blocks[-1].box.children[-1] if seen.blocks else root
    room = Room(bottom - (root.position_y + root.margin_height()), bottom - (last.position_y + last.height))
    return seen.blocks, room


def _walk(box: Any, seen: _Seen, *, certain: bool) -> None:
    """Go through a block and those in it; `certain` says that one more line does no more than push down."""
    from weasyprint.formatting_structure import boxes

    if type(box) is not boxes.BlockBox:
        raise Unlike(f"the page holds a {type(box).__name__}")
    style = box.style
    if style["position"] != "static" or style["column_count"] != "auto" or style["column_width"] != "auto":
        raise Unlike("a block is placed apart, or set in columns")
    floats = [child for child in box.children if getattr(child, "is_floated", bool)()]
    if floats and (style["display"] != ("block", "flow-root") or len(floats) < len(box.children)):
        raise Unlike("text may flow round a float")
    if box.is_floated() and style["width"] == "auto":
        raise Unlike("a float is as wide as its text")
    certain = certain and not box.is_floated() and _grows(style)
    before = len(seen.blocks)
    if box.children and isinstance(box.children[0], boxes.LineBox):
        seen.blocks.append(_block(box))
    else:
        for child in box.children:
            _walk(child, seen, certain=certain)
    if not certain or _is_drawn(box) or style["bookmark_level"] != "none" or style["anchor"]:
        seen.fixed = max(seen.fixed, len(seen.blocks) if len(seen.blocks) > before or _is_drawn(box) else 0)


def _grows(style: Any) -> bool:
    from weasyprint.css.properties import INITIAL_VALUES

    return all(
        style[name] == INITIAL_VALUES[name] for name in ("height", "min_height", "max_height", "overflow")
    )


def _is_drawn(box: Any) -> bool:
    """Whether the box shows anything but what is in it."""
    style = box.style
    *_, background = style["background_color"]
    pictured = any(image[0] != "none" for image in style["background_image"])
    edges = any(getattr(box, f"border_{side}_width") for side in ("top", "right", "bottom", "left"))
    return bool(background or pictured or edges or style["outline_width"])


def _block(box: Any) -> Block:
    from weasyprint.formatting_structure import boxes

    style, lines = box.style, box.children
    if not all(isinstance(line, boxes.LineBox) for line in lines):
        raise Unlike("a block holds lines and more")
    if not lines[-1].height and not list(text_boxes(lines[-1])):
        lines = lines[:-1]  # nothing follows the last line's end
    if box.first_letter_style or box.first_line_style:
        raise Unlike("the first letter or line is set apart")
    indent = style["text_indent"]
    align, last = style["text_align_all"], style["text_align_last"]
    if align not in _ALIGNS or last not in ("auto", align) or getattr(indent, "value", indent):
        raise Unlike("a block is justified, centred or indented")
    texts = [text for line in lines for text in text_boxes(line)]
    if not texts:
        raise Unlike("a block shows no text")
    height = lines[0].height
    if any(abs(line.height - height) > 1e-9 for line in lines):
        raise Unlike("the lines of a block have different heights")
    at = [_baseline(line) for line in lines]
    if any(abs(y - at[0] - number * height) > 1e-9 for number, y in enumerate(at)):
        raise Unlike("the lines of a block stand at different distances")
    return Block(box, box.content_box_x(), box.width, _ALIGNS[align], height, at, texts, fixed=False)


def text_boxes(line: Any) -> Iterator[Any]:
    """The text boxes of a line. Raises Unlike if it holds anything but text and line ends."""
    from weasyprint.formatting_structure import boxes

    for child in line.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif type(child) is not boxes.InlineBox or child.margin_width() != child.width or _is_drawn(child):
            raise Unlike(f"a line holds a {type(child).__name__} with something round it")
        else:
            yield from text_boxes(child)


def _baseline(line: Any) -> float:
    places = [text.position_y + text.baseline for text in text_boxes(line)]
    if not places:
        raise Unlike("a line is empty")
    if max(places) - min(places) > 1e-9:
        raise Unlike("letters stand higher or lower than their fellows")
    return float(places[0])


def kinds_of(block: Block, runs: tuple[Run, ...]) -> dict[tuple[str, ...], Any]:
    """A text box for each kind of text in a block. Raises Unlike if the boxes are not those of the runs."""
    found: dict[tuple[str, ...], Any] = {}
    words = iter(run for run in runs if run.text)
    run, left = None, ""
    for box in block.texts:
        text = box.text.strip(" ")
        if not text:
            continue
        while not left:
            run = next(words, None)
            if run is None:
                raise Unlike("the page shows text that was not found in it")
            left = run.text.strip(" ")
        if run is None or not left.startswith(text):
            raise Unlike("the page does not show its text as it stands")
        left = left[len(text) :].lstrip(" ")
        found.setdefault(run.kind, box)
    if left or any(run.text.strip(" ") for run in words):
        raise Unlike("the page does not show all its text")
    return found


def check_plain(box: Any, block: Block, language: str) -> None:
    """Raise Unlike unless a text box is set so that its lines are plain arithmetic."""
    from weasyprint.text.line_break import strut

    style, own = box.style, block.box.style
    if style["lang"] != language or style["white_space"] not in ("normal", "nowrap"):
        raise Unlike("text is in another language, or keeps its spaces")
    for name, allowed in _PLAIN.items():
        if style[name] not in allowed:
            raise Unlike(f"text is set with {name.replace('_', '-')}")
    first = block.texts[0]
    heights = strut(style) == strut(own) and box.margin_height() == first.margin_height()
    if not heights or box.baseline != first.baseline or style["color"] != first.style["color"]:
        raise Unlike("letters of another height or colour stand in a line")
