"""The case of most tests of letters."""

import pytest

from casework import clock
from casework.services.case import cases
from casework.storage.models import Case
from tests.factories import detained_at, home, make_case


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, of Leeds, held at Yarl's Wood, who was asked before any MP hears of her."""
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    return case
