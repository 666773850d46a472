"""What lies sealed in the database is read under the new key: second factors, the bin, the trail."""

from datetime import timedelta

import pyotp
import pytest

from casework import clock
from casework.app import create_app
from casework.domain.safety.bins import BinKind
from casework.services.case import notes
from casework.services.safety import audit, bins, second_factors, sessions
from casework.storage import rotation
from casework.storage.database import db
from casework.storage.models import Case, User
from tests.conftest import settings_for
from tests.factories import add_note, make_case, make_user

# The key of a database on PostgreSQL is not changed while it is there.
pytestmark = pytest.mark.sqlcipher


def a_group_that_keeps_secrets(instance) -> tuple[str, list[str]]:
    """Ruth has a code app and codes on paper, and threw a note away: her app's secret and the codes."""
    with create_app(settings_for(instance)).app_context():
        ruth = make_user(name="Ruth Ellery")
        sessions.add(ruth, "")
        secret = pyotp.random_base32()
        before = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
        codes = second_factors.set_up_app(ruth, secret, before)
        case = make_case(ruth, name="Samira")
        note = add_note(case, "She likes tea.", ruth)
        notes.remove_note(case, note.id, ruth)
        db.session.remove()
        db.engine.dispose()
    return secret, codes or []


def test_second_factors_the_bin_and_the_trail_hold_under_a_new_key(instance):
    secret, codes = a_group_that_keeps_secrets(instance)
    rotation.rotate(settings_for(instance), None)
    with create_app(settings_for(instance)).app_context():
        ruth, case = db.session.query(User).one(), db.session.query(Case).one()
        assert second_factors.check_code(ruth, pyotp.TOTP(secret).at(clock.now())) == "code"
        assert second_factors.check_code(ruth, codes[0]) == "recovery code"
        [thrown] = bins.list_bin(case)
        bins.bring_back(case, BinKind.NOTE, thrown.id, ruth)
        assert [note.text for note in case.notes] == ["She likes tea."]
        assert audit.verify().broken == ()
        db.session.remove()
        db.engine.dispose()
