"""PostgreSQL itself keeps groups apart: raw SQL in a request of one finds and changes no row of another."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask, request_finished
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, NullPool, Row, Table, create_engine, select, text
from sqlalchemy.exc import DBAPIError

from casework import clock
from casework.commands.check_groups import check_groups
from casework.commands.checks import Grade
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.domain.safety.bins import BinKind
from casework.services.campaign import ladder
from casework.services.case import notes, search_index
from casework.services.letters import go_bags
from casework.services.letters.go_bags import NewBag
from casework.services.safety import bins, case_moves, erasing, groups, one_time_links
from casework.services.safety.one_time_links import Purpose
from casework.storage import models, row_trees, tenants
from casework.storage.asking import Asking, asking_for, every_group
from casework.storage.database import Base, db
from casework.storage.models import User
from tests.conftest import settings_for
from tests.factories import add_note, home, make_case, make_user, signed_in
from tests.full_case import full_case, full_member
from tests.services.safety.case_files import PASSPHRASE, bring_in, exported
from tests.supporters import make_supporters
from tests.throwaway_postgres import SUPERUSER

pytestmark = pytest.mark.postgresql
RULED = [table for table in Base.metadata.sorted_tables if table.name not in tenants.OF_THE_MACHINE]
Keys = dict[str, set[tuple[Any, ...]]]


def keys_in(connection: Connection) -> Keys:
    """The keys of all rows that this connection sees, asked past the models."""
    return {table.name: {tuple(row) for row in connection.execute(keys_of(table))} for table in RULED}


def keys_of(table: Table) -> Any:
    return text(f"SELECT {', '.join(column.name for column in table.primary_key)} FROM {table.name}")


@pytest.fixture
def zoe(app: Flask, organiser: User) -> User:
    """Zoë, who runs another group on this server, with a row in every table that belongs to a group."""
    full_case(organiser, "Ours")
    full_member(organiser, "Ours")
    group, _ = groups.add_group("Another Group")
    zoe = make_user(Role.ORGANISER, "Zoë")
    zoe.group_id = group.id
    db.session.commit()
    case = full_case(zoe, "Theirs").case
    full_member(zoe, "Theirs")
    now, by = clock.now(), {"user_id": zoe.id, "made_at": clock.now()}
    db.session.add_all([
        models.CodeApp(secret=b"x", last_step=0, **by),
        models.Passkey(name="x", credential_id=b"x", public_key=b"x", sign_count=0, **by),
        models.RecoveryCode(user_id=zoe.id, code_hash="x"),
        models.CalendarFeed(token_hash="x", **by),
        models.LetterWording(key="home-mp-urgent", written_at=now, written_by_id=zoe.id, group_id=group.id),
        models.MemberCheck(
            gss_code="x", member_name="x", checked_on=date(2026, 1, 1), checked_by_id=zoe.id, group_id=group.id
        ),
        models.MemberContact(gss_code="x", due_on=date(2026, 1, 1), group_id=organiser.group_id),
        models.MemberContact(gss_code="x", due_on=date(2026, 1, 1), group_id=group.id),
        models.ErasedCase(erased_case_id=998, reference="X-8", erased_at=now, group_id=organiser.group_id),
        models.ErasedCase(erased_case_id=case.id, reference="X-9", erased_at=now, group_id=group.id),
        models.CaseReference(case_id=case.id, kind="x", value="x"),
    ])  # fmt: skip
    one_time_links.make(Purpose.NEW_PASSWORD, zoe)
    signed_in(zoe)
    db.session.commit()
    search_index.take_in()
    return zoe


def in_a_request(app: Flask, browser: Any, what: Callable[[Connection], Any]) -> Any:
    """What this finds on the session's own connection, while a page is being made for whoever is signed in."""
    found: list[Any] = []

    def look(_app: Flask, **_: Any) -> None:
        found.append(what(db.session.connection()))
        db.session.rollback()

    with request_finished.connected_to(look, app):
        assert browser.client.get("/you").status_code == 200
    return found[0]


def test_raw_sql_in_a_request_sees_every_row_of_its_group_and_none_of_another(app, browser, zoe, sign_in):
    everything, of_zoe = keys_in(db.session.connection()), in_a_request(app, sign_in(zoe), keys_in)
    of_ruth = in_a_request(app, browser, keys_in)
    for table, seen in everything.items():
        assert of_zoe[table], f"{table} wants a row of another group in this test"
        assert not of_ruth[table] & of_zoe[table], table
        assert of_ruth[table] | of_zoe[table] >= seen, table


def test_what_keeps_it_so_is_what_the_transaction_says(app, browser, zoe):
    def look(connection: Connection) -> tuple[Keys, Keys, Keys]:
        before = keys_in(connection)
        with every_group():
            all_of_them = keys_in(connection)
        return before, all_of_them, keys_in(connection)

    before, all_of_them, after = in_a_request(app, browser, look)
    assert before == after
    assert all(before[table.name] < all_of_them[table.name] for table in RULED)
    with create_engine(db.engine.url, poolclass=NullPool).connect() as silent:
        assert not any(keys_in(silent).values()), "who says nothing sees nothing"


def test_raw_sql_in_a_request_writes_no_row_of_another_group(app, browser, zoe):
    of_zoe = {
        table: db.session.execute(select(table).order_by(*(c.desc() for c in table.primary_key))).first()
        for table in RULED
    }

    def try_it(connection: Connection) -> list[str]:
        return [
            f"{table.name} {done}"
            for table, row in of_zoe.items()
            for done in (change(connection, table, row), put_in(connection, table, row))
            if done
        ]

    assert in_a_request(app, browser, try_it) == []
    # Nor is anything of its own given away by mistake.
    theirs = db.session.scalar(select(User.group_id).where(User.id == zoe.id))
    for given in (
        f"UPDATE cases SET group_id = {theirs}",
        "UPDATE case_notes SET case_id = 2",
        "UPDATE erased_cases SET erased_case_id = 2",  # which would show the trail of that case
    ):
        assert in_a_request(app, browser, lambda connection, sql=given: is_refused(connection, text(sql)))


def change(connection: Connection, table: Table, row: Row[Any]) -> str:
    if table.name == "audit_events":  # of its own no row can be changed either
        return ""
    this = [column == row._mapping[column] for column in table.primary_key]
    where = dict.fromkeys([next(iter(table.primary_key)).name], next(iter(table.primary_key)))
    changed = connection.execute(table.update().where(*this).values(where)).rowcount
    return "was changed" if changed + connection.execute(table.delete().where(*this)).rowcount else ""


def put_in(connection: Connection, table: Table, row: Row[Any]) -> str:
    return "" if is_refused(connection, table.insert().values(dict(row._mapping))) else "was put in"


def is_refused(connection: Connection, statement: Any) -> bool:
    """Whether the database lets nobody do this; whatever else is wrong with it counts as done."""
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except DBAPIError as error:
        return isinstance(error.orig, InsufficientPrivilege)
    return False


def test_nobody_of_another_group_is_seen_by_naming_them_in_a_row_of_ones_own(app, sign_in, organiser, zoe):
    """As Zoë, who has a row in every table; Ruth is named in each column that leads to somebody, old row and new."""
    columns = [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "users"
    ]
    ruth, herself, account = organiser.id, zoe.id, User.__table__.c
    their_hash = select(account.password_hash).where(account.id == ruth)

    def try_it(connection: Connection) -> list[str]:
        found = []
        for table, column in columns:
            row = connection.execute(select(table)).first()
            assert row is not None, f"{table} wants a row in this test"
            kept = dict(row._mapping)
            this = [one == kept[one.name] for one in table.primary_key]
            new = {name: value for name, value in kept.items() if name != "id"}
            for way in (table.update().where(*this), table.insert().values(new)):
                if not is_refused(connection, way.values({column.name: ruth})):
                    found.append(f"{column} can name her")
                if is_refused(connection, way.values({column.name: herself})):
                    found.append(f"{column} cannot name Zoë herself")
            if connection.scalar(their_hash):
                found.append(f"{column} shows her password")
        return found

    assert len(columns) > 50
    assert in_a_request(app, sign_in(zoe), try_it) == []


def test_whoever_wrote_in_a_case_that_came_from_elsewhere_keeps_their_name_there_and_no_more(
    app, organiser, zoe, sign_in
):
    case = make_case(organiser)
    add_note(case, "Told on the phone.", organiser)
    case_moves.offer(case, zoe.group_id, organiser, agreed=True)
    browser = sign_in(zoe)
    case_moves.take(case.id, zoe)
    assert "Ruth Ellery" in browser.get(f"/cases/{case.reference}")
    seen = in_a_request(app, browser, keys_in)
    assert (organiser.id,) in seen["users"]
    theirs = text("SELECT count(*) FROM sessions JOIN users ON users.id = user_id WHERE group_id = 1")
    assert in_a_request(app, browser, lambda connection: connection.scalar(theirs)) == 0
    rename = text("UPDATE users SET name = 'x' WHERE group_id = 1")
    assert in_a_request(app, browser, lambda connection: connection.execute(rename).rowcount) == 0


def test_what_somebody_did_whom_nothing_else_names_is_changed_taken_out_and_put_back_as_theirs(
    app, organiser, zoe, sign_in
):
    anna = make_user(Role.CASEWORKER, "Anna Away")
    case, kept = make_case(organiser), make_case(organiser)
    note, ada = add_note(case, "Told on the phone.", anna), make_supporters(case, 1)[0].supporter_id
    act = ladder.record_act(case, ada, "card", clock.today(), anna, agreed=True).id
    tree = row_trees.read(db.session.connection(), models.CaseNote.__table__, note.id)
    in_kept = bins.keep(BinKind.NOTE, note.id, tree, kept.id, organiser).id
    case_id = case.id
    case_moves.offer(case, zoe.group_id, organiser, agreed=True)
    browser, of_zoe = sign_in(zoe), partial(asking_for, groups.asking_of(zoe))
    case_moves.take(case.id, zoe)

    def finds(sql: str) -> int:
        return int(in_a_request(app, browser, lambda connection: connection.execute(text(sql)).rowcount))

    seen, change = (
        f"SELECT FROM users WHERE id = {anna.id}",
        f"UPDATE case_notes SET hidden = NULL WHERE id = {note.id}",
    )
    assert (finds(seen), finds(change)) == (1, 1)
    with of_zoe():
        was, in_bin = ladder.remove_act(case, act, zoe), notes.remove_note(case, note.id, zoe)
    assert finds(seen) == 0
    with of_zoe():
        ladder.put_act_back(case, was, zoe)
        ladder.remove_act(case, db.session.scalars(select(models.SupporterAct.id)).all()[-1], zoe)
        bins.bring_back(case, BinKind.NOTE, in_bin, zoe)
    assert finds(seen) == 1
    assert "Anna Away" in browser.get(f"/cases/{case.reference}/notes")
    with asking_for(groups.asking_of(organiser)), pytest.raises(CaseworkError):
        bins.bring_back(kept, BinKind.NOTE, in_kept, organiser)  # a row of what is their case now
    with of_zoe():
        erasing.erase_case(case, db.session.get_one(User, zoe.id))
    assert finds(f"SELECT FROM audit_events WHERE case_id = {case_id} AND action = 'case erased'") == 1


def test_the_doctor_says_whether_the_database_keeps_groups_apart_for_this_name(app, instance):
    address = db.engine.url.render_as_string(hide_password=False)
    settings = settings_for(instance, database_url=address)
    assert check_groups(settings).grade is Grade.WELL
    unbound = settings_for(instance, database_url=address.replace("//casework@", f"//{SUPERUSER}@"))
    assert check_groups(unbound).grade is Grade.LOOK
    groups.add_group("Another Group")
    assert check_groups(unbound).grade is Grade.WRONG


def test_a_case_file_comes_into_another_group_here_while_the_first_keeps_the_case_and_its_go_bags(
    app, organiser
):
    case = make_case(organiser, home())
    bag, _ = go_bags.make(
        case, NewBag(Audience.PERSON, "Ruth", clock.today() + timedelta(days=3)), PASSPHRASE, organiser
    )
    content, token = exported(case), bag.token
    group, _ = groups.add_group("Another Group")
    zoe = make_user(Role.ORGANISER, "Zoë")
    zoe.group_id = group.id
    db.session.commit()
    with asking_for(Asking(group=group.id)):
        added = bring_in(content, zoe).case
        (there,) = go_bags.list_bags(added)
        assert (there.token, there.log_key) == (None, None)
    assert go_bags.list_bags(case)[0].token == token
