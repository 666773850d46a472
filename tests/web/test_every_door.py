"""Every door of the house, tried by everybody: each address with each method, with the ids of a case that is full.

Nothing is listed here that a new page would have to be added to: the addresses come from the application, what each
asks for from its own mark, and what each role carries from one table. Only a new name of an id asks for its row.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from casework.app import create_app
from casework.domain.safety.accounts import ACTIONS, FOR_ALL_GROUPS, Action, Role
from casework.services.case import cases
from casework.services.safety import accounts, groups
from casework.storage.database import Base, db
from casework.storage.models import AuditEvent, RecentItem, Submission, User
from casework.storage.search_tables import REMADE
from casework.web.anybody import PUBLIC
from tests.conftest import settings_for, write_without_waiting
from tests.factories import make_user, signed_in
from tests.full_case import LEEDS_SOUTH, empty_tables, full_case, full_member
from tests.pages import NOTHING_OF_A_CASE, check_headers

OURS, OTHERS, THEIRS = "Ours", "Others", "Theirs"  # our case, another of our group, one of another group
NOT_ALLOWED, NOT_THERE = {403}, {404}
# Parts of an address that are no id, and a value with which it leads somewhere.
WORDS = {
    "gss_code": LEEDS_SOUTH, "rule_key": "bail_repeat_28_days", "template_key": "home-mp-urgent", "token": "x",
    "filename": "app.css", "code": "fa", "key": "x", "name": "bail_refused", "paper": "explanation", "step": "printed",
    "way": "po", "what": "place", "kind": "note", "which": "C-999", "paper_name": "x", "bin_kind": "note",
    "part": "objective", "door": "held", "question": "who", "finding": "language",
    "update_name": "x",
}  # fmt: skip
NUMBERS = {
    "number": 1,
    "position": 1,
    "change_id": 1,
    "version_id": 1,
    "passkey_id": 1,
    "session_id": 1,
    "backup_id": 1,
}
OF_A_GROUP = {
    "member_note_id",
    "entry_id",
    "plan_id",
    "meeting_id",
    "resting_id",
    "intake_id",
}  # rows of a group that are of no case
# The words of every page, for translators: one of them is the mark itself.
WORDS_OF_OURS = "languages.send_out"
ROW_OF = {"deadline": "deadline_id", "follow-up": "follow_up_id", "visit": "visit_id"}


@dataclass(frozen=True)
class Door:
    """One address with one method, and what it asks for."""

    endpoint: str
    method: str
    needs: Any
    names: tuple[str, ...]
    defaults: dict[str, Any]

    @property
    def is_of_a_case(self) -> bool:
        return "reference" in self.names

    @property
    def may_show_a_case(self) -> bool:
        """Rooms that show none are tried as another group and as an organiser, and not by all."""
        return self.is_of_a_case or self.endpoint.partition(".")[0] not in NOTHING_OF_A_CASE


class House:
    """The application with three full cases in it, and somebody of each kind signed in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.clients: dict[str, FlaskClient] = {}
        self.led_to = ""
        with app.app_context():
            write_without_waiting()
            self._fill()
        self.doors = list(self._doors())

    def _fill(self) -> None:
        ruth = make_user(Role.ORGANISER, f"{OURS}PERSON")
        full, full_other = full_case(ruth, OURS), full_case(ruth, OTHERS)
        ours, self.ids, self.hidden_ids = full.case, full.ids, full.hidden_ids
        other, self.other_ids = full_other.case, full_other.ids
        self.story_letter = full.story_letter
        group, _ = groups.add_group("Another Group")
        theirs_organiser = make_user(Role.ORGANISER, "Theirs NAME")
        theirs_organiser.group_id = group.id
        db.session.commit()
        full_theirs = full_case(theirs_organiser, THEIRS)
        theirs, self.their_ids = full_theirs.case, full_theirs.ids
        assert empty_tables(ours) == []
        self.ids |= full_member(ruth, OURS)
        self.their_ids |= full_member(theirs_organiser, THEIRS)
        self.references = {"ours": ours.reference, "other": other.reference, "theirs": theirs.reference}
        self.ids["user_id"], self.their_ids["user_id"] = ruth.id, theirs_organiser.id
        people = {"organiser": ruth, "other group": theirs_organiser}
        for role in (Role.CASEWORKER, Role.VOLUNTEER, Role.READER):
            people[str(role)] = make_user(role, f"{OURS}PERSON {role}")
            cases.add_to_team(ours, people[str(role)].id, ruth)
        next(one for one in ours.team if one.user.role == Role.CASEWORKER).sees = ""
        people["not on the team"] = make_user(Role.ORGANISER, "Nobody's friend")
        off = people["switched off"] = make_user(Role.ORGANISER, "Off")
        cases.add_to_team(ours, off.id, ruth)
        accounts.switch_off(off, ruth)
        db.session.commit()
        self.clients = {"stranger": self.app.test_client()}
        for name, user in people.items():
            self.clients[name] = self._signed_in(user)

    def _signed_in(self, user: User) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = signed_in(user), True
        return client

    def _doors(self) -> Iterator[Door]:
        for rule in self.app.url_map.iter_rules():
            view = self.app.view_functions[rule.endpoint]
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                needs = getattr(view, "allows" if method == "GET" else "allows_sending", view.allows)
                yield Door(rule.endpoint, method, needs, tuple(rule._converters), dict(rule.defaults or {}))

    def path(self, door: Door, reference: str, ids: dict[str, int]) -> str:
        """Where this door is, for the rows of one case."""
        values: dict[str, Any] = {**WORDS, **NUMBERS, **ids, "reference": reference} | door.defaults
        values["row_id"] = ids.get(ROW_OF.get(str(door.defaults.get("source", "")), "place_id"), 0)
        values.setdefault("user_id", self.ids["user_id"])
        unknown = [name for name in door.names if name not in values]
        assert not unknown, f"{door.endpoint}: say in tests/full_case.py which row {unknown} is"
        given = {name: values[name] for name in (*door.names, *door.defaults)}
        return self.app.url_map.bind("localhost").build(door.endpoint, given, method=door.method)

    def ask(self, who: str, door: Door, path: str) -> tuple[int, str]:
        # Without its token no form is read: what is tried here is whether it is shut even to one that has it.
        self.app.config["WTF_CSRF_ENABLED"] = door.method == "GET"
        answer = self.clients[who].open(path, method=door.method)
        check_headers(answer)
        self.led_to = answer.headers.get("Location", "")
        return answer.status_code, answer.get_data().decode("utf-8", "replace")

    def rows(self) -> dict[str, int]:
        """How many rows each table has, but for who looked at what, and what search reads from the others."""
        looks = (AuditEvent, RecentItem, Submission)
        left_out = {*(one.__tablename__ for one in looks), *REMADE}
        with self.app.app_context():
            return {
                table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
                if table.name not in left_out
            }


@pytest.fixture(scope="module")
def house(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("doors") / "instance"
    shutil.copytree(empty_instance, folder)
    app = create_app(settings_for(folder))
    yield House(app)
    with app.app_context():
        db.engine.dispose()


def wrong_answers(
    house: House, who: str, doors: list[Door], case: str, expected: Any, marks: tuple[str, ...]
) -> list[Any]:
    """The doors that answer otherwise than expected, or let out what is marked."""
    ids = {"ours": house.ids, "other": house.other_ids, "theirs": house.their_ids}[case]
    found = []
    for door in doors:
        path = house.path(door, house.references[case], ids)
        status, body = house.ask(who, door, path)
        wanted = expected(door) if callable(expected) else expected
        if status not in wanted or any(mark in body for mark in marks):
            found.append((door.method, path, status, [mark for mark in marks if mark in body]))
    return found


def carries(role: Role, door: Door) -> bool:
    return door.needs in ACTIONS[role]


@pytest.mark.parametrize("who", ["stranger", "switched off"])
def test_whoever_is_not_signed_in_is_asked_to_and_changes_nothing(house: House, who: str) -> None:
    before = house.rows()
    shut = [door for door in house.doors if door.needs != PUBLIC]
    assert len(shut) > 200
    assert wrong_answers(house, who, shut, "ours", asked_to_sign_in(house), (OURS,)) == []
    assert house.rows() == before


def asked_to_sign_in(house: House) -> Callable[[Door], set[int]]:
    """What answers whoever is not signed in: the way to sign in, and to a script only that they are not."""
    return lambda _: {302, 401} if "/sign-in" in house.led_to else {401}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_turned_away_from_what_it_does_not_carry(house: House, role: Role) -> None:
    before = house.rows()
    shut = [door for door in house.doors if isinstance(door.needs, Action) and not carries(role, door)]
    assert wrong_answers(house, str(role), shut, "ours", NOT_ALLOWED, (OURS,)) == []
    assert house.rows() == before


def test_a_case_is_not_there_for_those_who_do_not_work_on_it(house: House) -> None:
    before = house.rows()
    inside = [door for door in house.doors if door.is_of_a_case]
    assert wrong_answers(house, "not on the team", inside, "ours", NOT_THERE, (OURS,)) == []
    assert house.rows() == before


def test_another_group_finds_none_of_our_cases_and_none_of_our_people(house: House) -> None:
    before = house.rows()

    def expected(door: Door) -> set[int]:
        return NOT_ALLOWED if door.needs in FOR_ALL_GROUPS else NOT_THERE

    named = {"reference", "user_id", "case_id"} | OF_A_GROUP
    ours = [door for door in house.doors if named & set(door.names)]
    assert wrong_answers(house, "other group", ours, "ours", expected, (OURS,)) == []
    everywhere = [
        door
        for door in house.doors
        if door.method == "GET"
        and door not in ours
        and door.needs != PUBLIC
        and door.endpoint != WORDS_OF_OURS
    ]
    anything = set(range(200, 500))
    assert wrong_answers(house, "other group", everywhere, "ours", anything, (OURS,)) == []
    assert house.rows() == before


@pytest.mark.parametrize("case", ["other", "theirs"])
def test_a_row_of_another_case_is_not_there_under_our_case(house: House, case: str) -> None:
    """By an organiser, who may enter every door: the address names our case, and the row of another one."""
    before = house.rows()
    ids = {"other": house.other_ids, "theirs": house.their_ids}[case]
    mark = OTHERS if case == "other" else THEIRS
    found = []
    for door in house.doors:
        of_rows = [name for name in door.names if name in ids or name == "row_id"]
        if not door.is_of_a_case or not of_rows or of_rows == ["user_id"]:
            continue
        path = house.path(door, house.references["ours"], ids)
        status, body = house.ask("organiser", door, path)
        if status != 404 or mark in body:
            found.append((door.method, path, status))
    assert found == []
    assert house.rows() == before


@pytest.mark.parametrize(
    ("who", "marks"),
    [
        ("volunteer", ("OursSTORY", "OursHIDDEN", OTHERS, THEIRS)),
        ("reader", ("OursHIDDEN", OTHERS, THEIRS)),
    ],
)
def test_what_somebody_may_open_tells_no_more_than_they_may_know(
    house: House, who: str, marks: tuple[str, ...]
) -> None:
    role = Role(who)
    doors = [door for door in house.doors if door.method == "GET" and isinstance(door.needs, Action)]
    allowed = [door for door in doors if carries(role, door) and door.may_show_a_case]
    assert len(allowed) > 40
    opens = set(range(200, 400)) | {404, 422}
    assert wrong_answers(house, who, allowed, "ours", opens, marks) == []


def test_what_is_hidden_from_a_caseworker_is_not_there_for_them(house: House) -> None:
    """This one may change everything in the case, and is shown nothing that is hidden."""
    before = house.rows()
    found = []
    for door in house.doors:
        named = {name for name in door.names if name in house.hidden_ids or name == "row_id"}
        if not door.is_of_a_case or not named or not carries(Role.CASEWORKER, door):
            continue
        path = house.path(door, house.references["ours"], {**house.ids, **house.hidden_ids})
        if door.defaults.get("source") != "deadline":
            status, body = house.ask("caseworker", door, path)
            found += [(door.method, path, status)] if status != 404 or "OursHIDDEN" in body else []
    assert found == []
    assert house.rows() == before
    forms = [
        door
        for door in house.doors
        if door.method == "GET" and carries(Role.CASEWORKER, door) and not carries(Role.READER, door)
    ]
    opens = set(range(200, 400)) | {404, 422}
    assert wrong_answers(house, "caseworker", forms, "ours", opens, ("OursHIDDEN", OTHERS, THEIRS)) == []


def test_a_letter_that_tells_the_story_is_not_there_for_a_volunteer(house: House) -> None:
    before = house.rows()
    of_letters = [door for door in house.doors if "letter_id" in door.names and carries(Role.VOLUNTEER, door)]
    assert len(of_letters) > 10
    for door in of_letters:
        path = house.path(door, house.references["ours"], house.ids | {"letter_id": house.story_letter})
        status, body = house.ask("volunteer", door, path)
        assert status == 404, (door.method, path)
        assert "OursSTORY" not in body, path
    assert house.rows() == before


def test_an_organiser_gets_into_every_room_and_finds_what_is_there(house: House) -> None:
    """Else the tests above would prove nothing: the ids are those of rows that are there, and the marks are shown."""
    seen = ""
    shut = []
    for door in house.doors:
        if door.method == "GET" and isinstance(door.needs, Action):
            status, body = house.ask("organiser", door, house.path(door, house.references["ours"], house.ids))
            seen += body
            if status >= 400:
                shut.append((door.endpoint, status))
    assert all(mark in seen for mark in ("OursNAME", "OursSTORY", "OursHIDDEN"))
    assert [one for one in shut if one[1] not in (404, 422)] == []
    assert len(shut) < 25, shut
