"""What another saved while somebody typed: what only they changed is taken over, and the rest is shown to compare.

A page that is filled from a row carries along a mark of each field as it stood when it was opened. So it is known
later what this person typed themselves, and nobody's work goes because they never saw it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from wtforms import BooleanField, Field, HiddenField, PasswordField, RadioField, SelectField
from wtforms.fields import FileField

AS_OPENED = "as_opened"


@dataclass(frozen=True)
class Changed:
    """A field that another changed, as they saved it; `is_taken_over` where this person had not touched it."""

    field: Field
    is_taken_over: bool

    @property
    def day(self) -> date | None:
        """What they saved, where it is a day."""
        return self.field.data if isinstance(self.field.data, date) else None

    @property
    def ticked(self) -> bool | None:
        """What they saved, where it is a tick."""
        return bool(self.field.data) if isinstance(self.field, BooleanField) else None

    @property
    def chosen(self) -> list[tuple[str, str]] | None:
        """What they saved, where it comes from a list: each value with its words."""
        if not isinstance(
            self.field, SelectField
        ):  # those for several and for one of a few are of this kind too
            return None
        return [(one.value, one.label) for one in self.field.iter_choices() if one.selected]


def marks(form: Iterable[Field]) -> str:
    """A short mark of what stands in each field, by its name."""
    return " ".join(f"{field.name}:{_mark(field)}" for field in form if _is_compared(field))


def compare(mine: Any, theirs: Any, opened: str) -> list[Changed]:
    """What they changed, after what this person had not touched since the page was `opened` is taken over from them.

    Without its mark nobody knows whether a field was touched: it is compared, and what was typed stays.
    """
    known = dict(pair.split(":", 1) for pair in opened.split() if ":" in pair)
    found = []
    for field in mine:
        if not _is_compared(field) or field.name not in theirs:
            continue
        now, was = _mark(theirs[field.name]), known.get(field.name)
        if now in (was, _mark(field)):
            continue
        is_untouched = _mark(field) == was
        if is_untouched:
            field.process(None, theirs[field.name].data)
        found.append(Changed(theirs[field.name], is_untouched))
    return found


def _is_compared(field: Field) -> bool:
    return not isinstance(field, HiddenField | PasswordField | FileField)


def _mark(field: Field) -> str:
    """The same for nothing however it is kept: no text, no choice, no tick."""
    data = field.data
    if (
        isinstance(field, SelectField | RadioField) and data == "None"
    ):  # so WTForms has it where none was chosen
        data = None
    plain = "\n".join(sorted(map(str, data))) if isinstance(data, list | tuple) else str(data or "")
    return blake2b(plain.encode(), digest_size=6).hexdigest()
