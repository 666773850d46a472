"""The small words that stand for a person in a letter. Never guessed: unknown means the name itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pronouns:
    """One set of forms: "she" is, "her" name; with the verbs that go with it."""

    they: str
    them: str
    their: str
    are: str = "is"
    were: str = "was"
    have: str = "has"

    def verb(self, singular: str, plural: str) -> str:
        """The form of a verb that fits: verb("lives", "live")."""
        return plural if self.are == "are" else singular


_THEY = Pronouns("they", "them", "their", "are", "were", "have")
_KNOWN = {
    "she": Pronouns("she", "her", "her"),
    "he": Pronouns("he", "him", "his"),
    "they": _THEY,
}


def pronouns(written: str, name: str = "") -> Pronouns:
    """The forms for what was written: "she/her", "He, him", "they".

    Where nothing was, the name stands in their place; without a name it is "they".
    """
    first = written.strip().lower().replace(",", "/").replace(" ", "/").split("/")[0]
    if first in _KNOWN:
        return _KNOWN[first]
    return Pronouns(name, name, f"{name}’s") if name else _THEY
