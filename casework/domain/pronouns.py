"""The small words that stand for a person in a letter. Never guessed: unknown means "they"."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pronouns:
    """One set of forms: "she" is, "her" name, "hers"; with the verbs that go with it."""

    they: str
    them: str
    their: str
    themself: str
    are: str
    were: str
    have: str

    def verb(self, singular: str, plural: str) -> str:
        """The form of a verb that fits: verb("lives", "live")."""
        return plural if self.are == "are" else singular


_THEY = Pronouns("they", "them", "their", "themself", "are", "were", "have")
_KNOWN = {
    "she": Pronouns("she", "her", "her", "herself", "is", "was", "has"),
    "he": Pronouns("he", "him", "his", "himself", "is", "was", "has"),
    "they": _THEY,
}


def pronouns(written: str) -> Pronouns:
    """The forms for what was written: "she/her", "He, him", "they". Anything else gives "they"."""
    first = written.strip().lower().replace(",", "/").replace(" ", "/").split("/")[0]
    return _KNOWN.get(first, _THEY)
