"""Nothing is left of an erased case: in no table, on no page of the database, in no file."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from flask import Flask
from sqlalchemy import JSON, Date, Integer, LargeBinary, String, Text, delete, insert, select

from casework import clock
from casework.domain.errors import CaseworkError
from casework.services.campaign import known_supporters, supporters
from casework.services.case import cases
from casework.services.letters import papers
from casework.services.safety import audit, erasing
from casework.storage import case_rows, hosted
from casework.storage.database import Base, Instant, connect, db
from casework.storage.instance import current_instance
from casework.storage.models import Case, Submission, Supporter, TeamMember, User
from tests.factories import home, make_case

PAGE, RESERVED, SALT = 4096, 80, 16


class Markers:
    """Words that stand nowhere else, each for one column, as short as any column. `name` stands before each."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.of: dict[str, str] = {}

    def make(self, column: str) -> str:
        self.of[column] = f"{self.name}Q{len(self.of):03}z"
        return self.of[column]

    def found_in(self, content: bytes) -> list[str]:
        return [column for column, marker in self.of.items() if marker.encode() in content]


def plant(case: Case, actor: User, markers: Markers) -> None:
    """One row in each table of a case, with a marker in each column that takes words."""
    connection = db.session.connection()
    connection.execute(delete(TeamMember).where(TeamMember.case_id == case.id))
    ids: dict[str, int] = {"users": actor.id, "cases": case.id}
    friend = Supporter.__table__
    ids["supporters"] = connection.execute(
        insert(friend).values(**filled(friend, ids, markers)).returning(friend.c.id)
    ).scalar_one()
    for table in case_rows.tables_of_a_case():
        if table.name == "case_keys":  # it was made with the case, and holds no words
            continue
        if table.name == "cases":
            named = filled(
                table, ids, markers, but=("reference", "id", "group_id", "version", "binned_at", "emptied_on")
            )
            connection.execute(table.update().where(table.c.id == case.id).values(**named))
            continue
        values = filled(table, ids, markers)
        ids[table.name] = connection.execute(
            insert(table).values(**values).returning(table.primary_key.columns[0])
        ).scalar_one()
    db.session.commit()


def filled(table, ids, markers, but=("id", "group_id")):
    """A value for each column of this table."""
    values: dict[str, object] = {}
    for column in table.c:
        if column.name in but:
            continue
        target = next((key.column.table.name for key in column.foreign_keys), None)
        if target:
            values[column.name] = ids.get(target)
        elif isinstance(column.type, JSON):
            values[column.name] = {"told": [markers.make(f"{table.name}.{column.name}")]}
        elif isinstance(column.type, LargeBinary):
            values[column.name] = markers.make(f"{table.name}.{column.name}").encode()
        elif isinstance(column.type, Instant):
            values[column.name] = clock.now()
        elif isinstance(column.type, Date):
            values[column.name] = date(2026, 3, 3)
        elif isinstance(column.type, String | Text):
            values[column.name] = markers.make(f"{table.name}.{column.name}")
        elif isinstance(column.type, Integer):
            values[column.name] = 7
        else:
            values[column.name] = True
    return values


def pages(path: Path, key: bytes) -> bytes:
    """Every page of the database as it lies on the disk, decrypted: also what no row points to any more."""
    raw, found = path.read_bytes(), []
    for begin in range(0, len(raw), PAGE):
        page = raw[begin + (SALT if begin == 0 else 0) : begin + PAGE]
        body, start = page[:-RESERVED], page[-RESERVED : -RESERVED + 16]
        opened = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
        found.append(opened.update(body) + opened.finalize())
    return b"".join(found)


def everything_in_tables() -> str:
    with db.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table))
        )


@pytest.fixture
def planted(app: Flask, organiser: User) -> tuple[Case, Markers]:
    """Samira's case with a marker in every column, in a database that is on the disk whole."""
    markers = Markers()
    make_case(organiser, home(), name="Somebody else")
    case = make_case(organiser, home())
    plant(case, organiser, markers)
    db.session.add(Submission(token="t", at=clock.now(), location=f"/cases/{case.reference}/notes"))
    db.session.add(Submission(token="u", at=clock.now(), location="/cases/C-1/notes"))
    db.session.commit()
    if not hosted.is_postgres(db.engine):
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return case, markers


def test_no_row_of_the_database_keeps_anything_of_an_erased_case(planted, organiser):
    case, markers = planted
    case_id = case.id
    assert set(markers.found_in(everything_in_tables().encode())) == set(markers.of)
    erasing.erase_case(case, organiser)
    for table in case_rows.tables_of_a_case():
        assert db.session.execute(case_rows.rows_of(table, case_id)).all() == [], table.name
    assert markers.found_in(everything_in_tables().encode()) == []
    assert [row.token for row in db.session.query(Submission)] == ["u"]


@pytest.mark.sqlcipher
def test_no_page_of_the_database_keeps_anything_of_an_erased_case(planted, organiser):
    case, markers = planted
    instance = current_instance()
    before = markers.found_in(pages(instance.database_path, instance.keys.database))
    assert set(before) == set(markers.of), "the search finds what is there"
    erasing.erase_case(case, organiser)
    assert markers.found_in(pages(instance.database_path, instance.keys.database)) == []
    log = instance.database_path.with_name(f"{instance.database_path.name}-wal")
    assert not log.exists() or log.stat().st_size == 0 or log.read_bytes() == b""
    with closing(connect(instance.database_path, instance.keys.database)) as raw:
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_stays_is_the_trail_and_that_it_was_erased(planted, organiser):
    case, _ = planted
    reference, case_id = case.reference, case.id
    erasing.erase_case(case, organiser)
    [one] = erasing.list_erased()
    assert (one.row.reference, one.row.erased_by_id, one.backups) == (reference, organiser.id, ())
    assert audit.verify().broken == ()
    last = audit.list_events(organiser)[0]
    assert (last.action, last.case_id) == ("case erased", case_id)


def test_its_papers_go_and_one_that_another_case_keeps_too_stays(organiser):
    mine, other = make_case(organiser, home()), make_case(organiser, home())
    names = {}
    for content, case in ((b"only mine", mine), (b"of both", mine), (b"of both", other)):
        names[content] = papers.keep(case, content)
        row = {
            "case_id": case.id,
            "kind": "other_in",
            "recorded_at": clock.now(),
            "scan_sha256": names[content],
        }
        row["recorded_by_id"] = organiser.id
        db.session.execute(insert(Base.metadata.tables["correspondence"]).values(**row))
    db.session.commit()
    erasing.erase_case(mine, organiser)
    with pytest.raises(CaseworkError):
        papers.read(other, names[b"only mine"])
    assert papers.read(other, names[b"of both"]) == b"of both"


def test_supporters_of_nobody_else_go_and_those_of_another_case_stay(organiser):
    mine, other = make_case(organiser, home()), make_case(organiser, home())
    alone = supporters.add_supporter(mine, organiser, name="Only Mine", postcode="S1 2HH")
    both = supporters.add_supporter(mine, organiser, name="Of Both", postcode="S1 2HH")
    known_supporters.sign_up_too(other, [both.id], organiser)
    assert alone.id != both.id
    erasing.erase_case(mine, organiser)
    assert [row.name for row in db.session.query(Supporter)] == ["Of Both"]


def test_its_number_is_never_given_again(organiser):
    make_case(organiser, home())
    last = make_case(organiser, home())
    number, reference = last.id, last.reference
    erasing.erase_case(last, organiser)
    new = make_case(organiser, home())
    assert new.id > number
    assert new.reference != reference
    assert [event.action for event in audit.list_events(organiser, new)] == ["case opened"]


def test_it_takes_the_reference_typed_by_hand(organiser):
    case = make_case(organiser, home())
    with pytest.raises(CaseworkError, match="Type the reference"):
        erasing.erase_confirmed(case, "yes", organiser)
    assert cases.get_case(case.reference, organiser) is case
    erasing.erase_confirmed(case, f" {case.reference.lower()} ", organiser)
    assert db.session.query(Case).count() == 0


def test_a_copy_that_an_update_made_is_named_and_goes_after_thirty_days(organiser, monkeypatch):
    copy = current_instance().database_path.with_name("casework-before-0008.db")
    copy.write_bytes(b"")
    case = make_case(organiser, home())
    soon, late = (clock.now() + timedelta(days=days) for days in (1, 32))
    monkeypatch.setattr(clock, "now", lambda: soon)
    erasing.erase_case(case, organiser)
    [one] = erasing.list_erased()
    assert [held.what for held in one.backups] == ["A copy that an update made"]
    monkeypatch.setattr(clock, "now", lambda: late)
    assert erasing.remove_old_copies() == 1
    assert erasing.list_erased()[0].backups == ()
