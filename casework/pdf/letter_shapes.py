"""What the values of a letter are made of, by their names: text, days, lists, and what a filter makes of each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from jinja2 import nodes

from casework.domain.case.pronouns import Pronouns
from casework.domain.consent.publicity import Kind
from casework.domain.letters.disclosure import FACTS
from casework.domain.letters.letter_values import LetterValues

FILTERS = (
    *("date", "day", "needed", "with_stop", "upfirst", "cleaned"),
    *("join", "select", "first", "default", "length"),
)


@dataclass(frozen=True)
class ListOf:
    """The shape of a list: that of each of its things."""

    each: Any


@dataclass(frozen=True)
class Value:
    """What an expression stands for: its shape, and the paths of the values that its text is made of."""

    shape: Any
    paths: tuple[str, ...] = ()


class Wrong(Exception):
    """Something that may not stand in a letter."""


def kind_of(path: str) -> Kind | None:
    """What kind of fact the value at this path is."""
    return next(
        (kind for known, kind in FACTS.items() if path == known or path.startswith(f"{known}.")), None
    )


def placeholders() -> Iterator[str]:
    """Every value that words may print, as it is written in them; of a list, what each of its things has."""
    for name, value in names_of_letters().items():
        if isinstance(value.shape, ListOf):
            inner = value.shape.each
            yield from ([f"{name}: {one}" for one in attributes(inner)] if is_dataclass(inner) else [name])
        elif is_dataclass(value.shape):
            yield from (f"{name}.{one}" for one in attributes(value.shape) if one != "known")
        else:
            yield name


class Loop:
    """What a loop knows of itself."""

    first: bool
    last: bool
    index: int
    length: int


@cache
def names_of_letters() -> Mapping[str, Value]:
    """The values that every letter can be filled from."""
    hints = get_type_hints(LetterValues)
    found = {one.name: Value(_shape(hints[one.name]), (one.name,)) for one in fields(LetterValues)}
    return {**found, "they": Value(Pronouns), "salutation": Value(str, ("member.name",))}


def _shape(hint: Any) -> Any:
    if get_origin(hint) is tuple:
        return ListOf(_shape(get_args(hint)[0]))
    if isinstance(hint, UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def attributes(shape: Any) -> Mapping[str, Any]:
    """The shapes of what a value has inside."""
    if shape is Loop:
        return get_type_hints(Loop)
    if not is_dataclass(shape):
        return {}
    hints = get_type_hints(shape)
    inside = {one.name: _shape(hints[one.name]) for one in fields(shape)}
    return {**inside, "known": bool} if hasattr(shape, "known") else inside


def attribute(of: Value, name: str, written: str) -> Value:
    inside = attributes(of.shape)
    if name not in inside:
        if not inside:
            raise Wrong(f"nothing can be asked of a value in this way: {written}")
        base = written.rpartition(".")[0]
        raise Wrong(f"there is no value called {written}{near(name, inside, base)}")
    if inside[name] is bool and name == "known":
        return Value(bool, of.paths)
    return Value(inside[name], tuple(f"{path}.{name}" for path in of.paths))


def constant(value: object) -> Value:
    if isinstance(value, str) or value is None:
        return Value(str)
    return Value(bool if isinstance(value, bool) else int if isinstance(value, int) else None)


def text_of(value: Value) -> Value:
    if value.shape is not str:
        raise Wrong(not_text(value))
    return value


def joined(values: list[Value], shape: Any) -> Value:
    return Value(shape, tuple(dict.fromkeys(path for one in values for path in one.paths)))


def common(shapes: list[Any]) -> Any:
    """The shape that all of these have, a moment being a day too; None where there is none."""
    days = {date if one is datetime else one for one in shapes}
    return shapes[0] if len(set(shapes)) == 1 else days.pop() if len(days) == 1 else None


def filtered(name: str, value: Value, given: list[Value], written: list[nodes.Expr]) -> Value:
    """What a filter makes of a value. Raises Wrong where it does not fit."""
    shape = value.shape
    match name:
        case "date" | "day" if shape in (date, datetime) and not given:
            return Value(str, value.paths)
        case "needed" if shape is str and len(given) == 1:
            return joined([value, text_of(given[0])], str)
        case "with_stop" | "upfirst" | "cleaned" if shape is str and not given:
            return value
        case "select" if isinstance(shape, ListOf) and not given:
            return value
        case "length" if isinstance(shape, ListOf) and not given:
            return Value(int)
        case "first" if isinstance(shape, ListOf) and not given:
            return Value(shape.each, value.paths)
        case "join" if isinstance(shape, ListOf) and shape.each is str and _is_short_text(written):
            return Value(str, value.paths)
        case "default" if shape is str and given:
            return joined([value, text_of(given[0])], str)
    raise Wrong(f"the filter {name} does not fit here{_FITS[name]}")


_FITS = dict.fromkeys(FILTERS, ": it takes a text, such as person.name") | {
    "date": ": it takes a day, such as today",
    "day": ": it takes a day, such as today",
    "needed": ": write {{ person.name|needed(\"the person’s name\") }}",
    "join": ": write {{ enclosures|join(\", \") }}, of a list of texts",
    "select": ": it takes a list, such as enclosures",
    "length": ": it takes a list, such as enclosures",
    "first": ": it takes a list, such as enclosures",
    "default": ": write {{ person.name|default(\"the person\") }}",
}  # fmt: skip


def _is_short_text(written: list[nodes.Expr]) -> bool:
    """Whether a list is joined by a few signs: what is joined by other values could grow without end."""
    if not written:
        return True
    only = written[0]
    return (
        len(written) == 1
        and isinstance(only, nodes.Const)
        and isinstance(only.value, str)
        and len(only.value) <= 10
    )


def not_text(value: Value) -> str:
    name = value.paths[0] if value.paths else "this"
    if value.shape in (date, datetime):
        return f"{name} is a day: write {{{{ {name}|date }}}} or {{{{ {name}|day }}}}"
    if isinstance(value.shape, ListOf):
        return f'{name} is a list: write {{{{ {name}|join(", ") }}}}, or go through it with “for”'
    if is_dataclass(value.shape):
        return f"{name} has several parts: name one of them, such as {name}.{next(iter(attributes(value.shape)))}"
    return f"{name} is no text that can be printed"


def near(name: str, known: Collection[str], before: str = "") -> str:
    found = get_close_matches(name, list(known), n=1)
    return f". Did you mean {before + '.' if before else ''}{found[0]}?" if found else ""
