"""What happens in a case of a test, on which days, and the rules whose dates it leaves open or settled."""

from datetime import date

from casework.domain.timing.triggers import Told
from casework.services.timing import deadlines, events
from casework.services.timing.effects import foreseen
from casework.services.timing.events import NewEvent
from casework.storage.models import Deadline

HELD_SINCE, REFUSED, GRANTED = date(2026, 9, 3), date(2026, 11, 3), date(2026, 11, 18)


def seen(case, actor, name, on=None, **told):
    told = Told(**told) if told else Told(on=on)
    return foreseen(case, actor, lambda effects: events.add_event(case, NewEvent(name, told), actor, effects))


def open_rules(case):
    return [entry.rule_key for entry in deadlines.for_case(case)]


def settled_rules(case):
    return [entry.rule_key for entry in deadlines.settled_in(case)]


def of_rule(case, rule_key):
    (row,) = Deadline.query.filter_by(case_id=case.id, rule_key=rule_key, settled_on=None)
    return row
