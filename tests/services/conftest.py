"""Somebody who is held, and how a test records what happens to them."""

import pytest

from casework.domain.timing.triggers import Told
from casework.services.timing import events
from casework.services.timing.events import NewEvent
from tests.factories import detained_at, home, make_case
from tests.happenings import HELD_SINCE


@pytest.fixture
def held(organiser):
    return make_case(organiser, home(), detained_at(since=HELD_SINCE))


@pytest.fixture
def record(organiser):
    def keep(case, name, on=None, answers=None, note=None, **told):
        told = Told(**told) if told else Told(on=on)
        return events.record_event(case, NewEvent(name, told, note), organiser, answers)

    return keep
