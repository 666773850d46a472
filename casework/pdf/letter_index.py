"""Reads `letters/index.toml`: the letters there are, and invented values with which each can be tried."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import SettingsError
from casework.domain.letters import letter_values as parts
from casework.domain.letters.letter_values import LetterValues
from casework.domain.letters.letters import READERS, LetterTemplate
from casework.domain.said import of_ours

_PARTS: dict[str, type] = {
    "person": parts.Person,
    "detained_at": parts.Held,
    "home": parts.Home,
    "former_home": parts.Home,
    "member": parts.MemberAddressed,
    "sender": parts.Sender,
    "representative": parts.Representative,
    "removal": parts.Removal,
    "refusal": parts.Refusal,
    "authority": parts.Authority,
    "group": parts.Group,
    "visit": parts.Visit,
    "minister": parts.Minister,
    "on_file": parts.OnFile,
    "agreed": parts.Agreed,
    "recall": parts.Recall,
    "answer": parts.Answer,
}
_LISTS: dict[str, type] = {
    "references": parts.Reference,
    "supporters": parts.Sender,
    "recalled": parts.Recalled,
    **dict.fromkeys(("dodged", "wrong", "not_kept"), parts.LeftOpen),
    **dict.fromkeys(("own_held", "own_agreed", "own_went", "own_looked"), parts.OwnLine),
}


def read_templates(index: dict[str, Any]) -> dict[str, LetterTemplate]:
    """The letters by their keys, in the order of the file.

    Raises SettingsError that names the letter whose entry cannot be read.
    """
    found = {}
    for key, entry in index["letters"].items():
        try:
            ours = {name: of_ours(entry[name]) for name in ("title", "purpose")}
            found[key] = read_entry(key, {**entry, **ours})
        except (TypeError, ValueError, KeyError) as error:
            raise SettingsError(f"letters/index.toml: the entry of {key} cannot be read: {error}.") from error
    return found


def read_entry(key: str, entry: Mapping[str, Any]) -> LetterTemplate:
    """One letter as its table describes it. Raises TypeError, ValueError or KeyError for what cannot be read."""
    plain = {name: _frozen(value) for name, value in entry.items() if name != "sample"}
    kept = {
        "audience": Audience(plain["audience"]),
        "tells": tuple(Kind(one) for one in plain["tells"]),
    }
    if plain["to"] not in READERS:
        raise ValueError(f"to must be one of {', '.join(READERS)}")
    return LetterTemplate(key=key, **(plain | kept))


def read_sample(index: dict[str, Any], key: str, own: Mapping[str, Any] | None = None) -> LetterValues:
    """The invented values of the whole file, with what this letter's own sample says in their place.

    `own` is what a letter that is like this one says in the place of that again.
    """
    merged: dict[str, Any] = {**index["sample"], **index["letters"][key].get("sample", {}), **(own or {})}
    return values_from(merged)


def values_from(given: dict[str, Any]) -> LetterValues:
    """Letter values from plain tables of a TOML or JSON file. Unknown names raise SettingsError."""
    known = {one.name for one in fields(LetterValues)}
    if unknown := set(given) - known:
        raise SettingsError(f"A letter has no value called {', '.join(sorted(unknown))}.")
    values: dict[str, Any] = {"today": date.min}
    for name, value in given.items():
        if name in _PARTS:
            values[name] = _part(_PARTS[name], value)
        elif name in _LISTS:
            values[name] = tuple(_part(_LISTS[name], one) for one in value)
        else:
            values[name] = date.fromisoformat(value) if _is_written_day(name, value) else _frozen(value)
    return LetterValues(**values)


def _part(kind: type, given: Mapping[str, Any]) -> Any:
    """One part of the values; a day that is written out, as the record of an issued letter has it, becomes a day."""
    hints = get_type_hints(kind)
    told = {name: _frozen(value) for name, value in given.items()}
    for name, value in told.items():
        for day in (datetime, date):
            if isinstance(value, str) and day in (hints.get(name), *get_args(hints.get(name))):
                told[name] = day.fromisoformat(value)
                break
    return kind(**told)


def _is_written_day(name: str, value: Any) -> bool:
    return name == "today" and isinstance(value, str)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
