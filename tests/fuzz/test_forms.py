"""Whatever is sent to any form, address or query of the house is answered with a sound page that runs nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from casework.app import create_app
from casework.storage.database import db
from tests.conftest import Visitor, settings_for
from tests.fuzz.crawl import Crawl
from tests.fuzz.house import House, fill

SEED = 20260601
# Each of these hashes a password or draws pages at every try, at leisure.
SLOW = {
    "accounts.sign_in": 1,
    "accounts.change_password": 1,
    "accounts.join": 1,
    "accounts.first_visit": 1,
    "packs.new_pack": 1,
}


@pytest.fixture(scope="module")
def full(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, House]]:
    """The application on an instance with something in every room, and who is in it."""
    folder = tmp_path_factory.mktemp("full") / "instance"
    shutil.copytree(empty_instance, folder)
    app = create_app(settings_for(folder))
    app.test_client_class = Visitor
    with app.app_context():
        yield app, fill()
        db.session.remove()
        db.engine.dispose()


def crawl_of(app: Flask, user: int | None, seed: int = SEED) -> Crawl:
    """A crawl as this person, or as a stranger."""
    return Crawl(app, app.test_client(), seed, user)


def test_a_stranger_s_words_break_no_public_page(full: tuple[Flask, House]) -> None:
    app, house = full
    crawl = crawl_of(app, None)
    crawl.walk(*house.public)
    crawl.submit_all(2, SLOW)
    crawl.ask_queries(1)
    assert crawl.faults == []
    assert {"campaign_letters.after", "stop.show", "accounts.join"} <= {key[0] for key in crawl.forms}


def test_hostile_words_in_every_form_and_address_break_no_page_and_run_on_none(
    full: tuple[Flask, House],
) -> None:
    app, house = full
    crawl = crawl_of(app, house.organiser)
    crawl.walk(*house.inside)
    crawl.ask_queries(1)
    crawl.ask_paths(1)
    crawl.invent_forms()
    assert crawl.submit_all(1, SLOW) > 100
    crawl.look_again()
    assert crawl.faults == []
