"""A count as a page shows it: its days, how a notice was served, and how far the rule was checked."""

from datetime import date
from typing import Any

from casework.domain.timing.deadline_rules import Status
from casework.web import day_strip


def shown(working: dict[str, Any]) -> dict[str, Any]:
    """What `deadlines/_counted.html` prints of what was kept of a count."""
    strip = day_strip.cells(working)
    return {
        "working": working,
        "strip": strip,
        "whole": day_strip.is_whole(strip),
        "said_of_days": day_strip.remarks(strip),
        "service": day_strip.service(working),
        "checked_on": date.fromisoformat(working["checked_on"]),
        "checked": Status(working["status"]).words,
    }
