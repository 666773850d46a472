"""When a supporter of whom nothing is heard is let go of, and who is told of by now."""

from datetime import date

from sqlalchemy import ColumnElement

from casework import clock
from casework.domain.campaign.supporters import heard_until
from casework.domain.safety.retention import ANNOUNCED, Chosen, Kept, goes_on
from casework.services.safety.retention_choices import chosen
from casework.storage.models import Supporter


def months() -> int:
    """After how many months without contact somebody is let go of."""
    return chosen(Kept.SUPPORTER).length


def day_of(supporter: Supporter, length: Chosen | None = None) -> date:
    """The day on which this supporter is let go of, unless something is heard of them before.

    `length` is what was chosen, where it was asked for already.
    """
    return goes_on(Kept.SUPPORTER, supporter.heard_on, length or chosen(Kept.SUPPORTER))


def is_announced(length: Chosen | None = None) -> ColumnElement[bool]:
    """What a query asks for those who will be let go of within a month; `length` as `day_of` has it."""
    then = clock.today() + ANNOUNCED
    return Supporter.heard_on <= heard_until(then, (length or chosen(Kept.SUPPORTER)).on_day(then))
