"""What happened in a case and is no letter."""

from datetime import date

from casework.services.whereabouts import left_on
from casework.storage.models import Case


def is_abroad(case: Case, on: date) -> bool:
    """Whether the person was outside the UK on this day: they had left, and nobody recorded that they came back."""
    return left_on(case, on) is not None
