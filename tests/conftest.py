"""The application on a real encrypted database, and people signed in to it. The network is closed."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from casework.app import create_app
from casework.domain.accounts import Role
from casework.settings import Settings, load_settings
from casework.storage.database import db
from casework.storage.models import User
from tests.factories import make_user, signed_in
from tests.pages import Browser

# A busy machine is no wrong answer: how long an example may take is not what these tests are about.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

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


class Visitor(FlaskClient):
    """A client that is recognised anew with every request, although the test's own context stays open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


def settings_for(folder: Path, **given: object) -> Settings:
    """The settings of an instance in this folder."""
    return load_settings({}, instance=folder, group_name="Invented Welcome Group", **given)


@pytest.fixture(scope="session")
def empty_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with all its tables and nobody in it, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(settings_for(folder))
    with app.app_context():
        db.engine.dispose()
    return folder


@pytest.fixture
def instance(empty_instance: Path, tmp_path: Path) -> Path:
    """A fresh instance folder."""
    folder = tmp_path / "instance"
    shutil.copytree(empty_instance, folder)
    return folder


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """The application on a fresh instance, inside its context."""
    app = create_app(settings_for(instance))
    app.test_client_class = Visitor
    with app.app_context():
        yield app
        db.session.remove()
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
