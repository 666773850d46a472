"""An instance with one case and somebody who can sign in to it with a password."""

from pathlib import Path

import pytest

from casework.app import create_app
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts
from casework.storage.database import db
from tests.conftest import settings_for
from tests.factories import home, make_case
from tests.faults.real import forking

NAME, PASSWORD = "ruth", "lantern gravel otter"


@pytest.fixture(scope="module")
def on(tmp_path_factory):
    """What begins servers on an instance: `with on(folder) as servers`."""
    with forking(tmp_path_factory.mktemp("loaded") / "instance") as begin:
        yield begin


@pytest.fixture
def group(instance: Path) -> Path:
    """The folder of the instance; the case is C-1."""
    with create_app(settings_for(instance)).app_context():
        ruth, token = accounts.add_user("Ruth Ellery", NAME, Role.ORGANISER)
        accounts.use_link(token, PASSWORD)
        make_case(ruth, home(), name="Samira")
        db.session.remove()
        db.engine.dispose()
    return instance
