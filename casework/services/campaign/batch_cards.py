"""Postcards to the MPs of a batch: sheets of four for each of them, to be written by hand."""

import math
from collections import Counter

from casework import clock
from casework.domain.campaign.batches import Order
from casework.domain.errors import CaseworkError
from casework.domain.letters.letters import missing_in_blocks, missing_values, refuse_unfinished
from casework.services.campaign import batch_outputs
from casework.services.campaign.batch_printing import Pile
from casework.services.letters import disclosure, letter_checks, letter_pages
from casework.services.letters.letter_values import values_for
from casework.storage.models import Batch, User

TEMPLATE = "postcards"
ON_A_SHEET = 4


def lacking(batch: Batch) -> list[str]:
    """What the person has not agreed to and a card needs, which lies open; in sentences."""
    template = letter_pages.letters().template(TEMPLATE)
    return disclosure.lacking(batch.case, template.audience, template.tells)


def postcards(batch: Batch, actor: User | None) -> bytes:
    """As many sheets for each MP as there are letters to them, four cards to a sheet.

    Raises CaseworkError for what is not agreed to, and while no letter is made.
    """
    batch_outputs.refuse_beyond(batch)
    for sentence in lacking(batch):
        raise CaseworkError(sentence)
    rows = batch_outputs.in_order(batch, Order.CONSTITUENCY)
    pile, sheets = Pile("Postcards"), 0
    for gss_code, number in Counter(row.gss_code for row in rows).items():
        sheet = _sheet(batch, gss_code)
        for _ in range(math.ceil(number / ON_A_SHEET)):
            pile.add_pdf(sheet)
            sheets += 1
    batch_outputs.keep(batch, actor, "postcards", sheets)
    return pile.finished()


def _sheet(batch: Batch, gss_code: str) -> bytes:
    case, known = batch.case, letter_pages.letters()
    template = known.template(TEMPLATE)
    values = values_for(case, template, gss_code, {}, clock.today())
    blocks = known.prefill(TEMPLATE, letter_pages.for_words(case, template.audience, values))
    refuse_unfinished(missing_in_blocks(blocks) + missing_values(template, values))
    said = disclosure.say(case, template.audience, values, blocks)
    disclosure.refuse(said.taken_out | disclosure.beyond_level(case, template.audience, template.tells))
    pdf = letter_pages.printed(TEMPLATE, dict(said.blocks), said.values)
    letter_checks.refuse_overfull(template, pdf)
    return pdf
