"""The next contact with the supporters of a campaign, or with a member: when it is suggested, and in what words."""

from datetime import date, timedelta
from enum import StrEnum

from casework.domain.timing.counting import add_months

LONGEST_WHY = 200


class Step(StrEnum):
    """How long until the next contact."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def words(self) -> str:
        """The same as a button says it."""
        return {Step.WEEK: "In a week", Step.MONTH: "In a month", Step.QUARTER: "In three months"}[self]

    def after(self, day: date) -> date:
        """So long after a day; never a Saturday or a Sunday, when nobody is in an office."""
        if self is Step.WEEK:
            return on_a_weekday(day + timedelta(days=7))
        return on_a_weekday(add_months(day, 1 if self is Step.MONTH else 3))


# Supporters hear something each month, so that they are not only asked in a crisis. A member is somebody to know, and
# not to wear out.
FOR_SUPPORTERS, FOR_MEMBER = Step.MONTH, Step.QUARTER


def on_a_weekday(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def suggested(last: date | None, usual: Step, today: date) -> date:
    """When the next contact should be: so long after the last one, and within a week where that time is over."""
    due = usual.after(last) if last else today
    return due if due > today else Step.WEEK.after(today)
