"""What leaves a batch: one PDF in the order asked for, one for an MP, single letters, a zip; no more than agreed."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from io import BytesIO
from itertools import groupby

from sqlalchemy import select

from casework.domain.campaign.batches import LetterState, Order, Placed, order_key
from casework.domain.campaign.supporters import table_words
from casework.domain.case.likeness import folded
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.letter_readers import address_lines
from casework.pdf import lay_out
from casework.pdf.batch_sheets import Sheet, labels_html, sheet_html
from casework.services.campaign import batches
from casework.services.campaign.batch_printing import Pile, SheetPress, one_pdf
from casework.services.case.latin import to_latin
from casework.services.letters import letter_pages
from casework.services.letters.letter_readers import addressed
from casework.services.safe_csv import to_csv
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Batch, BatchLetter, BatchShape, User

NO_COPY = (
    "The person has agreed to less since these letters were made, so no copy is handed out any more. What is left of "
    "the batch stands still. Make a new one of what they agree to now."
)
NOTHING_MADE = "No letter of this batch is made yet."
_CHUNK = 200
_NO_NAME = re.compile("[^a-z0-9]+")


class Labels(StrEnum):
    """For which envelopes."""

    MPS = "mps"
    LETTERS = "letters"
    SIGNERS = "signers"


def refuse_beyond(batch: Batch) -> None:
    """Nothing while all that the letters tell is agreed to; otherwise raises CaseworkError: no copy goes out."""
    if batches.told_beyond(batch):
        raise CaseworkError(NO_COPY)


def print_file(
    batch: Batch, actor: User | None, *, order: Order | None = None, gss_code: str | None = None
) -> bytes:
    """All letters that are made as one PDF in this order, or those to one MP, with a sheet before each heap.

    Raises CaseworkError once they tell more than is agreed to, and while none is made.
    """
    refuse_beyond(batch)
    order = order or Order(batch.order_by)
    rows = in_order(batch, order, gss_code)
    pile = Pile("Letters")
    pile.open_shapes(_exemplars(batch))
    press = SheetPress(letter_pages.letters().css)
    for number, (sheet, heap) in enumerate(_heaps(rows, order, names_of(batch)), 1):
        if not gss_code:
            pile.add_pdf(press.print(sheet_html(sheet, number)))
        for piece, shape_id in _pieces(heap):
            pile.add_letter(piece, shape_id)
    keep(batch, actor, "print file", len(rows))
    return pile.finished()


def letter_pdf(row: BatchLetter) -> bytes:
    """One letter as a PDF of its own. Raises NotFound for one that is not made."""
    if row.state != LetterState.MADE or row.piece is None:
        raise NotFound("This letter is not made.")
    return one_pdf(row.piece, row.shape.exemplar if row.shape else None)


def one_letter(batch: Batch, position: int, actor: User) -> bytes:
    """One letter of a batch, handed out. Raises as `print_file` does, and NotFound."""
    refuse_beyond(batch)
    row = db.session.scalar(
        select(BatchLetter).where(
            BatchLetter.batch_id == batch.id, BatchLetter.position == position, batches.not_stopping()
        )
    )
    if row is None:
        raise NotFound("There is no such letter in this batch.")
    pdf = letter_pdf(row)
    keep(batch, actor, "one letter", 1)
    return pdf


def zipped(batch: Batch, actor: User | None) -> bytes:
    """Every letter as a PDF of its own in a zip. The names of the files name constituencies and numbers, and nobody."""
    refuse_beyond(batch)
    rows = in_order(batch, Order(batch.order_by))
    names = names_of(batch)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as folder:
        for row in rows:
            folder.writestr(file_name(names[row.gss_code], row.position), letter_pdf(row))
            db.session.expunge(row)
    keep(batch, actor, "zip", len(rows))
    return out.getvalue()


def file_name(constituency: str, position: int) -> str:
    """ "leeds-south-0007.pdf"."""
    return f"{slug(constituency)}-{position:04}.pdf"


def slug(name: str) -> str:
    """ "leeds-south"."""
    return _NO_NAME.sub("-", folded(name, apart=False).text).strip("-")


def in_order(batch: Batch, order: Order, gss_code: str | None = None) -> list[BatchLetter]:
    """The letters that are made and there, in this order. Raises CaseworkError while there is none.

    Of a supporter who stopped nothing is there.
    """
    query = select(BatchLetter).where(
        BatchLetter.batch_id == batch.id,
        BatchLetter.state == LetterState.MADE,
        BatchLetter.piece.is_not(None),
        batches.not_stopping(),
    )
    if gss_code:
        query = query.where(BatchLetter.gss_code == gss_code)
    rows = list(db.session.scalars(query))
    if not rows:
        raise CaseworkError(NOTHING_MADE)
    names, key = names_of(batch), order_key(order)
    return sorted(
        rows, key=lambda row: key(Placed(to_latin(row.signer), names[row.gss_code], row.table_name))
    )


def names_of(batch: Batch) -> dict[str, str]:
    """The names of its constituencies by their codes."""
    return batches.seats_of(batch)


def _heaps(
    rows: Sequence[BatchLetter], order: Order, names: dict[str, str]
) -> Iterator[tuple[Sheet, list[BatchLetter]]]:
    """The letters in heaps, each with its sheet: one for each MP, for each table, or a single one."""
    if order is Order.SURNAME:
        yield Sheet("All letters", "in the order of the surnames", len(rows)), list(rows)
    elif order is Order.TABLE:
        for table, heap in groupby(rows, key=lambda row: row.table_name or ""):
            here = list(heap)
            name = table_words(table)
            yield (
                Sheet(
                    name or "No table",
                    f"letters to sign {'at this' if name else 'without a'} table",
                    len(here),
                ),
                here,
            )
    else:
        for code, heap in groupby(rows, key=lambda row: row.gss_code):
            here = list(heap)
            yield Sheet(names[code], f"for {here[0].member_name}", len(here)), here


def _pieces(rows: Sequence[BatchLetter]) -> Iterator[tuple[bytes, int | None]]:
    """What is kept of these letters, read a few hundred at a time."""
    for at in range(0, len(rows), _CHUNK):
        ids = [row.id for row in rows[at : at + _CHUNK]]
        query = select(BatchLetter.id, BatchLetter.piece, BatchLetter.shape_id).where(BatchLetter.id.in_(ids))
        found = {row.id: row for row in db.session.execute(query)}
        for one in ids:
            yield found[one].piece, found[one].shape_id


def _exemplars(batch: Batch) -> list[tuple[int, bytes]]:
    query = select(BatchShape.id, BatchShape.exemplar).where(BatchShape.batch_id == batch.id)
    return [(row.id, row.exemplar) for row in db.session.execute(query)]


def keep(batch: Batch, actor: User | None, what: str, letters: int) -> None:
    """Keep in the trail that letters were handed out."""
    audit.record(
        "letters of a batch handed out", actor, batch.case, batch=batch.id, what=what, letters=letters
    )
    db.session.commit()


def labels(batch: Batch, what: Labels, actor: User | None) -> bytes:
    """Labels for envelopes, 21 to a sheet. Raises as `print_file` does, and when nobody has an address."""
    refuse_beyond(batch)
    rows = in_order(batch, Order(batch.order_by))
    if what is Labels.SIGNERS:
        found = [lines for row in rows if (lines := _home_of(row))]
    else:
        offices = {row.gss_code: address_lines(addressed(row.gss_code, batch.dated)) for row in rows}
        found = [offices[row.gss_code] for row in rows] if what is Labels.LETTERS else list(offices.values())
    if not found:
        raise CaseworkError("Nobody among them has an address.")
    pdf = lay_out(labels_html(found, "Labels"), letter_pages.letters().css).written()
    keep(batch, actor, f"labels for {what}", len(found))
    return pdf


def _home_of(row: BatchLetter) -> tuple[str, ...]:
    supporter = row.sign_up.supporter if row.sign_up else None
    if supporter is None or not (supporter.address or "").strip():
        return ()
    lines = [line.strip() for line in (supporter.address or "").splitlines() if line.strip()]
    return (supporter.name, *lines, *filter(None, (supporter.postcode,)))


def signers_csv(batch: Batch, actor: User | None) -> bytes:
    """Who signs which letter to whom, as a table for a spreadsheet. Raises CaseworkError as `print_file` does."""
    refuse_beyond(batch)
    rows = db.session.scalars(
        select(BatchLetter)
        .where(BatchLetter.batch_id == batch.id, batches.not_stopping())
        .order_by(BatchLetter.position)
    ).all()
    names, title = names_of(batch), batches.template_of(batch).title
    head = ("Number", "Who signs", "Table", "Constituency", "MP", "Letter", "State", "What it needs")
    table = [
        (
            row.position,
            row.signer,
            row.table_name,
            names[row.gss_code],
            row.member_name,
            title,
            row.state,
            row.reason,
        )
        for row in rows
    ]
    keep(batch, actor, "list of signers", len(rows))
    return to_csv(head, table)
