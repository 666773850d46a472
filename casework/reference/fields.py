"""The fields of one table of a TOML file, asked for by name and kind; what is wrong is named with its place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from casework.domain.errors import SettingsError

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Fields:
    """One table of a TOML file, whose values are asked for by name and kind."""

    where: str
    table: Mapping[str, Any]
    known: Collection[str]

    def __post_init__(self) -> None:
        if not isinstance(self.table, Mapping):
            raise SettingsError(f"{self.where}: this should be a table of fields.")
        for name in self.table:
            if name not in self.known:
                raise self.wrong(name, "there is no such field")

    def wrong(self, name: str, why: str) -> SettingsError:
        """The error that names file, rule and field."""
        return SettingsError(f"{self.where}, field {name}: {why}.", field=name)

    def get(self, name: str, kind: type[Value], default: Value | None = None) -> Value:
        """The value of a field. Without a default the field must be there."""
        value: Any = self.table.get(name, default)
        if value is None:
            raise self.wrong(name, "it is missing")
        if not isinstance(value, kind) or isinstance(value, bool | datetime):
            raise self.wrong(name, f"{value!r} should be of the kind {kind.__name__}")
        found: Value = value
        return found

    def text(self, name: str) -> str:
        """A text that must be there and say something."""
        text = self.get(name, str)
        if not text.strip():
            raise self.wrong(name, "it is empty")
        return text

    def day(self, name: str) -> date | None:
        """A date, or None when there is none."""
        return self.get(name, date) if name in self.table else None

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """One of a fixed set of words."""
        text = self.get(name, str)
        try:
            return kind(text)
        except ValueError:
            known = ", ".join(kind)
            raise self.wrong(name, f"{text!r} is not one of {known}") from None

    def words(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts. Without a default the field must be there."""
        if default is not None and name not in self.table:
            return default
        values = self.get(name, list)
        if not all(isinstance(value, str) and value for value in values):
            raise self.wrong(name, "it should be a list of texts")
        return tuple(values)

    def flag(self, name: str) -> bool:
        """Yes or no; no where nothing is said."""
        value: object = self.table.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(name, f"{value!r} should be true or false")
        return value

    def count(self, name: str, default: int | None = None, *, most: int | None = None) -> int:
        """A number, 0 or more, and no more than `most`."""
        number = self.get(name, int, default)
        if number < 0:
            raise self.wrong(name, "it should not be below 0")
        if most is not None and number > most:
            raise self.wrong(name, f"it should not be above {most}")
        return number
