"""Supporters of whom nothing was heard for long: announced on the list for a month, and then let go of."""

from datetime import date

from sqlalchemy import ColumnElement, select

from casework import clock
from casework.domain.supporters import ANNOUNCED, heard_until, let_go_on
from casework.services import audit
from casework.services.stopping import BY_ITSELF, erase_unless_busy
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case, SignUp, Supporter


def months() -> int:
    """After how many months without contact somebody is let go of."""
    return current_instance().settings.supporter_months


def day_of(supporter: Supporter) -> date:
    """The day on which this supporter is let go of, unless something is heard of them before."""
    return let_go_on(supporter.heard_on, months())


def is_announced() -> ColumnElement[bool]:
    """What a query asks for those who will be let go of within a month."""
    return Supporter.heard_on <= heard_until(clock.today() + ANNOUNCED, months())


def let_go_old(today: date) -> int:
    """Erase every supporter of whom nothing was heard for those months, in all cases; how many they were.

    It runs when the program starts and when somebody opens a list of supporters.
    """
    query = select(SignUp).join(SignUp.supporter).where(Supporter.heard_on <= heard_until(today, months()))
    rows = db.session.scalars(query).all()
    people, numbers = {row.supporter_id for row in rows}, dict[Case, int]()
    for row in rows:
        numbers[row.case] = numbers.get(row.case, 0) + 1
    for case, number in numbers.items():
        audit.record("supporters let go", None, case, signed=BY_ITSELF, number=number)
    return len(people) if rows and erase_unless_busy(rows, BY_ITSELF) else 0
