"""What is said of a setting, read as its own kind: a number, a word, an address, a path."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from casework.domain.letters.mail import is_mail_address

_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0"})
_WEB_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\])(?::[1-9][0-9]{0,4})?"
)
_WEB_PAGE = re.compile(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[A-Za-z0-9._~/-]*)?")
_POSTGRESQL = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_ONE_FILE = frozenset(
    {"key_file", "passphrase_file", "s3_key_file", "smtp_password_file", "database_url_file"}
)


def read_value(name: str, facts: Mapping[str, Any], value: object, base: Path) -> Any:
    """The value of this setting in its own kind; a relative path starts at `base`. `facts` are those of `Settings`.

    Raises ValueError with the end of a sentence that begins with the setting, and OSError for a path that the system
    refuses to look at.
    """
    match facts["kind"]:
        case "number":
            return _number(value, facts["least"], facts["most"])
        case "yes or no":
            return _yes_or_no(value)
        case "text":
            return _text(value, facts["least"], facts["most"])
        case "one of":
            return _one_of(value, facts["words"])
        case "web address":
            return _web_address(value)
        case "web page":
            return _web_page(value)
        case "mail address":
            return _mail_address(value)
        case "database address":
            return database_address(value)
        case _:
            return _path(name, value, base)


def listed(words: Iterable[str]) -> str:
    """Words in a sentence: "one, two or three"."""
    *first, last = words
    return f"{', '.join(first)} or {last}"


def _number(value: object, least: int, most: int) -> int:
    number = value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        raise ValueError(f"must be a whole number from {least} to {most}, not {value!r}.")
    return number


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in _YES | _NO:
        raise ValueError(f"must be yes or no, not {value!r}.")
    return word in _YES


def _text(value: object, least: int, most: int) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text in quotes, not {value!r}.")
    text = value.strip()
    if not text.isprintable():
        raise ValueError("must be one line of plain text.")
    if len(text) < least:
        raise ValueError("must not be empty.")
    if len(text) > most:
        raise ValueError(f"must be at most {most} letters long.")
    return text


def _one_of(value: object, words: tuple[str, ...]) -> str:
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in words:
        raise ValueError(f"must be {listed(words)}, not {value!r}.")
    return word


def _web_address(value: object) -> str:
    """The address without a stroke at its end, so that a path can follow."""
    text = _text(value, 0, 200).rstrip("/")
    if text and not _WEB_ADDRESS.fullmatch(text):
        raise ValueError(f"must be an address such as https://casework.example.org, not {value!r}.")
    return text


def _web_page(value: object) -> str:
    text = _text(value, 1, 300)
    if not _WEB_PAGE.fullmatch(text):
        raise ValueError(
            f"must be the address of a page such as https://www.bbc.co.uk/weather, not {value!r}."
        )
    return text


def _mail_address(value: object) -> str:
    text = _text(value, 0, 254)
    if text and not is_mail_address(text):
        raise ValueError(f"must be a mail address such as casework@example.org, not {value!r}.")
    return text


def database_address(value: object) -> str:
    """The address as SQLAlchemy takes it. What is wrong with it is said without it: it holds a password."""
    text = _text(value if isinstance(value, str) else "", 0, 1000)
    scheme, _, rest = text.partition("://")
    if text and (scheme not in _POSTGRESQL or not urlsplit(f"//{rest}").path.strip("/")):
        raise ValueError("must be an address such as postgresql://name:password@host/casework.")
    return f"postgresql+psycopg://{rest}" if text else ""


def _path(name: str, value: object, base: Path) -> Path:
    if not isinstance(value, str | Path) or not str(value).strip() or "\0" in str(value):
        raise ValueError(f"must be a path, not {value!r}.")
    try:
        path = (base / Path(str(value).strip()).expanduser()).absolute()
    except RuntimeError:
        raise ValueError(f"names a home folder that does not exist: {value!r}.") from None
    if name == "directory_dir" and not path.is_dir():
        raise ValueError(f"names a folder that is not there: {path}. Make it with casework directory build.")
    if name == "instance" and path.exists() and not path.is_dir():
        raise ValueError(f"must name a folder, and {path} is a file.")
    if name in _ONE_FILE and path.is_dir():
        raise ValueError(f"must name a file, and {path} is a folder.")
    return path
