"""What happens in a case: recorded with the dates it starts and ends, and taken back."""

from datetime import date

from casework import clock
from casework.services import events
from casework.storage.database import db
from casework.storage.models import CaseEvent
from tests.factories import make_case


def happened(case, name, on, **told):
    row = CaseEvent(
        case=case,
        name=name,
        happened_on=on,
        recorded_at=clock.now(),
        recorded_by_id=case.opened_by_id,
        **told,
    )
    db.session.add(row)
    db.session.commit()
    return row


def test_a_person_is_abroad_from_their_departure_until_they_come_back(organiser):
    case = make_case(organiser)
    assert not events.is_abroad(case, date(2026, 3, 2))
    happened(case, "departure", date(2026, 3, 2))
    happened(case, "came_back", date(2026, 6, 5))
    assert not events.is_abroad(case, date(2026, 3, 1))
    assert events.is_abroad(case, date(2026, 3, 2))
    assert events.is_abroad(case, date(2026, 6, 4))
    assert not events.is_abroad(case, date(2026, 6, 5))


def test_a_departure_recorded_by_mistake_takes_nobody_abroad(organiser):
    case = make_case(organiser)
    happened(case, "departure", date(2026, 3, 2), taken_back_at=clock.now())
    assert not events.is_abroad(case, date(2026, 3, 2))


def test_the_departure_of_one_person_says_nothing_of_another(organiser):
    happened(make_case(organiser), "departure", date(2026, 3, 2))
    assert not events.is_abroad(make_case(organiser), date(2026, 3, 2))
