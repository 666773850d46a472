"""The papers of a case as a list shows them: what each is called, and which are handed out no more."""

from typing import Any

from casework import clock
from casework.services import disclosure, letter_pages, letters, recall
from casework.storage.models import Case


def letter_list(case: Case) -> dict[str, Any]:
    """What `letters/_papers.html` takes."""
    rows, kinds = letters.list_letters(case), letter_pages.letters().templates.values()
    agreement = disclosure.agreement_on(case, clock.today())
    return {
        "letters": rows,
        "kinds": {one.key: one.title for one in kinds},
        "sheets": {one.key for one in kinds if one.sheet},
        "recalled": {row.id for row in rows if row.issued_at and recall.told_beyond(row, agreement)},
    }
