"""How much of the group's rooms is said in another language: every page that there is, with a case that is full."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from flask import g
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.domain.safety.accounts import Role
from casework.services.language import languages, wordings
from casework.services.parliament.directory import directory
from casework.services.parliament.finding_seats import all_seats
from casework.storage.database import Base, db
from casework.web.reading import known
from tests import pseudo
from tests.conftest import settings_for
from tests.factories import make_user
from tests.full_case import full_case, full_member
from tests.fuzz.crawl import WORDS, Form, Page
from tests.web.test_every_door import OURS, House

# They end the session or change the language that is read.
NOT_SENT = {"accounts.sign_out", "locking.lock_everything", "home.language", "accounts.change_password"}
LEFT_OUT = {"static", "home.leave"}  # no pages
WHOLE = {
    "bins", "changes", "consent", "glossary", "group_papers", "hands", "imports", "languages", "letter_wordings",
    "needs", "one_date", "own_words", "retention", "rules", "second_factors", "sessions", "stall",
}  # fmt: skip
TAKES = re.compile(
    "remove|erase|close|withdraw|take_back|cancel|switch|stop|end$|leave|throw|discard|delete|intake"
)
# What was typed into these forms, and what a PDF lacks, as it is said to whoever looks after the templates.
TYPED = (WORDS, "A few words", "A heading is empty.")
# A link that was made, and what cannot stand in the words of a letter, which is said as the letter's file has it.
NOT_SAID_IN_THEIRS = ("http", "a paper for “")
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


class Forms:
    """The forms of the pages that were read, each sent once; what is said then, and what of it is left in English."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms, self.chance = rooms, Random(20261130)
        self.kept: dict[str, list[Form]] = {}
        self.flashes: set[str] = set()
        self.left: dict[str, str] = {}

    def keep(self, path: str, page: str) -> None:
        """Take note of the forms of a page, where none with these fields led to the same view."""
        urls = self.rooms.app.url_map.bind("localhost")
        for form in Page(path, page).forms:
            address = urlsplit(form.action).path
            if form.method == "post" and urls.test(address, "POST"):
                endpoint = urls.match(address, "POST")[0]
                known = self.kept.setdefault(endpoint, [])
                if endpoint not in NOT_SENT and form.fields not in [one.fields for one in known]:
                    known.append(form)

    def send(self) -> None:
        """Send them all, those that take something away after those that add, and the case itself last."""
        for endpoint in sorted(
            self.kept, key=lambda one: (one == "bins.put_case_away", bool(TAKES.search(one)), one)
        ):
            for form in self.kept[endpoint]:
                told = {
                    name: form.plausible(name, self.chance)
                    for name in form.fields
                    if form.kinds[name] != "file"
                }
                answer = self.rooms.clients["organiser"].post(form.action, data=told)
                assert answer.status_code < 500, endpoint
                is_page = answer.status_code in (200, 422) and answer.mimetype == "text/html"
                texts = [*(pseudo.texts_of(answer.text) if is_page else ()), *self._said_next()]
                data = self.rooms.data | pseudo.words_of([*told.values(), *TYPED])
                texts = [one for one in texts if not one.startswith(NOT_SAID_IN_THEIRS)]
                self.left |= dict.fromkeys(pseudo.english_among(texts, data), endpoint)

    def _said_next(self) -> list[str]:
        """What the next page would say above all else, in the language that nobody speaks."""
        with self.rooms.clients["organiser"].session_transaction() as session:
            messages = [message for _, message in session.pop("_flashes", ())]
        self.flashes |= {str(message) for message in messages}
        with self.rooms.app.test_request_context():
            g.words_read = wordings.words_in(pseudo.DATED.code)
            return [known(message) for message in messages]


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
    said, left, forms = set(), {}, Forms(rooms)
    for door in rooms.doors:
        if door.method != "GET" or door.endpoint in LEFT_OUT or door.endpoint.partition(".")[0] in LEFT_OUT:
            continue
        path = rooms.path(door, rooms.references["ours"], rooms.ids)
        status, body = rooms.ask("organiser", door, path)
        assert status < 500, door.endpoint
        assert "<B>" not in body, "a translation is words, and never a tag"
        assert '"&lt;B>' not in body.replace("&gt;", ">"), "and ends no attribute"
        if status == 200 and "<html" in body:
            assert f'<html lang="{pseudo.DATED.code}"' in body, door.endpoint
            texts = pseudo.texts_of(body)
            said.update(texts)
            left |= dict.fromkeys(pseudo.english_among(texts, rooms.data), door.endpoint)
            forms.keep(path, body)
    assert len(said) > 2_000
    assert len(left) / len(said) < MOST_LEFT, "\n".join(f"{room} | {text}" for text, room in left.items())
    assert {text: room for text, room in left.items() if room.partition(".")[0] in WHOLE} == {}
    forms.send()
    assert len(forms.flashes) > 25  # some pages ask once more before they save
    assert forms.left == {}, "\n".join(f"{room} | {text}" for text, room in forms.left.items())
