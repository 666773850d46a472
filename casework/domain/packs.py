"""The kinds of pack: several papers of a case bound into one PDF."""

from enum import StrEnum


class PackKind(StrEnum):
    """A pack to take along or hand in, one for the first hour, or one that proves what was written and answered."""

    FIRST = "first"
    PACK = "pack"
    EVIDENCE = "evidence"
