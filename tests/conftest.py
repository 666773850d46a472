"""The application on a real encrypted database, and people signed in to it. The network is closed."""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from casework import clock
from casework.app import create_app
from casework.domain.safety.accounts import Role
from casework.settings import Settings, load_settings
from casework.storage.database import db
from casework.storage.models import User
from casework.storage.opening import open_instance
from casework.web.safety.sweep import LOOKED
from tests import cost
from tests.databases import POSTGRESQL, SQLCIPHER, AsAtFirst, make_database, wanted
from tests.examples import HOUSE, THOROUGH
from tests.factories import make_user, signed_in
from tests.pages import Browser

# A busy machine is no wrong answer: how long an example may take is not what these tests are about.
hypothesis_settings.register_profile(HOUSE, deadline=None)
hypothesis_settings.register_profile(THOROUGH, deadline=None)

# Each test has an application of its own, and Werkzeug would compile the same addresses anew for each of them: most of
# what an application costs. What it makes of a rule depends on the rule alone.
_compiled: dict[tuple[object, ...], Callable[..., Any]] = {}
_compile_builder = Rule._compile_builder


def _compiled_once(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    made_from = (
        self.rule,
        self.subdomain,
        self.host,
        repr(self.defaults),
        self.merge_slashes,
        append_unknown,
    )
    if made_from not in _compiled:
        _compiled[made_from] = _compile_builder(self, append_unknown)
    return _compiled[made_from]


Rule._compile_builder = _compiled_once  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """Nothing but this machine can be reached."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        return real(self, address)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _without_waiting_for_the_disk() -> Iterator[None]:
    """No test is about a power cut of this machine: what a killed program wrote is there without it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _little_cost() -> Iterator[None]:
    """Passphrases and passwords are tried at next to no cost, but where a test is about what they cost."""
    with pytest.MonkeyPatch.context() as patch:
        cost.take_little(patch)
        yield


class Visitor(FlaskClient):
    """A client that is recognised anew with every request, although the test's own context stays open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


def settings_for(folder: Path, **given: object) -> Settings:
    """The settings of an instance in this folder."""
    return load_settings({}, instance=folder, group_name="Invented Welcome Group", **given)


@dataclass(frozen=True)
class Started:
    """An application of this process, and its folder and database as they were when nobody was in them yet."""

    app: Flask
    folder: Path
    empty: Path
    config: dict[str, Any]
    extensions: dict[str, Any]
    database: AsAtFirst | None

    def put_back(self) -> None:
        """Have the data, the settings and what the application keeps in memory be as they were at the start."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.empty, self.folder)
        if self.database:
            self.database.put_back()
        for kept, at_first in ((self.app.config, self.config), (self.app.extensions, self.extensions)):
            kept.clear()
            kept.update(at_first)
        self.app.extensions |= {
            "casework": open_instance(settings_for(self.folder)),
            LOOKED: clock.now(),
        }


# What takes longest is begun first, so that at the end no core waits for the last test of another.
BEGUN_FIRST = ("faults", "fuzz", "house", "journeys", "test_every_door.py", "test_rooms_in_pseudo.py", "pdf")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", help="the address of a server on which the tests may make databases")
    parser.addoption(
        "--thorough",
        action="store_true",
        help="every page on both databases, and every property with all its examples",
    )


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile(THOROUGH if config.getoption("--thorough") else HOUSE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have what touches the database run on each of them."""
    if "started" in metafunc.fixturenames:
        asked = metafunc.config.getoption
        kinds = wanted(metafunc, asked("--postgresql"), thorough=asked("--thorough"))
        metafunc.parametrize("started", kinds, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about PostgreSQL alone where there is none; `script/test` says so. What is long comes first."""
    if config.getoption("--postgresql") is None:
        left_out = [item for item in items if item.get_closest_marker(POSTGRESQL)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    parts = item.path.parts
    return next((turn for turn, one in enumerate(BEGUN_FIRST) if one in parts), len(BEGUN_FIRST))


def pytest_collection_finish() -> None:
    leave_to_stay()
    gc.set_threshold(50_000, 20, 20)


def leave_to_stay() -> None:
    """Have the collector not look again and again at what is there to the end: libraries, tests, an application."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def applications(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application for each database, put together once: rooms, and pages made into code, are the same for all."""
    made: dict[str, Started] = {}

    def application(kind: str) -> Started:
        if kind not in made:
            server = pytestconfig.getoption("--postgresql") if kind == POSTGRESQL else None
            made[kind] = start(tmp_path_factory.mktemp("casework"), server)
        return made[kind]

    yield application
    for one in made.values():
        if one.database:
            one.database.close()
        with one.app.app_context():
            db.engine.dispose()


def start(place: Path, server: str | None) -> Started:
    """An application on a new instance in this place; with a server its database is a new one there."""
    folder = place / "instance"
    if server:
        folder.mkdir()
        address = make_database(server, "casework")
        # Where every program that a test starts on this folder finds it.
        (folder / "settings.toml").write_text(f'database_url = "{address}"\n')
    app = create_app(settings_for(folder))
    app.test_client_class = Visitor
    leave_to_stay()
    with app.app_context():
        database = AsAtFirst(db.engine) if server else None
        if not server:
            write_without_waiting()
        db.engine.dispose()
    shutil.copytree(folder, place / "empty")
    return Started(app, folder, place / "empty", dict(app.config), dict(app.extensions), database)


def write_without_waiting() -> None:
    """Have no test wait for the disk at the file of this application."""
    db.engine.dispose()
    event.listen(db.engine, "connect", _without_waiting)


def _without_waiting(connection: Any, record: object) -> None:
    """Nothing in it is worth a write to the disk either; tests/faults ask for that of servers of their own."""
    connection.execute("PRAGMA synchronous=off")


@pytest.fixture
def started(request: pytest.FixtureRequest, applications: Callable[[str], Started]) -> Started:
    """The application on the database that this test is about."""
    return applications(request.param)


@pytest.fixture(scope="session")
def empty_instance(applications: Callable[[str], Started]) -> Path:
    """An instance with all its tables and nobody in it, for a test to copy."""
    return applications(SQLCIPHER).empty


@pytest.fixture
def instance(started: Started) -> Path:
    """A fresh instance folder: its tables are there, and nobody is in it."""
    started.put_back()
    return started.folder


@pytest.fixture
def app(started: Started, instance: Path) -> Iterator[Flask]:
    """The application on a fresh instance, inside its context."""
    with started.app.app_context():
        yield started.app
        db.session.remove()
        if not started.database:  # its file is about to be another one
            db.engine.dispose()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], Browser]:
    """Put somebody into a browser of their own, signed in."""

    def enter(user: User) -> Browser:
        client, token = app.test_client(), signed_in(user)
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return Browser(client)

    return enter


@pytest.fixture
def organiser(app: Flask) -> User:
    """Ruth, who runs the group."""
    return make_user(Role.ORGANISER, "Ruth Ellery")


@pytest.fixture
def browser(sign_in: Callable[[User], Browser], organiser: User) -> Browser:
    """Ruth's browser, signed in."""
    return sign_in(organiser)


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Somebody who has not signed in."""
    return Browser(app.test_client())
