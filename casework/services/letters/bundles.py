"""Bundles: the letters of a batch to one MP on their way, printed, signed, handed over, each with its number."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select

from casework import clock
from casework.domain.campaign.batches import LetterState, refuse_more
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.domain.parliament.new_members import NewMember
from casework.services import saving
from casework.services.campaign import batch_outputs
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament.directory import directory, member_name_on
from casework.services.parliament.members import new_member_since
from casework.services.safety import audit
from casework.services.timing.effects import Effects
from casework.storage.database import db
from casework.storage.models import Batch, BatchLetter, Bundle, User


class Step(StrEnum):
    """What happens to a bundle, in this order."""

    PRINTED = "printed"
    SIGNED = "signed"
    HANDED_OVER = "handed_over"

    @property
    def words(self) -> str:
        """The step in words."""
        return self.value.replace("_", " ")


STEPS = tuple(Step)
COUNTED_MEANWHILE = "Somebody else counted these at the same moment. Look at the numbers once more."


@dataclass(frozen=True)
class Way:
    """A bundle with where it goes, and how many letters it has.

    `new_member`: that somebody else sits there, or nobody, than when these letters were made.
    """

    bundle: Bundle
    constituency: str
    member: str
    made: int
    new_member: NewMember | None = None

    def number(self, step: Step) -> int | None:
        """How many, as far as somebody wrote it down."""
        found: int | None = getattr(self.bundle, step)
        return found

    @property
    def next_step(self) -> Step | None:
        """What comes next; None when all is done."""
        return next((step for step in STEPS if self.number(step) is None), None)


def ways_of(batch: Batch) -> list[Way]:
    """The bundles of a batch by the name of the constituency."""
    query = select(BatchLetter.gss_code, func.count()).where(
        BatchLetter.batch_id == batch.id, BatchLetter.state == LetterState.MADE
    )
    made = {row[0]: row[1] for row in db.session.execute(query.group_by(BatchLetter.gss_code))}
    found = [
        Way(
            one,
            directory().constituency(one.gss_code).name,
            member_name_on(one.gss_code, clock.today()),
            made.get(one.gss_code, 0),
            None if one.handed_over else new_member_since(one.gss_code, clock.day_of(batch.made_at)),
        )
        for one in batch.bundles
    ]
    return sorted(found, key=lambda one: one.constituency)


def way_of(batch: Batch, gss_code: str) -> Way:
    """The bundle for one MP. Raises NotFound."""
    for one in ways_of(batch):
        if one.bundle.gss_code == gss_code:
            return one
    raise NotFound("There are no letters to this MP in this batch.")


def count(way: Way, step: Step, number: int, on: date, by: str, version: int, actor: User) -> None:
    """Write down how many were printed, signed or handed over, by whom and when.

    Handing over enters one letter out into the file, with the day to chase the answer. Raises CaseworkError for more
    than there were before, and once they were handed over.
    """
    bundle, batch = way.bundle, way.bundle.batch
    if bundle.version != version:
        raise OutOfDate("Somebody else counted these at the same moment. Look at the numbers once more.")
    if bundle.handed_over is not None:
        raise CaseworkError(
            "These were handed over already. The number stays as it was written down.", field="number"
        )
    if number < 1:
        raise CaseworkError("Type how many: 1 or more.", field="number")
    _refuse_too_many(way, step, number)
    if on > clock.today():
        raise CaseworkError("This day has not come yet. Check the date.", field="on")
    for name, value in ((step.value, number), (f"{step}_on", on), (f"{step}_by", by)):
        setattr(bundle, name, value)
    if step is Step.HANDED_OVER:
        batch_outputs.refuse_beyond(batch)
        bundle.correspondence_id = _into_file(way, number, on, actor)
    audit.record(f"letters {step.words}", actor, batch.case, batch=batch.id, letters=number)
    saving.commit(COUNTED_MEANWHILE)


def count_all(batch: Batch, step: Step, by: str, actor: User) -> int:
    """Write down of every bundle that waits for this step that all of it was done today; how many letters those are.

    Only for printing and signing: each MP is handed theirs on a day of its own. Raises CaseworkError for that, and
    where nothing waits.
    """
    if step is Step.HANDED_OVER:
        raise CaseworkError("Write down for each MP when theirs were handed over.")
    before = STEPS.index(step) - 1
    number, today = 0, clock.today()
    for way in ways_of(batch):
        all_of_it = way.made if before < 0 else way.number(STEPS[before])
        if all_of_it and way.next_step is step:
            for name, value in ((step.value, all_of_it), (f"{step}_on", today), (f"{step}_by", by)):
                setattr(way.bundle, name, value)
            number += all_of_it
    if not number:
        raise CaseworkError(f"Nothing waits to be written down as {step.words}.")
    audit.record(f"letters {step.words}", actor, batch.case, batch=batch.id, letters=number)
    saving.commit(COUNTED_MEANWHILE)
    return number


def _refuse_too_many(way: Way, step: Step, number: int) -> None:
    if step is Step.PRINTED:
        why = refuse_more(way.made, number, "made", "printed")
        after = way.bundle.signed
    else:
        before = STEPS[STEPS.index(step) - 1]
        why = refuse_more(way.number(before), number, before.words, step.words)
        after = way.bundle.handed_over if step is Step.SIGNED else None
    if not why and after is not None and number < after:
        why = f"{after:,} were signed already, so fewer cannot be {step.words}. Check both numbers."
    if why:
        raise CaseworkError(why, field="number")


def _into_file(way: Way, number: int, on: date, actor: User) -> int:
    """One letter out for the whole bundle, which starts the day to chase the answer."""
    case = way.bundle.batch.case
    letters = f"{number:,} letter{'' if number == 1 else 's'}"
    paper = NewPaper(
        Kind.US_TO_MEMBER,
        gss_code=way.bundle.gss_code,
        recipient=way.member,
        sent_on=on,
        summary=f"{letters} from constituents, handed over",
    )
    return correspondence.add_paper(case, paper, actor, Effects(case, actor)).id
