"""Supporters of whom nothing was heard for long: announced on the list for a month, and then let go of."""

from datetime import date

from sqlalchemy import select

from casework.domain.campaign.supporters import heard_until
from casework.domain.safety.retention import Kept
from casework.services.campaign.stopping import BY_ITSELF, erase_unless_busy
from casework.services.safety import audit
from casework.services.safety.retention_choices import chosen
from casework.services.safety.retention_reports import report
from casework.storage.database import db
from casework.storage.models import Case, SignUp, Supporter


def let_go_old(today: date) -> int:
    """Erase every supporter of whom nothing was heard for those months, in all cases; how many they were.

    The sweep calls it, which sees to it that they were announced before.
    """
    last = heard_until(today, chosen(Kept.SUPPORTER).on_day(today))
    query = select(SignUp).join(SignUp.supporter).where(Supporter.heard_on <= last)
    rows = db.session.scalars(query).all()
    people, numbers = {row.supporter_id for row in rows}, dict[Case, int]()
    for row in rows:
        numbers[row.case] = numbers.get(row.case, 0) + 1
    for case, number in numbers.items():
        audit.record("supporters let go", None, case, signed=BY_ITSELF, number=number)
    if not rows or not erase_unless_busy(rows, BY_ITSELF):
        return 0
    report({Kept.SUPPORTER: len(people)})
    return len(people)
