"""What an answer leaves open, as a letter is told of it: our questions, its own words, and what was promised."""

from datetime import date
from typing import Any

from casework.domain.letters.correspondence import Kind
from casework.domain.letters.letter_values import Answer, LeftOpen
from casework.domain.parliament.answers import SIGNED_BY, Asked, Finality, Found, Signer
from casework.services.parliament import answers
from casework.storage.models import AnswerMap, Case

# What makes a blank to fill, strong words or a new paragraph in a letter: a quotation is never read so.
PLAIN = str.maketrans({"[": "(", "]": ")", "*": "", "¶": ""})


def left_open(case: Case, paper_id: int | None, today: date) -> dict[str, Any]:
    """The values of a letter that goes back to an answer; empty for every other letter."""
    if paper_id is None:
        return {}
    read = answers.get_map(case, paper_id)
    found = open_questions(read, today)
    from_home_office = read.paper.kind == Kind.HOME_OFFICE_RESPONSE
    return {
        "answer": Answer(
            dated=answers.answered_on(read.paper),
            from_home_office=from_home_office,
            is_holding=read.finality == Finality.HOLDING,
            signed_by=SIGNED_BY.get(Signer(read.signed_by), "") if read.signed_by else "",
        ),
        "dodged": tuple(_as_value(one) for one in found if one.reading.found is Found.DODGED),
        "wrong": tuple(_as_value(one) for one in found if one.reading.found is Found.WRONG),
        "not_kept": tuple(_as_value(one) for one in found if one.reading.found is Found.PROMISED),
    }


def open_questions(read: AnswerMap, today: date) -> list[Asked]:
    """The questions of an answer that have to be asked again."""
    return [one for one in answers.asked_in(read) if one.is_open(today)]


def _as_value(one: Asked) -> LeftOpen:
    said = one.reading
    return LeftOpen(
        asked=_ended(_plain(one.asked)),
        quote=_plain(said.quote).strip("“”\"' .") if said.quote else "",
        truth=_plain(said.truth),
        promise=_plain(said.promise),
        by=_plain(said.promised_by),
        on=said.promised_on,
    )


def _ended(asked: str) -> str:
    return asked if asked.endswith((".", "?", "!")) else f"{asked}."


def _plain(text: str | None) -> str:
    """Text on one line, without the signs that mean something in a letter."""
    return " ".join((text or "").translate(PLAIN).split())
