"""A batch for everybody in a spreadsheet, begun in the terminal: the same file goes on with the same batch."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from casework.domain.campaign.batches import Order
from casework.domain.campaign.sheet_columns import find_columns
from casework.domain.campaign.supporter_sheets import SheetRow, read_sheet
from casework.domain.errors import CaseworkError
from casework.services.campaign import batch_choice, batches, imports
from casework.services.campaign.batch_choice import Choice, Who
from casework.services.campaign.import_adding import agreed, details_of
from casework.services.campaign.sheet_files import read_sheets
from casework.services.campaign.supporters import add_sign_up, list_sign_ups
from casework.services.case.likely_same import folded_name
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Batch, BatchLetter, Case, SignUp, TeamMember, User

WRITES_NOT = "They have not said that they will write to their MP."
READY_NOW = "They lacked something when this batch was begun. Make their letter with another batch."


@dataclass(frozen=True)
class Run:
    """The batch of a spreadsheet, whether it was begun before, and which rows have no letter and why, in sentences."""

    batch: Batch
    goes_on: bool
    problems: tuple[str, ...]


def run_from(
    case: Case, key: str, content: bytes, *, order: Order, room_to_write: bool, because: str | None = None
) -> Run:
    """The batch of this kind for the people in this spreadsheet: begun before, or begun now.

    Whoever is new with it is taken to have said that they will write, unless their row says no: who asks for letters
    for this very file says so. Somebody who is on the list of supporters already, by name and postcode, is not added
    again, and what they said stays. Raises CaseworkError
    for a file that cannot be read, and as `batches.start_batch` does.
    """
    fingerprint = sha256(content).hexdigest()
    rows, problems = _rows_of(content)
    batch = begun = batches.begun_from(case, key, fingerprint)
    if batch is None:
        for sentence in batches.lacking(case, key):
            raise CaseworkError(sentence)
    actor = _somebody_of(case)
    signed_up = _sign_ups(case, rows, add=begun is None)
    db.session.flush()
    ticked = frozenset(one.id for one in signed_up.values())
    choice = Choice(key, Who.TICKED, ticked=ticked, order=order, room_to_write=room_to_write)
    if batch is None:
        batch = batches.start_batch(case, choice, actor, because=because, source_sha256=fingerprint)
    return Run(batch, begun is not None, (*problems, *_left_out(batch, choice, signed_up)))


def _rows_of(content: bytes) -> tuple[list[SheetRow], tuple[str, ...]]:
    table = read_sheets(content).table.rows
    sheet = read_sheet(table, find_columns(table), imports.checks())
    problems = tuple(sentence for row in sheet.rows for sentence in row.sentences())
    return sheet.good, problems


def _sign_ups(case: Case, rows: Iterable[SheetRow], *, add: bool) -> dict[int, SignUp]:
    """Who is in these rows, by their numbers: those on the list already, and, with `add`, those who are new on it."""
    known = {_who(one.supporter.name, one.supporter.postcode): one for one in list_sign_ups(case)}
    found: dict[int, SignUp] = {}
    new = 0
    for row in rows:
        person, choices = details_of(imports.by_name(row.values), None, better_names=False)
        who = _who(person["name"], person["postcode"])
        if who not in known and add:
            known[who] = add_sign_up(case, "import", {**person, **agreed(choices, ["writes"])})
            new += 1
        if who in known:
            found[row.number] = known[who]
    if new:
        audit.record("supporters added from a spreadsheet", None, case, supporters=new)
    return found


def _left_out(batch: Batch, choice: Choice, signed_up: Mapping[int, SignUp]) -> Iterator[str]:
    """Why those of the spreadsheet who are in no letter of the batch are not, in sentences that name their rows."""
    letters = select(BatchLetter.sign_up_id).where(BatchLetter.batch_id == batch.id)
    has_letter = set(db.session.scalars(letters))
    chosen = batch_choice.choose(batch.case, choice)
    lacks = {one.sign_up.id: one.lacks for one in chosen.lacking}
    lacks |= {one.sign_up.id: one.wrote.words for one in chosen.asked if one.wrote}
    for number, one in signed_up.items():
        if one.id not in has_letter:
            yield f"Row {number}: {lacks.get(one.id) or (READY_NOW if one.writes else WRITES_NOT)}"


def _who(name: str, postcode: str | None) -> tuple[str, str]:
    return folded_name(name), "".join((postcode or "").split()).upper()


def _somebody_of(case: Case) -> User:
    """In whose name the machine itself works: whoever opened the case, or else the first of its team."""
    query = select(User).join(TeamMember, TeamMember.user_id == User.id).where(TeamMember.case_id == case.id)
    found = db.session.scalar(query.order_by(TeamMember.id))
    if found is None:
        raise CaseworkError("Nobody works on this case. Put somebody on it first.")
    return found
