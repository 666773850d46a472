"""The papers of a case as a list shows them: what each is called, and which are handed out no more."""

from collections.abc import Sequence
from typing import Any

from casework import clock
from casework.domain.consent.publicity import Agreement
from casework.domain.errors import NotFound
from casework.services.case import homes
from casework.services.consent import agreements, recall, staying, telling_mps
from casework.services.consent.need_to_know import all_places
from casework.services.letters import letter_checks, letter_pages, letters
from casework.services.parliament import members
from casework.storage.models import Case, CasePlace, Letter
from casework.web.guards import reads_story


def is_for(letter: Letter) -> bool:
    """Whether whoever is signed in may see this letter: what tells the story is for those who may read that."""
    template = letter_pages.letters().templates.get(letter.template)
    return reads_story() or (template is not None and not template.tells_the_story)


def letter_or_404(case: Case, letter_id: int, *, even_gone: bool = False) -> Letter:
    """One of the letters of this case that whoever is signed in may see. Raises NotFound."""
    letter = letters.get_letter(case, letter_id, even_gone=even_gone)
    if not is_for(letter):
        raise NotFound("There is no such letter in this case.")
    return letter


def letter_list(
    case: Case, agreement: Agreement | None = None, places: Sequence[CasePlace] | None = None
) -> dict[str, Any]:
    """What `letters/_papers.html` takes.

    `agreement` is that of today and `places` are all of the case, hidden ones too, where they were asked for already.
    """
    kinds = letter_pages.letters().templates.values()
    rows = [row for row in letters.list_letters(case) if is_for(row)]
    agreed = agreement or agreements.agreement_on(case, clock.today())
    said = staying.Said(telling_mps.word_of(case, clock.today()), lambda: agreed)
    return {
        "letters": rows,
        "home_hidden": not rows and homes.is_home_hidden(case, clock.today(), places),
        "new_members": {row.id: members.new_member_for(row) for row in rows if not row.issued_at},
        "moved": _moved(case, rows, places),
        "kinds": {one.key: one.title for one in kinds},
        "sheets": {one.key for one in kinds if one.sheet},
        "recalled": {row.id for row in rows if row.issued_at and recall.told_beyond(row, agreed)},
        "stays": {row.id: why.because for row in rows if not row.voided_at and (why := said.of_letter(row))},
    }


def _moved(case: Case, rows: Sequence[Letter], places: Sequence[CasePlace] | None) -> dict[int, str]:
    """Which of the drafts are for where the person is no more, and what to say of it."""
    drafts = [row for row in rows if not row.issued_at]
    if drafts and places is None:
        places = all_places(case)
    return {row.id: letter_checks.not_there_any_more(row, places) for row in drafts}
