"""One question as a form: it keeps what was typed field by field, and says it back in words."""

from collections.abc import Mapping, Set
from datetime import date
from typing import Any

from wtforms import HiddenField

from casework.domain.case.intake import QUESTIONS, Said
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.storage.models import IntakeAnswer
from casework.web.fields import DayField
from casework.web.forms import HouseForm

OF_THE_FORM = ("version", "language_asked", "once", "csrf_token")
BOTH = "You typed something, and chose “{words}”. Empty what you typed, or choose “Save and go on”."


class QuestionForm(HouseForm):
    """One question. `needs` are the fields of which one at least has to be filled to save, with the words for none.

    `more` are those that few people need, and the words that open them.
    """

    version = HiddenField()
    needs: tuple[tuple[str, ...], str] = ((), "")
    more: tuple[tuple[str, ...], str] = ((), "")

    def answers(self) -> list[Any]:
        """The fields that are answers."""
        return [field for field in self if field.short_name not in OF_THE_FORM]

    def first(self) -> list[Any]:
        """Those that stand on the page at once."""
        return [field for field in self.answers() if field.short_name not in self.more[0]]

    def folded(self) -> list[Any]:
        """Those that are opened first."""
        return [self[name] for name in self.more[0]]

    def is_unfolded(self) -> bool:
        """Whether something stands in those, or is wrong there."""
        told = self.told()
        return any(field.short_name in told or field.errors for field in self.folded())

    def told(self) -> dict[str, str]:
        """What was typed, as it is kept: by field, days in ISO form, and nothing of an empty field."""
        found = {}
        for field in self.answers():
            if field.data and field.data != field.default:
                found[field.short_name] = (
                    field.data.isoformat() if isinstance(field.data, date) else field.data
                )
        return found

    def check(self, state: Said, none_words: str) -> None:
        """Nothing where the fields fit how it was answered. Raises CaseworkError at a field."""
        told = self.told()
        if state is Said.NONE and told:
            raise CaseworkError(BOTH.format(words=none_words), field=next(iter(told)))
        names, words = self.needs
        if state is Said.SAID and not any(name in told for name in names):
            raise CaseworkError(words, field=names[0])
        if state is Said.SAID:
            self.check_more()

    def check_more(self) -> None:
        """The same for what one question alone asks for."""


def filled(form: type[QuestionForm], kept: IntakeAnswer | None) -> QuestionForm:
    """This form with what was said so far, and the version of that."""
    version = str(kept.version if kept else 0)
    return form(data={"version": version, **_as_data(form, kept.told if kept else {})})


def said_back(form: type[QuestionForm], answer: IntakeAnswer, names: Set[str]) -> list[tuple[str, str]]:
    """What an answer says in these fields: each that was filled, with its words."""
    shown = form(formdata=None, data=_as_data(form, answer.told))
    filled_in = names & answer.told.keys()
    return [(field.label.text, _words(field)) for field in shown.answers() if field.short_name in filled_in]


def in_words(form: type[QuestionForm], answer: IntakeAnswer) -> list[tuple[str, str]]:
    """An answer as a page says it: each field that was filled, with its words."""
    found = said_back(form, answer, answer.told.keys())
    question = QUESTIONS[answer.question]
    if answer.state == Said.UNKNOWN:
        found.insert(0, ("Answer", question.unknown))
    if answer.state == Said.NONE:
        found.insert(0, ("Answer", question.none))
    return found


def _as_data(form: type[QuestionForm], told: Mapping[str, str]) -> dict[str, Any]:
    empty = form(formdata=None)
    return {
        name: date.fromisoformat(value) if isinstance(empty[name], DayField) else value
        for name, value in told.items()
        if name in empty
    }


def _words(field: Any) -> str:
    """What a field holds, as somebody reads it."""
    if isinstance(field, DayField):
        return spoken(field.data, weekday=True) if field.data else ""
    choices = getattr(field, "choices", None) or {}
    flat: dict[str, str] = {}
    for key, words in (choices() if callable(choices) else choices).items():
        flat |= words if isinstance(words, dict) else {key: words}
    return flat.get(field.data, str(field.data or ""))
