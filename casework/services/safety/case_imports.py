"""A case that another group handed over: added here whole, with nothing changed but its numbers, or not at all."""

from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from casework.domain.case.cases import is_reference
from casework.domain.errors import CaseworkError
from casework.domain.said import names
from casework.domain.words import say
from casework.services.campaign import supporter_list
from casework.services.campaign.supporter_list import Wanted
from casework.services.case.timeline import timeline
from casework.services.consent import consent
from casework.services.letters import go_bags, letter_pages, letter_wordings, packs, papers, scan_checks
from casework.services.safety import audit
from casework.services.safety.case_adding import CaseAdding
from casework.services.safety.case_file_reading import STRANGE, read_case_file
from casework.services.safety.case_vocabulary import strange_words
from casework.services.timing import diary
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, User
from casework.storage.sealed_files import Opener


@dataclass(frozen=True)
class BroughtIn:
    """What became of a case that was brought in: the case, its reference there, and how much came with it.

    `earlier` are the cases here that may be the same: what came before from there by this reference, or has it here.
    """

    case: Case
    reference_there: str
    papers: int
    lines: int
    earlier: tuple[str, ...] = ()

    @property
    def says_of_earlier(self) -> str:
        """A sentence about those cases; empty where there are none."""
        if not self.earlier:
            return ""
        return say(
            "It may be here twice now: see {cases}. Compare them, and erase the one that is not needed. Until then a "
            "supporter may be in both. Who asks to be forgotten has to be taken off both.",
            cases=names(self.earlier),
        )


def bring_in(
    file: BinaryIO,
    opener: Opener,
    actor: User | None,
    *,
    same_names: bool = False,
    signed: str | None = None,
) -> BroughtIn:
    """The case in this file, added to this instance; the organisers alone work on it.

    With `same_names`, what somebody did there stands under the account here that has exactly their name. Raises
    CaseworkError with what is wrong with the file, and then nothing of it is here.
    """
    found, content = read_case_file(file, opener)
    if strange_words(found.rows) or not is_reference(found.rows["cases"][0]["reference"]):
        raise CaseworkError(STRANGE)
    adding, kept, folder = CaseAdding(found, actor, same_names), list[str](), ""
    earlier = _same_before(adding.reference)
    try:
        case = adding.add()
        folder = papers.folder_of(case)
        for name, paper in content:
            _look_over(paper)
            if not _is_kept(case, name):
                papers.keep(case, paper)
                kept.append(name)
        for one in found.wordings:
            _add_wording(one, adding.keeper)
        _rehearse(case)
        audit.record(
            "case brought in", actor, case, signed=signed, there=adding.reference, lines=len(found.trail),
            papers=len(kept),
        )  # fmt: skip
        db.session.commit()
    except BaseException as error:
        _take_back(folder)
        if isinstance(error, SQLAlchemyError | ArithmeticError | LookupError | ValueError | TypeError):
            raise CaseworkError(STRANGE) from None
        raise
    return BroughtIn(case, adding.reference, len(kept), len(found.trail), earlier)


def _same_before(reference_there: str) -> tuple[str, ...]:
    """The references of the cases here that came by this reference before, or that have it."""
    came = select(AuditEvent.case_id).where(
        AuditEvent.action == "case brought in", AuditEvent.facts["there"].as_string() == reference_there
    )
    same = select(Case.reference).where(or_(Case.id.in_(came), Case.reference == reference_there))
    return tuple(db.session.scalars(same.where(Case.binned_at.is_(None)).order_by(Case.id)))


def _look_over(paper: bytes) -> None:
    """Nothing for a paper that may be kept; otherwise raises CaseworkError."""
    if scan_checks.media_type_of(paper) is None:
        raise CaseworkError(STRANGE)
    scan_checks.look_for_viruses(paper, "file")


def _is_kept(case: Case, name: str) -> bool:
    """Whether this very paper is here already: then it is not ours to take back."""
    try:
        papers.read(case, name)
    except CaseworkError:
        return False
    return True


def _take_back(folder: str) -> None:
    """Leave nothing behind: the rows first, for a paper in the database is taken away with a commit of its own."""
    db.session.rollback()
    if folder:
        papers.take_back(folder)


def _add_wording(one: Any, keeper: User) -> None:
    if isinstance(key := one.get("key"), str):
        letter_wordings.add_from_elsewhere(key, one.get("entry"), one.get("words"), keeper)


def _rehearse(case: Case) -> None:
    """Ask for everything that pages show of this case. Raises CaseworkError when something of it cannot be shown."""
    try:
        letter_pages.own_view_of(case)
        timeline(case)
        diary.open_entries_of(case)
        consent.list_authorities(case)
        packs.list_packs(case)
        for bag in go_bags.list_bags(case):
            "; ".join(bag.contents)  # titles, and nothing else
        supporter_list.page_of(case, Wanted())
    except CaseworkError:
        raise
    except Exception:
        raise CaseworkError(STRANGE) from None
