"""Why a letter that was issued may not leave the house any more, nor anybody be rung about it."""

from enum import StrEnum

from casework.domain.consent.telling_mps import Word


class Stays(StrEnum):
    """What the person said since."""

    NO = "no"
    TAKEN_BACK = "taken back"
    LESS = "less"

    @property
    def because(self) -> str:
        """The same in words that go on from "Do not send it: ". They tell nothing of what happened to them."""
        return BECAUSE[self]


BECAUSE = {
    Stays.NO: "they said no to MPs, or not yet",
    Stays.TAKEN_BACK: "they took back their yes to MPs",
    Stays.LESS: "they have agreed to less since",
}


def why_it_stays(word: Word, *, to_member: bool, beyond: bool) -> Stays | None:
    """Why it may not go; None where it may. `beyond` says that it tells more than is agreed to.

    A no to MPs stops what goes to an MP also where a campaign consent reaches the offices still: they are the one to
    say so, and nobody is to guess which of the two they meant.
    """
    if to_member and word.refuses:
        return Stays.NO if word is Word.NO else Stays.TAKEN_BACK
    return Stays.LESS if beyond else None
