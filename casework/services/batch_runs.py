"""A batch for everybody in a spreadsheet, begun in the terminal: the same file goes on with the same batch."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.batches import Order
from casework.domain.errors import CaseworkError
from casework.domain.sheet_columns import find_columns
from casework.domain.sheet_words import Field
from casework.domain.supporter_sheets import Checks, SheetRow, read_sheet
from casework.services import audit, batches
from casework.services.batch_choice import Choice, Who
from casework.services.contact_details import read_email, read_phone
from casework.services.sheet_files import read_sheets
from casework.services.supporters import add_sign_up, list_sign_ups
from casework.storage.database import db
from casework.storage.models import Batch, Case, SignUp, TeamMember, User

# Which column of the sheet is which of a supporter's.
_KEPT = {
    Field.NAME: "name",
    Field.POSTCODE: "postcode",
    Field.ADDRESS: "address",
    Field.EMAIL: "email",
    Field.PHONE: "phone",
    Field.LANGUAGES: "languages",
    Field.CONNECTION: "connection",
    Field.TO_MEMBER: "to_member",
    Field.TABLE: "table_name",
}


@dataclass(frozen=True)
class Run:
    """The batch of a spreadsheet, whether it was begun before, and what is wrong with which rows, in sentences."""

    batch: Batch
    goes_on: bool
    problems: tuple[str, ...]


def run_from(
    case: Case, key: str, content: bytes, *, order: Order, room_to_write: bool, because: str | None = None
) -> Run:
    """The batch of this kind for the people in this spreadsheet: begun before, or begun now.

    Somebody who is on the list of supporters already, by name and postcode, is not added again. Raises CaseworkError
    for a file that cannot be read, and as `batches.start_batch` does.
    """
    fingerprint = sha256(content).hexdigest()
    rows, problems = _rows_of(content)
    begun = batches.begun_from(case, key, fingerprint)
    if begun is not None:
        return Run(begun, True, problems)
    for sentence in batches.lacking(case, key):
        raise CaseworkError(sentence)
    actor = _somebody_of(case)
    signed_up = _sign_ups(case, rows)
    db.session.flush()
    choice = Choice(
        key,
        Who.TICKED,
        ticked=frozenset(one.id for one in signed_up),
        order=order,
        room_to_write=room_to_write,
    )
    batch = batches.start_batch(case, choice, actor, because=because, source_sha256=fingerprint)
    return Run(batch, False, problems)


def _rows_of(content: bytes) -> tuple[list[SheetRow], tuple[str, ...]]:
    table = read_sheets(content).table.rows
    sheet = read_sheet(table, find_columns(table), Checks(read_email, read_phone, clock.today()))
    problems = tuple(sentence for row in sheet.rows for sentence in row.sentences())
    return sheet.good, problems


def _sign_ups(case: Case, rows: Iterable[SheetRow]) -> list[SignUp]:
    """Everybody in these rows, each once: who is on the list already, and who is new on it."""
    known = {_who(one.supporter.name, one.supporter.postcode): one for one in list_sign_ups(case)}
    found: dict[int, SignUp] = {}
    new = 0
    for row in rows:
        details: dict[str, Any] = {_KEPT[name]: text for name, text in row.values.items() if name in _KEPT}
        who = _who(details["name"], details.get("postcode"))
        if who not in known:
            known[who] = add_sign_up(case, "import", details)
            new += 1
        found[id(known[who])] = known[who]
    if new:
        audit.record("supporters added from a spreadsheet", None, case, supporters=new)
    return list(found.values())


def _who(name: str, postcode: str | None) -> tuple[str, str]:
    return " ".join(name.casefold().split()), "".join((postcode or "").split()).upper()


def _somebody_of(case: Case) -> User:
    """In whose name the machine itself works: whoever opened the case, or else the first of its team."""
    query = select(User).join(TeamMember, TeamMember.user_id == User.id).where(TeamMember.case_id == case.id)
    found = db.session.scalar(query.order_by(TeamMember.id))
    if found is None:
        raise CaseworkError("Nobody works on this case. Put somebody on it first.")
    return found
