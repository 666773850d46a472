"""Letters of a batch on paper: small pieces that are kept, and the PDFs that are made of them again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from casework.pdf import lay_out
from casework.services.letters import letter_checks

if TYPE_CHECKING:
    from casework.pdf.stamp import Shape


def _stamp() -> Any:
    """The press, loaded when the first letter is made: no other page waits for it."""
    from casework.pdf import stamp

    return stamp


@dataclass(frozen=True)
class Made:
    """A letter that was printed: what is kept of it, and the shape that it needs."""

    piece: bytes
    shape: "Shape | None"
    sha256: str
    pages: int


class BatchPress:
    """Prints the letters of one batch; most are stamped from a letter that was printed before. For one thread."""

    def __init__(self, css: str) -> None:
        self._css = css
        self._press = _stamp().Press(css)
        self._shapes: dict[str, Shape] = {}
        self.refused: dict[str, str] = {}

    def print(self, roomy: str, snug: Callable[[], str]) -> Made:
        """The letter, set a little closer where that saves a page.

        Raises CaseworkError for one that could not be read aloud or kept.
        """
        printed = self._press.print(roomy)
        if printed.pages > 1:
            closer = self._press.print(snug())
            printed = closer if closer.pages < printed.pages else printed
        self.refused = dict(self._press.refused)
        is_new = printed.shape not in self._shapes  # the others are the same but for their words
        shape = self._shape(printed.shape) if printed.stamped else None
        if is_new:
            letter_checks.refuse_faulty(_stamp().pdf_of(printed.piece, shape))
        return Made(printed.piece, shape, fingerprint(printed.piece, shape), printed.pages)

    def print_whole(self, roomy: str, snug: Callable[[], str]) -> Made:
        """The same without stamping, for a letter whose shape was refused elsewhere."""
        laid = lay_out(roomy, self._css)
        if laid.pages > 1:
            closer = lay_out(snug(), self._css)
            laid = closer if closer.pages < laid.pages else laid
        pdf = laid.written()
        letter_checks.refuse_faulty(pdf)
        return Made(pdf, None, fingerprint(pdf, None), laid.pages)

    def _shape(self, key: str) -> "Shape":
        if key not in self._shapes:
            self._shapes = dict(self._press.shapes)
        return self._shapes[key]


def fingerprint(piece: bytes, shape: "Shape | None") -> str:
    """SHA-256 of all that a letter is made of, the key of its shape among it."""
    return sha256((shape.key.encode() if shape else b"") + piece).hexdigest()


def one_pdf(piece: bytes, exemplar: bytes | None) -> bytes:
    """A letter that was made, as a PDF of its own."""
    pdf: bytes = _stamp().pdf_of(piece, _stamp().open_shape(exemplar) if exemplar else None)
    return pdf


class Pile:
    """One tagged PDF of many letters and the sheets between them, with their fonts once."""

    def __init__(self, title: str) -> None:
        self._out = BytesIO()
        self._file = _stamp().PrintFile(self._out, title)
        self._shapes: dict[int, Shape] = {}

    def open_shapes(self, exemplars: Iterable[tuple[int, bytes]]) -> None:
        """Make these shapes known by their ids."""
        self._shapes = {key: _stamp().open_shape(exemplar) for key, exemplar in exemplars}

    def add_letter(self, piece: bytes, shape_id: int | None) -> None:
        """Put a letter on the pile."""
        self._file.add(piece, self._shapes[shape_id] if shape_id else None)

    def add_pdf(self, pdf: bytes) -> None:
        """Put a sheet on the pile."""
        self._file.add_pdf(pdf)

    def finished(self) -> bytes:
        """The PDF. Raises ValueError for a pile on which nothing lies."""
        self._file.finish()
        return self._out.getvalue()


class SheetPress:
    """Prints the sheets between the letters: one look, other words."""

    def __init__(self, css: str) -> None:
        self._press = _stamp().Press(css, share=0)

    def print(self, html: str) -> bytes:
        """The sheet as a PDF."""
        printed = self._press.print(html)
        shape = self._press.shapes[printed.shape] if printed.stamped else None
        pdf: bytes = _stamp().pdf_of(printed.piece, shape)
        return pdf
