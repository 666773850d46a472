"""Words that wait in a session until the next page, and remember how they were made: a list is still a list there."""

from datetime import date
from enum import StrEnum
from typing import Any

from flask.json.tag import JSONTag, TaggedJSONSerializer

from casework.domain.said import AtTheStart, InARow, OnDay, in_a_row, of_ours, upfirst
from casework.domain.words import Said


class SaidTag(JSONTag):
    """How such words stand in the JSON of a session."""

    key = " said"

    def check(self, value: Any) -> bool:
        return isinstance(value, Said)

    def to_json(self, value: Any) -> Any:
        tag = self.serializer.tag
        if isinstance(value, OnDay):
            return ["day", str(value), value.day.isoformat(), value.shape]
        if isinstance(value, InARow):
            return ["row", [tag(one) for one in value.parts], value.how]
        if isinstance(value, AtTheStart):
            return ["start", tag(value.begun)]
        return [
            "said",
            str(value),
            value.message,
            {name: tag(_plain(one)) for name, one in value.values.items()},
        ]

    def to_python(self, value: Any) -> str:
        kind, first, *others = value
        if kind == "row":
            return in_a_row(first, *others)
        if kind == "start":
            return upfirst(of_ours(first))
        if kind == "day":
            on = OnDay(first)
            on.message, on.values, on.day, on.shape = "", {}, date.fromisoformat(others[0]), others[1]
            return on
        said = Said(first)
        said.message, said.values = others
        return said


def _plain(value: object) -> str:
    """A value as words: those of a list of the program stay words of ours, anything else is text."""
    if isinstance(value, Said):
        return value
    return of_ours(value.value) if isinstance(value, StrEnum) else str(value)


session_json = TaggedJSONSerializer()
session_json.register(SaidTag, index=0)
