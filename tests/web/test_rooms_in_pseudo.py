"""How much of the group's rooms is said in another language: every page that there is, with a case that is full."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.domain.safety.accounts import Role
from casework.services.language import languages
from casework.services.parliament.directory import directory
from casework.services.parliament.finding_seats import all_seats
from casework.storage.database import Base, db
from tests import pseudo
from tests.conftest import settings_for
from tests.factories import make_user
from tests.full_case import full_case, full_member
from tests.web.test_every_door import OURS, House

LEFT_OUT = {"static", "home.leave"}  # no pages
WHOLE = {
    "bins", "changes", "consent", "glossary", "group_papers", "hands", "imports", "languages", "letter_wordings",
    "needs", "one_date", "own_words", "retention", "rules", "second_factors", "sessions", "stall",
}  # fmt: skip
MOST_LEFT = 0.01  # of the texts; it may only come down


class Rooms(House):
    """One full case, and its organiser, who reads a language that nobody speaks."""

    def _fill(self) -> None:
        ruth = make_user(Role.ORGANISER, f"{OURS}PERSON")
        full = full_case(ruth, OURS)
        self.ids = full.ids | full_member(ruth, OURS) | {"user_id": ruth.id}
        self.references = {"ours": full.case.reference}
        ruth.language = pseudo.DATED.code
        db.session.commit()
        self.clients = {"organiser": self._signed_in(ruth)}
        own_names = [one.own_name for one in languages.list_languages()]
        texts = [
            "Casework",
            *own_names,
            pseudo.PSEUDO.name,
            *(str(one) for one in all_seats(clock.today())),
            *map(str, directory().places()),
        ]
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                texts += [json.dumps(one, ensure_ascii=False, default=str) for one in row]
        self.data = pseudo.words_of(texts)


@pytest.fixture(scope="module")
def rooms(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    folder = tmp_path_factory.mktemp("rooms") / "instance"
    shutil.copytree(empty_instance, folder)
    pseudo.speak_it(folder)
    app = create_app(settings_for(folder))
    yield Rooms(app)
    with app.app_context():
        db.engine.dispose()


def test_little_of_the_rooms_is_left_in_english_and_nothing_of_those_that_are_whole(rooms: Rooms) -> None:
    said, left = set(), {}
    for door in rooms.doors:
        if door.method != "GET" or door.endpoint in LEFT_OUT or door.endpoint.partition(".")[0] in LEFT_OUT:
            continue
        status, body = rooms.ask("organiser", door, rooms.path(door, rooms.references["ours"], rooms.ids))
        assert status < 500, door.endpoint
        assert "<B>" not in body, "a translation is words, and never a tag"
        assert '"&lt;B>' not in body.replace("&gt;", ">"), "and ends no attribute"
        if status == 200 and "<html" in body:
            assert f'<html lang="{pseudo.DATED.code}"' in body, door.endpoint
            texts = pseudo.texts_of(body)
            said.update(texts)
            left |= dict.fromkeys(pseudo.english_among(texts, rooms.data), door.endpoint)
    assert len(said) > 2_000
    assert len(left) / len(said) < MOST_LEFT, left
    assert {text: room for text, room in left.items() if room.partition(".")[0] in WHOLE} == {}
