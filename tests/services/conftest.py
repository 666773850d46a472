"""Somebody who is held, how a test records what happens to them, and the constituency of the invented home."""

import pytest

from casework.domain.timing.triggers import Told
from casework.services.parliament.directory import directory
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


@pytest.fixture
def leeds_south(app) -> str:
    """The constituency of the invented home."""
    return next(one.gss_code for one in directory().constituencies() if one.name == "Leeds South")
