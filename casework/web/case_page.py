"""What stands on the page of a case: what is due, who can act, the papers and what has happened."""

from datetime import date
from typing import Any

from casework.services import cases
from casework.storage.models import Case


def overview(rows: list[Case]) -> list[dict[str, Any]]:
    """Each case with the line that says where the person is."""
    return [{"case": case, "status": status(case)} for case in rows]


def status(case: Case) -> str:
    """Where the person is, in words."""
    held = [row for row in case.places if row.kind == "detention" and row.until is None]
    if not held:
        return "Not known to be detained."
    return f"Detained at {cases.place_label(held[-1])}."


def seats(case: Case) -> dict[str, str]:
    """Constituency codes that a case touches today."""
    return {}


def what_changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What a transfer changed, in sentences."""
    return []


def contents(case: Case, today: date) -> dict[str, Any]:
    """Everything that the page of a case shows."""
    return {"status": status(case)}
