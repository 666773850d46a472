"""A case handed over: nothing of it is changed, nothing of others goes along, and no file can harm."""

import io
import json
import shutil
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.demo import make_demo
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament.surgeries import Outcome
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.letters import go_bags, pack_items, packs, papers
from casework.services.letters.go_bags import NewBag
from casework.services.parliament import surgeries, visit_logs
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import case_adding, case_exports, case_imports
from casework.services.safety.case_exports import ABOUT, PAPERS, TABLES, TRAIL
from casework.services.safety.case_vocabulary import ONE_OF, SOME_OF
from casework.storage.case_exports import (
    PAPER_COLUMNS,
    foreign_keys,
    paper_names,
    rows_leaving,
    tables_to_export,
)
from casework.storage.case_rows import tables_of_a_case
from casework.storage.database import Base, db
from casework.storage.fingerprints import fingerprint_of
from casework.storage.models import (
    AuditEvent,
    Authority,
    Batch,
    CampaignPage,
    Case,
    CaseEvent,
    Letter,
    OwnViewLink,
    Supporter,
    User,
)
from casework.storage.sealed_files import Opener, SealedReader, SealedWriter
from tests.conftest import settings_for
from tests.factories import home, make_case, make_user
from tests.services.parliament.test_visit_logs import carried

PASSPHRASE = "abcd-efgh-jkmn-pqrs-tuvw-xyz2"
BY_KEY = Opener(key=bytes(32))
BOTH = Opener(key=bytes(32), passphrase=PASSPHRASE)
HERE_ONLY = {"token_hash", "stop_hash", "revoked_at", "closed_at", "rule_change_id"}


@contextmanager
def other_instance(folder, empty_instance):
    """Another group's Casework, with one organiser."""
    shutil.copytree(empty_instance, folder)
    other = create_app(settings_for(folder))
    with other.app_context():
        yield make_user(name="Grace Other")
        db.session.remove()
        db.engine.dispose()


def exported(case: Case) -> bytes:
    file = io.BytesIO()
    case_exports.export(file, case, PASSPHRASE, None, signed="a test")
    return file.getvalue()


def bring_in(content: bytes, actor: User, **given) -> case_imports.BroughtIn:
    return case_imports.bring_in(io.BytesIO(content), BOTH, actor, **given)


def trail_of(case: Case) -> list[tuple]:
    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.case_id == case.id).order_by(AuditEvent.id))
    return [
        (row.at, row.user_name, row.action, {k: v for k, v in row.facts.items() if k != "elsewhere"})
        for row in rows
    ]


def facts_of(case: Case) -> dict[str, list[dict]]:
    """Every row of the case, with what leads to another row as the place of that row among its kind."""
    rows = rows_leaving(case.id).rows
    places = {name: {row["id"]: at for at, row in enumerate(found)} for name, found in rows.items()}
    facts = {}
    for table in tables_to_export():
        facts[table.name] = found = []
        targets = {column.name: target.name for column, target in foreign_keys(table)}
        for row in rows[table.name]:
            plain = {name: value for name, value in row.items() if name not in HERE_ONLY | {"id"}}
            for name, target in targets.items():
                if name in plain and plain[name] is not None:
                    plain[name] = places[target][plain[name]] if target in places else _name(plain[name])
            found.append(plain)
    return facts


def _name(user_id: int) -> str:
    return db.session.get_one(User, user_id).name.removesuffix(case_adding.NOT_HERE)


@pytest.fixture(scope="module")
def rich_folder(tmp_path_factory, empty_instance):
    """The demo, whose first case has a pack besides, a supporter with a link, a batch under way and an event."""
    folder = tmp_path_factory.mktemp("rich") / "instance"
    shutil.copytree(empty_instance, folder)
    with create_app(settings_for(folder)).app_context():
        make_demo()
        _enrich(db.session.scalars(select(Case).where(Case.reference == "DEMO-1")).one(), ruth())
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def rich(rich_folder, tmp_path):
    """The demo's first case, in an instance of its own."""
    shutil.copytree(rich_folder, tmp_path / "rich")
    with create_app(settings_for(tmp_path / "rich")).app_context():
        yield db.session.scalars(select(Case).where(Case.reference == "DEMO-1")).one()
        db.session.remove()
        db.engine.dispose()


def ruth() -> User:
    return db.session.scalars(select(User).where(User.sign_in_name == "ruth")).one()


def _enrich(case: Case, ruth: User) -> None:
    items = [
        item
        for item in pack_items.offered(case, packs.PackKind.PACK, packs.Audience.LAWYER)
        if not item.stops
    ]
    if items:
        packs.make(
            case,
            packs.PackKind.PACK,
            packs.Audience.LAWYER,
            "For the lawyer",
            [items[0].key],
            ruth,
            looked=True,
        )
    friend = supporters.add_supporter(case, ruth, name="Łukasz 🧡", postcode="S1 2HH")
    supporters.make_stop_link(case, friend.id, ruth)
    db.session.add(CaseEvent(
        case_id=case.id, name="bail_granted", happened_on=clock.today(), told={"places": [case.places[1].id]},
        recorded_at=clock.now(), recorded_by_id=ruth.id,
    ))  # fmt: skip
    db.session.add(Batch(
        case_id=case.id, template="supporter-to-own-mp", template_sha256="0" * 64, state="running", order_by="surname",
        dated=clock.today(), made_at=clock.now(), made_by_id=ruth.id,
    ))  # fmt: skip
    db.session.add(OwnViewLink(
        case_id=case.id, token_hash="a" * 64, made_at=clock.now(), made_by_id=ruth.id,
        expires_at=clock.now() + timedelta(days=9),
    ))  # fmt: skip
    db.session.commit()


def test_a_case_comes_into_another_instance_with_nothing_changed(rich, tmp_path, empty_instance):
    content = exported(rich)
    before, trail, reference = facts_of(rich), trail_of(rich), rich.reference
    originals = {name: papers.read(rich, name) for name in paper_names(rows_leaving(rich.id).rows)}
    assert len(originals) > 1
    assert {name for name, rows in before.items() if rows} > {"letters", "deadlines", "packs", "supporters"}
    with other_instance(tmp_path / "other", empty_instance) as grace:
        added = bring_in(content, grace)
        case = added.case
        assert (case.reference, added.papers, added.lines) == (reference, len(originals), len(trail))
        after = facts_of(case)
        assert after["batches"].pop()["state"] == "paused"
        assert before["batches"].pop()["state"] == "running"
        for name, rows in before.items():
            if name == "case_events":  # whose numbers of places are those of here
                assert after[name][-1].pop("told") == {"places": [case.places[1].id]}
                rows[-1].pop("told")
            assert after[name] == rows, name
        assert {name: papers.read(case, name) for name in originals} == originals
        assert trail_of(case)[: len(trail)] == trail
        assert [member.user for member in case.team] == [grace]
        assert db.session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
        again = exported(case)  # and from there to a third, and back to the first
    assert bring_in(again, ruth()).case.reference != reference


def test_nobody_and_nothing_of_the_other_instance_gets_in_by_it(rich, tmp_path, empty_instance):
    content = exported(rich)
    with other_instance(tmp_path / "other", empty_instance) as grace:
        bring_in(content, grace)
        strangers = db.session.scalars(select(User).where(User.id != grace.id)).all()
        assert strangers
        assert all(not one.active and one.password_hash is None for one in strangers)
        link = db.session.scalars(select(OwnViewLink)).one()
        assert link.revoked_at is not None
        assert link.token_hash != "a" * 64
        assert db.session.scalars(select(Supporter.stop_hash)).unique().all() == [None]
        assert db.session.scalars(select(CampaignPage).where(CampaignPage.closed_at.is_(None))).all() == []
        line = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).first()
        assert line.facts["elsewhere"] is True
        assert line.user_id is None


def test_what_stands_under_a_name_is_given_to_the_account_of_that_name_only_when_asked(rich):
    content = exported(rich)
    plain, named = bring_in(content, ruth()).case, bring_in(content, ruth(), same_names=True).case
    assert db.session.get_one(User, plain.opened_by_id).name == "Ruth Ellery (not here)"
    assert named.opened_by_id == ruth().id


def test_nothing_of_another_case_or_of_somebody_who_stopped_goes_along(app, organiser):
    case, other = make_case(organiser, home()), make_case(organiser, home(), name="Daniel Secret")
    supporters.add_supporter(other, organiser, name="Friend of Daniel", postcode="S1 2HH")
    gone = supporters.add_supporter(case, organiser, name="Somebody who stopped", postcode="S1 2HH")
    gone.sign_ups[0].stopped_at = clock.now()
    db.session.commit()
    words = json.dumps(contents(exported(case)).pop(f"{TABLES}supporters").decode())
    inside = b"".join(contents(exported(case)).values()).decode()
    assert "Secret" not in inside
    assert "Friend" not in words
    assert "stopped" not in words


def contents(file: bytes) -> dict[str, bytes]:
    reader = SealedReader(io.BytesIO(file), "case", Opener(passphrase=PASSPHRASE))
    return {name: b"".join(parts) for name, _, parts in reader.entries()}


def sealed(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, "case", BY_KEY)
    for name, content in entries.items():
        writer.put(name, len(content), [content])
    writer.close()
    return file.getvalue()


def everything() -> str:
    """What the instance holds, in one hash; asked in plain SQL, for a hundred tables are asked a hundred times."""
    ask = db.session.connection().exec_driver_sql
    rows = [
        (name, fingerprint_of([tuple(row) for row in ask(f"SELECT * FROM {name}")]))
        for name in Base.metadata.tables
    ]
    kept = sorted(path.name for path in (_folder() / "archive").rglob("*") if path.is_file())
    return sha256(repr((rows, kept)).encode()).hexdigest()


def _folder():
    from casework.storage.instance import current_instance

    return current_instance().settings.instance


def test_the_groups_own_check_for_viruses_looks_at_the_papers_of_a_case_that_comes_in(rich):
    from casework.storage.instance import current_instance

    content, before = exported(rich), everything()
    object.__setattr__(current_instance().settings, "scan_command", "sh -c 'exit 1'")
    with pytest.raises(CaseworkError, match="check for viruses on this machine refused"):
        bring_in(content, ruth())
    assert everything() == before


def test_a_wrong_passphrase_or_a_damaged_file_changes_nothing(app, organiser):
    content = exported(make_case(organiser, home()))
    before = everything()
    for file, passphrase, words in (
        (content, "wrong" * 5, "does not open it"),
        (content[:-1], PASSPHRASE, "cut short"),
        (content[:-30] + b"x" + content[-29:], PASSPHRASE, "damaged"),
        (b"%PDF-1.7", PASSPHRASE, "not a file that Casework made"),
    ):
        with pytest.raises(CaseworkError, match=words):
            case_imports.bring_in(io.BytesIO(file), Opener(passphrase=passphrase), organiser)
        assert everything() == before


def test_a_paper_that_is_neither_a_pdf_nor_a_picture_is_refused(app, organiser):
    case = make_case(organiser, home())
    db.session.add(Authority(
        case_id=case.id, signed_on=clock.today(), how_given="paper", scan_type="application/pdf",
        scan_sha256=papers.keep(case, b"<script>alert(1)</script>"), recorded_at=clock.now(),
        recorded_by_id=organiser.id,
    ))  # fmt: skip
    db.session.commit()
    content = exported(case)
    before = everything()
    with pytest.raises(CaseworkError, match="does not know"):
        bring_in(content, organiser)
    assert everything() == before


def changed(entries, name, change):
    value = json.loads(entries[name])
    change(value)
    return {**entries, name: json.dumps(value).encode()}


def in_row(table, column, value):
    def change(entries):
        def put(found):
            found["rows"][0][found["columns"].index(column)] = value

        return changed(entries, f"{TABLES}{table}", put)

    return change


HOSTILE = {
    "a newer version": lambda e: changed(e, ABOUT, lambda v: v.update(revision="9999")),
    "an unknown table": lambda e: {**e, f"{TABLES}users": b'{"columns": [], "rows": []}'},
    "an unknown column": lambda e: changed(
        e, f"{TABLES}cases", lambda v: (v["columns"].append("x"), v["rows"][0].append(1))
    ),
    "a column that stands twice": lambda e: changed(
        e, f"{TABLES}cases", lambda v: (v["columns"].append("id"), v["rows"][0].append(1))
    ),
    "a table that lacks": lambda e: {n: c for n, c in e.items() if n != f"{TABLES}letters"},
    "two cases": lambda e: changed(e, f"{TABLES}cases", lambda v: v["rows"].append(v["rows"][0])),
    "no case": lambda e: changed(e, f"{TABLES}cases", lambda v: v.update(rows=[])),
    "a reference that is a name": in_row("cases", "reference", "Samira A."),
    "a huge number": in_row("cases", "version", 10**30),
    "a number too large to read": lambda e: {**e, TRAIL: b"[" + b"9" * 10_000 + b"]"},
    "deep nesting": lambda e: {**e, TRAIL: b"[" * 100_000},
    "a text in place of a number": in_row("cases", "id", "1"),
    "a truth in place of a number": in_row("cases", "version", True),
    "a row of another case": in_row("case_places", "case_id", 999),
    "somebody who is not named": in_row("cases", "opened_by_id", 999),
    "a text that is too long": in_row("cases", "name_used", "x" * 201),
    "what nobody can see": in_row("cases", "name_used", "a\u202eb\x00"),
    "half a character": in_row("cases", "name_used", "\ud800"),
    "a kind of place that we do not know": in_row("case_places", "kind", "moon"),
    "a day that is none": in_row("case_places", "since", "2026-02-30"),
    "an instant in no year of ours": in_row("cases", "opened_at", "0001-01-01T00:00:00+00:00"),
    "no JSON": lambda e: {**e, TRAIL: b"\xff"},
    "a trail of numbers": lambda e: {**e, TRAIL: b"[1, 2]"},
    "a paper that no row speaks of": lambda e: {**e, f"{PAPERS}{sha256(b'x').hexdigest()}": b"x"},
    "a paper by another name": lambda e: {**e, f"{PAPERS}../../evil": b"x"},
}


@pytest.fixture
def small(app, organiser) -> dict[str, bytes]:
    """The entries of a small case, exported."""
    return contents(exported(make_case(organiser, home(), name="Samira")))


def test_a_hostile_file_gets_a_sentence_and_changes_nothing(small, organiser):
    before = everything()
    for what, make in HOSTILE.items():
        with pytest.raises(CaseworkError) as error:
            bring_in(sealed(make(small)), organiser)
        assert error.value.message.endswith("."), what
        assert everything() == before, what


def test_what_no_page_of_go_bags_could_show_is_refused(app, organiser):
    case = make_case(organiser, home())
    go_bags.make(
        case, NewBag(Audience.PERSON, "Idris Vane", clock.today() + timedelta(3)), PASSPHRASE, organiser
    )
    entries = contents(exported(case))
    before = everything()
    for titles in (5, [5], [None]):
        with pytest.raises(CaseworkError, match="does not know"):
            bring_in(sealed(in_row("go_bags", "contents", titles)(entries)), organiser)
        assert everything() == before


def test_a_paper_that_lacks_or_is_another_takes_the_rest_back(rich):
    entries = contents(exported(rich))
    names = [name for name in entries if name.startswith(PAPERS)]
    db.session.commit()
    before = everything()
    for file in ({n: c for n, c in entries.items() if n != names[-1]}, {**entries, names[-1]: b"another"}):
        with pytest.raises(CaseworkError):
            bring_in(sealed(file), ruth())
        assert everything() == before
    for name in names:
        assert papers.read(rich, name.removeprefix(PAPERS)) == entries[name]


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=30),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.sampled_from(["2026-01-01", "1", "running", "\x00"]),
)  # fmt: skip


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_it_is_taken_whole_or_refused_with_a_sentence(small, organiser, data):
    name = data.draw(st.sampled_from([one for one in small if not one.startswith(PAPERS)]))
    value = json.loads(small[name])
    rows = value.get("rows") if isinstance(value, dict) else None
    if rows and data.draw(st.booleans()):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(VALUES)
        content = json.dumps(value).encode()
    else:
        at = data.draw(st.integers(0, len(small[name]) - 1))
        content = (
            small[name][:at]
            + data.draw(st.binary(max_size=6))
            + small[name][at + data.draw(st.integers(0, 6)) :]
        )
    before = everything()
    try:
        bring_in(sealed({**small, name: content}), organiser)
    except CaseworkError:
        assert everything() == before


def test_the_next_case_gets_a_reference_that_one_from_elsewhere_has_not_taken(
    app, organiser, tmp_path, empty_instance
):
    content = exported(make_case(organiser, home()))
    with other_instance(tmp_path / "other", empty_instance) as grace:
        make_case(grace)
        added = bring_in(content, grace).case
        assert added.reference == "C-2"
        added.reference = "C-3"
        db.session.commit()
        assert make_case(grace).reference == "C-4"


def test_every_column_that_names_a_paper_is_known_as_such():
    """A column that is added later goes along, and its paper with it."""
    no_papers = {"template_sha256", "source_sha256", "words_sha256"}
    hashes = {
        f"{table.name}.{column.name}"
        for table in tables_to_export()
        for column in table.c
        if column.name.endswith("sha256") and column.name not in no_papers
    }
    assert hashes - PAPER_COLUMNS == {"batch_letters.sha256"}
    assert hashes >= PAPER_COLUMNS


def test_every_table_of_a_case_leaves_with_it_or_is_named_as_staying():
    staying = {table.name for table in tables_of_a_case()} - {table.name for table in tables_to_export()}
    assert staying == {
        "team_members",
        "note_mentions",
        "recent_items",
        "seen_up_to",
        "task_owners",
        "case_keys",
        "binned",
    }
    columns = {f"{table.name}.{column.name}" for table in tables_to_export() for column in table.c}
    assert set(ONE_OF) | set(SOME_OF) <= columns


def test_an_issued_letter_can_be_read_where_it_came_in(rich, tmp_path, empty_instance):
    from casework.services.letters import letters

    issued = db.session.scalars(
        select(Letter).where(Letter.case_id == rich.id, Letter.sha256.is_not(None))
    ).first()
    pdf, content = letters.issued_pdf(issued), exported(rich)
    with other_instance(tmp_path / "other", empty_instance) as grace:
        case = bring_in(content, grace).case
        rows = db.session.scalars(
            select(Letter).where(Letter.case_id == case.id, Letter.sha256.is_not(None))
        ).all()
        assert pdf in [letters.issued_pdf(row) for row in rows]
        assert cases.get_case(case.reference, grace) == case


def test_a_visit_log_of_a_bag_made_before_the_case_moved_is_taken_in_where_the_case_is_now(
    app, organiser, tmp_path, empty_instance
):
    case = make_case(organiser, home(), name="Samira")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    asked = NewBag(Audience.OFFICE, "Idris Vane", clock.today() + timedelta(14))
    bag, _ = go_bags.make(case, asked, "abcd-efgh-jkmn-pqrs-tuvw-xyz2", organiser)
    planned = surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code), organiser)
    sealed_here, code, content = bag.log_key, carried(bag, visit=planned.id), exported(case)
    again = bring_in(content, organiser).case
    with pytest.raises(CaseworkError, match="no go-bag that this case knows"):
        visit_logs.open_log(again, code)  # here the bag is the first case's, and stays so
    assert visit_logs.open_log(case, code)[0] == bag
    with other_instance(tmp_path / "other", empty_instance) as grace:
        moved = bring_in(content, grace).case
        there, log = visit_logs.open_log(moved, code)
        assert (log.met, there.taken_by) == ("Mr Benn", "Idris Vane")
        assert there.log_key not in (None, sealed_here), "it is sealed under the key of the case there"
        assert visit_logs.planned_visit(moved, there, log) is None, (
            "a number of elsewhere names no visit of ours"
        )
        taken = visit_logs.take_in(
            moved, code, VisitFacts("E14001323", clock.today()), Outcome.AGREED, log.promises, grace
        )
        assert taken.recorded_at is not None
        with pytest.raises(OutOfDate):
            visit_logs.take_in(moved, code, VisitFacts("E14001323"), Outcome.AGREED, [], grace)


def test_a_pack_that_came_in_is_made_of_the_rows_that_came_with_it(rich, tmp_path, empty_instance):
    from casework.services.letters import letters

    def titles(case: Case) -> dict[str, str]:
        row = next(one for one in packs.list_packs(case) if one.contents)
        return {one["key"]: one["title"] for one in row.contents}

    key, title = next(iter(titles(rich).items()))
    assert key.startswith("letter_")
    template = letters.get_letter(rich, int(key.removeprefix("letter_"))).template
    content = exported(rich)
    with other_instance(tmp_path / "other", empty_instance) as grace:
        own = make_case(grace, home(), name="Idris")
        for _ in range(3):
            letters.draft_letter(own, "home-mp-urgent", grace, gss_code=own.places[0].gss_code)
        case = bring_in(content, grace).case
        [here] = [one for one, words in titles(case).items() if words == title]
        assert here != key
        assert letters.get_letter(case, int(here.removeprefix("letter_"))).template == template
