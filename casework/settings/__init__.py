"""What this instance runs with: where each setting is read from, and the checks."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from casework.domain.errors import SettingsError
from casework.settings.known import DEMO, STORES, Settings
from casework.settings.together import complaints_about
from casework.settings.values import listed, read_value

__all__ = [
    "PREFIX",
    "STORES",
    "Settings",
    "load_demo_settings",
    "load_settings",
    "resource_dir",
    "settings_table",
]

PREFIX = "CASEWORK_"
FILE_NAME = "settings.toml"
_PACKAGE = Path(__file__).resolve().parents[1]
_FIELDS = {item.name: item for item in fields(Settings)}


def load_settings(environ: Mapping[str, str] = os.environ, **given: object) -> Settings:
    """The settings of this instance, checked.

    A default gives way to settings.toml, that to CASEWORK_<NAME>, and that to what is given here.
    Relative paths in settings.toml start at the instance folder; all others start at the current folder.
    Raises SettingsError with every complaint at once.
    """
    complaints: list[str] = []
    from_environ = _read_environ(environ, complaints)
    asked = {**from_environ, **{name: (name, value) for name, value in given.items() if value is not None}}
    values: dict[str, Any] = {}
    instance = _default_instance(environ)
    if "instance" in asked:
        instance = _checked("instance", *asked.pop("instance"), Path.cwd(), complaints) or instance
    values["instance"] = instance
    values["key_file"] = instance / "key"
    from_file = _read_file(instance / FILE_NAME, complaints)
    for source, base in ((from_file, instance), (asked, Path.cwd())):
        for name, (said_as, value) in source.items():
            values[name] = _checked(name, said_as, value, base, complaints)
    if not complaints:
        complaints += complaints_about(settings := Settings(**values))
    if complaints:
        raise SettingsError("\n".join(complaints))
    return settings


def load_demo_settings(environ: Mapping[str, str] = os.environ, **given: object) -> Settings:
    """The settings of the demo: the folder `demo` in the instance folder, unless that is one already.

    Its invented people never get into the group's own database, wherever that is.
    """
    instance = load_settings(environ).instance
    environ = {name: value for name, value in environ.items() if not name.startswith(f"{PREFIX}DATABASE_")}
    folder = instance if instance.name == DEMO else instance / DEMO
    return load_settings(environ, **{**given, "instance": folder})


def resource_dir(name: str) -> Path:
    """The folder of "templates", "letters", "migrations" or "docs".

    In a wheel it lies inside the package, in a checkout beside it.
    """
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise SettingsError(f"The folder {name} is missing from this installation. Install Casework again.")


def settings_table() -> str:
    """Every setting as a row of a Markdown table, for the README."""
    rows = [
        "| in `settings.toml` | in the environment | kind | default | what it is |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, item in _FIELDS.items():
        facts = item.metadata
        in_file = "not there" if name == "instance" else f"`{name}`"
        kind = facts["kind"]
        if kind == "number":
            kind = f"number, {facts['least']} to {facts['most']}"
        if kind == "one of":
            kind = listed(f"`{word}`" for word in facts["words"])
        rows.append(
            f"| {in_file} | `{PREFIX}{name.upper()}` | {kind} | {facts['default']} | {facts['meaning']} |"
        )
    return "\n".join(rows)


def _default_instance(environ: Mapping[str, str]) -> Path:
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / "instance"
    data = environ.get("XDG_DATA_HOME", "")
    base = Path(data) if data.startswith("/") else Path.home() / ".local" / "share"
    return base / "casework"


def _read_environ(environ: Mapping[str, str], complaints: list[str]) -> dict[str, tuple[str, object]]:
    """Each setting that the environment names: setting -> (its name there, what it says)."""
    found: dict[str, tuple[str, object]] = {}
    known = {PREFIX + name.upper(): name for name in _FIELDS}
    for said_as in sorted(environ):
        if not said_as.startswith(PREFIX):
            continue
        if said_as in known:
            found[known[said_as]] = (said_as, environ[said_as])
        elif said_as == PREFIX + "KEY":
            complaints.append(
                f"Take {said_as} out of the environment, where other programs can read it: "
                f"put the key into a file and its path into {PREFIX}KEY_FILE."
            )
        else:
            complaints.append(_unknown(said_as, known))
    return found


def _read_file(path: Path, complaints: list[str]) -> dict[str, tuple[str, object]]:
    """Each setting that the file names: setting -> (how to speak of it, what it says)."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        complaints.append(f"{path} cannot be understood: {error}.")
        return {}
    except OSError as error:
        complaints.append(f"{path} cannot be read: {error.strerror}.")
        return {}
    found: dict[str, tuple[str, object]] = {}
    for name, value in content.items():
        if name == "instance":
            complaints.append(
                f"Take instance out of {path}: only {PREFIX}INSTANCE can say where the instance is."
            )
        elif name in _FIELDS:
            found[name] = (f"{name} in {path}", value)
        else:
            complaints.append(
                _unknown(name, [known for known in _FIELDS if known != "instance"], where=f" in {path}")
            )
    return found


def _unknown(name: str, known: Iterable[str], where: str = "") -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    hint = f" Did you mean {near[0]}?" if near else " The README lists every setting."
    return f"There is no setting {name}{where}.{hint}"


def _checked(name: str, said_as: str, value: object, base: Path, complaints: list[str]) -> Any:
    """The value in its own kind; where it is wrong, None and a complaint more."""
    try:
        return read_value(name, _FIELDS[name].metadata, value, base)
    except ValueError as error:
        complaints.append(f"{said_as} {error}")
    except OSError as error:  # a path that the system refuses to look at, such as one that is too long
        complaints.append(f"{said_as} names a path that cannot be used: {error.strerror}.")
    return None
