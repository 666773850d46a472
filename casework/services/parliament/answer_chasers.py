"""The letter that goes back to an answer: to which MP, and drafted from what the answer left open."""

from casework import clock
from casework.domain.errors import CaseworkError
from casework.services import saving
from casework.services.beside import laid_beside
from casework.services.letters import letter_pages, letter_readers, letter_signers, letters
from casework.services.parliament import answers
from casework.services.parliament.answer_gaps import open_questions
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import AnswerMap, Case, Correspondence, Letter, User

TEMPLATE = "answer-chase"
HIDDEN = (
    "This answer is hidden from some of the team, and everybody who reads the story sees a draft. So nothing of it is "
    "filled into a letter. Write one yourself, and say no more than you want them to know."
)


def member_to_chase(paper: Correspondence, read: AnswerMap) -> str | None:
    """The constituency of the MP through whom the answer came: of the answer, else of the letters it answers."""
    chain = (paper, *(one.paper for one in laid_beside(paper, read)))
    return next((one.gss_code for one in chain if one.gss_code), None)


def chaser_of(read: AnswerMap) -> Letter | None:
    """The letter that was drafted from this map; None where there is none, or it was thrown away or made void."""
    letter = read.chaser
    return None if letter is None or letter.discarded_at or letter.voided_at else letter


def draft_chaser(case: Case, paper_id: int, gss_code: str | None, actor: User) -> tuple[Letter, bool]:
    """A draft with what this answer leaves open, and whether it is new: one that is begun already is given back.

    Raises CaseworkError where nothing is left open, no MP is chosen, or the answer is hidden from some of the team.
    """
    read = answers.get_map(case, paper_id)
    begun = chaser_of(read)
    if begun is not None and begun.issued_at is None:
        return begun, False
    if read.hidden:
        raise CaseworkError(HIDDEN)
    if not open_questions(read, clock.today()):
        raise CaseworkError("Nothing is left open, so there is nothing to ask again.")
    template = letter_pages.letters().template(TEMPLATE)
    letter_readers.check_reader(template, gss_code)
    facts = letter_signers.first_facts(case, template, None, actor) | {"chases": paper_id}
    read.chaser = letters.add_draft(case, template, actor, facts, gss_code=gss_code)
    db.session.flush()
    audit.record("answer chased", actor, case, letter=paper_id, draft=read.chaser.id)
    saving.commit(letters.SAVED_MEANWHILE)
    return read.chaser, True
