"""The reference of a case, and the numbers that offices know a person by."""

import re
from dataclasses import dataclass

_REFERENCE = re.compile(r"[A-Z]{1,8}-[1-9][0-9]{0,8}")


def is_reference(text: str) -> bool:
    """Whether a case of some Casework may have this reference."""
    return bool(_REFERENCE.fullmatch(text))


@dataclass(frozen=True)
class ReferenceKind:
    """A kind of number that an office knows a person by, with what it usually looks like.

    The shapes are general knowledge and nobody has checked them with the offices, so an unusual number is
    remarked on and never refused.
    """

    key: str
    label: str
    hint: str
    shape: str


REFERENCE_KINDS = {
    key: ReferenceKind(key, label, hint, shape)
    for key, label, hint, shape in (
        (
            "home_office",
            "Home Office reference",
            "a letter and seven digits, like A1234567",
            r"[A-Z]\d{6,8}(/\d+)?",
        ),
        (
            "port",
            "Port reference",
            "letters, digits and slashes, like ABC/1234567",
            r"[A-Z]{2,4}/\d{5,9}(/.*)?",
        ),
        ("cid", "Case ID (CID)", "up to nine digits", r"\d{5,9}"),
        (
            "uan",
            "Application number (UAN)",
            "groups of four digits, like 1234-5678-9012-3456",
            r"(\d{4}-){3}\d{4}",
        ),
        ("tribunal", "Tribunal number", "like PA/12345/2026 or HU/12345/2026", r"[A-Z]{2}/\d{4,6}/\d{4}"),
        ("bail", "Bail number", "like BAIL/12345 or a tribunal number", r"[A-Z]{2,4}/\d{3,}(/\d{2,4})?"),
        (
            "prison",
            "Prison or detention number",
            "like A1234BC; centres have their own",
            r"[A-Z]\d{4}[A-Z]{2}",
        ),
    )
}


def tidy_reference(kind: str, value: str) -> str:
    """The number as offices write it where it has the usual shape, else as it was typed."""
    value = value.strip()
    return value if looks_unusual(kind, value) else value.upper()


def looks_unusual(kind: str, value: str) -> bool:
    """Whether a reference has another shape than its kind usually has: worth a second look, no more."""
    return not re.fullmatch(REFERENCE_KINDS[kind].shape, value.strip().upper())
