"""Reads `letters/index.toml`: the letters there are, and invented values with which each can be tried."""

from dataclasses import fields
from datetime import date
from typing import Any

from casework.domain import letters as kinds
from casework.domain.errors import SettingsError
from casework.domain.letters import LetterTemplate, LetterValues
from casework.domain.publicity import Audience, Kind

_PARTS: dict[str, type] = {
    "person": kinds.Person,
    "detained_at": kinds.Held,
    "home": kinds.Home,
    "former_home": kinds.Home,
    "member": kinds.MemberAddressed,
    "sender": kinds.Sender,
    "representative": kinds.Representative,
    "removal": kinds.Removal,
    "refusal": kinds.Refusal,
    "authority": kinds.Authority,
    "group": kinds.Group,
    "visit": kinds.Visit,
    "recall": kinds.Recall,
}
_LISTS: dict[str, type] = {
    "references": kinds.Reference,
    "supporters": kinds.Sender,
    "recalled": kinds.Recalled,
}


def read_templates(index: dict[str, Any]) -> dict[str, LetterTemplate]:
    """The letters by their keys, in the order of the file.

    Raises SettingsError that names the letter whose entry cannot be read.
    """
    found = {}
    for key, entry in index["letters"].items():
        given = {name: value for name, value in entry.items() if name != "sample"}
        try:
            plain = {name: _frozen(value) for name, value in given.items()}
            kept = {
                "audience": Audience(plain["audience"]),
                "tells": tuple(Kind(one) for one in plain["tells"]),
            }
            found[key] = LetterTemplate(key=key, **(plain | kept))
        except (TypeError, ValueError, KeyError) as error:
            raise SettingsError(f"letters/index.toml: the entry of {key} cannot be read: {error}.") from error
    return found


def read_sample(index: dict[str, Any], key: str) -> LetterValues:
    """The invented values of the whole file, with what this letter's own sample says in their place."""
    merged: dict[str, Any] = {**index["sample"], **index["letters"][key].get("sample", {})}
    return values_from(merged)


def values_from(given: dict[str, Any]) -> LetterValues:
    """Letter values from plain tables of a TOML or JSON file. Unknown names raise SettingsError."""
    known = {one.name for one in fields(LetterValues)}
    if unknown := set(given) - known:
        raise SettingsError(f"A letter has no value called {', '.join(sorted(unknown))}.")
    values: dict[str, Any] = {"today": date.min}
    for name, value in given.items():
        if name in _PARTS:
            values[name] = _PARTS[name](**{inner: _frozen(one) for inner, one in value.items()})
        elif name in _LISTS:
            values[name] = tuple(
                _LISTS[name](**{inner: _frozen(x) for inner, x in one.items()}) for one in value
            )
        else:
            values[name] = _frozen(value)
    return LetterValues(**values)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
