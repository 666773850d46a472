"""The letters that an answer is laid beside, and what they ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.domain.letters.letters import block_labels
from casework.domain.parliament.answers import MOST_QUESTIONS, questions_in
from casework.services.letters import correspondence
from casework.storage.models import AnswerMap, Correspondence

NOT_PRINTED = ("enclosures",)


@dataclass(frozen=True)
class Beside:
    """A letter that an answer is laid beside, with its words part by part; without parts, only its summary is known."""

    paper: Correspondence
    parts: tuple[tuple[str, str], ...]


def laid_beside(paper: Correspondence, read: AnswerMap | None) -> list[Beside]:
    """The letter that an answer is laid beside, and those before it in the chain, the nearest first."""
    rows = {row.id: row for row in correspondence.list_papers(paper.case)}
    at = (read.beside_id if read else None) or paper.answers_id
    found: list[Beside] = []
    seen = {paper.id}
    while at is not None and at in rows and at not in seen:
        seen.add(at)
        found.append(_beside(rows[at]))
        at = rows[at].answers_id
    return found


def proposed_questions(beside: Iterable[Beside]) -> list[str]:
    """What the nearest of these letters asks that asks anything: what strong words say in its ask, else its questions.

    An MP's letter to the Home Office is often known by a line alone: then ours before it tells what to look for. One
    further back that is hidden from some tells nothing here, as how an answer was read is not hidden with it.
    """
    for number, letter in enumerate(beside):
        if number and letter.paper.hidden:
            continue
        parts = [text for _, text in letter.parts] or [letter.paper.summary or ""]
        for text in parts:
            if found := questions_in(text):
                return found[:MOST_QUESTIONS]
    return []


def _beside(paper: Correspondence) -> Beside:
    letter = paper.letter
    if letter is None:
        return Beside(paper, ())
    labels = block_labels(letter.template)
    parts = (
        (labels.get(name, name), text) for name, text in letter.blocks.items() if name not in NOT_PRINTED
    )
    # What is asked stands first, wherever its kind of letter prints it.
    in_order = sorted(
        ((label, text) for label, text in parts if text), key=lambda one: one[0] != labels.get("ask")
    )
    return Beside(paper, tuple(in_order))
