"""What somebody said when they were asked whether an MP may hear of them: their own word, before any paper."""

from enum import StrEnum

from casework.domain.words import say

# Beside a visit in a list, where no name may stand.
NOT_ASKED_YET = "Nobody has asked them yet: do not name them to an MP."


class Word(StrEnum):
    """How their word stands on a day."""

    YES = "yes"
    NO = "no"
    TAKEN_BACK = "taken back"
    NOT_ASKED = "not asked"

    @property
    def refuses(self) -> bool:
        """Whether they said no, which holds until they say yes."""
        return self in (Word.NO, Word.TAKEN_BACK)

    @property
    def beside_a_step(self) -> str:
        """The same beside something to do that tells an MP, where no name may stand; empty after a yes."""
        return BESIDE_A_STEP.get(self, "")

    def sentence(self, name: str) -> str:
        """What it asks of whoever would go to an MP; empty after a yes. It tells nothing of what happened to them."""
        if self is Word.YES:
            return ""
        if self is Word.NOT_ASKED:
            return say(
                "Nobody has asked {name} yet whether an MP may hear of them. Do not name them to an MP before they "
                "say yes.",
                name=name,
            )
        if self is Word.NO:
            return say(
                "{name} was asked and said no, or not yet. Do not write to an MP, ring one or visit one until they "
                "say yes.",
                name=name,
            )
        return say(
            "{name} took back what they had agreed to. Do not write to an MP, ring one or visit one until they say "
            "yes.",
            name=name,
        )


BESIDE_A_STEP = {
    Word.NO: "They said no, or not yet: nobody rings an MP or writes to one about them.",
    Word.TAKEN_BACK: "They took back what they had agreed to: nobody rings an MP or writes to one about them.",
    Word.NOT_ASKED: NOT_ASKED_YET,
}


def word(agreed: bool | None, *, still_holds: bool) -> Word:
    """Their word from what they said last; `still_holds` is whether they took back no paper since."""
    if agreed is None:
        return Word.NOT_ASKED
    if not agreed:
        return Word.NO
    return Word.YES if still_holds else Word.TAKEN_BACK
