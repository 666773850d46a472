"""A case handed over: nothing of it is changed, and nothing of others goes along."""

import json
import shutil
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament.surgeries import Outcome
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.letters import go_bags, packs, papers
from casework.services.letters.go_bags import NewBag
from casework.services.parliament import surgeries, visit_logs
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import case_adding
from casework.services.safety.case_exports import TABLES
from casework.services.safety.case_vocabulary import ONE_OF, SOME_OF
from casework.storage.case_exports import (
    PAPER_COLUMNS,
    foreign_keys,
    paper_names,
    rows_leaving,
    tables_to_export,
)
from casework.storage.case_rows import tables_of_a_case
from casework.storage.database import db
from casework.storage.models import (
    AuditEvent,
    CampaignPage,
    Case,
    Letter,
    OwnViewLink,
    Supporter,
    User,
)
from tests.conftest import settings_for
from tests.factories import home, make_case, make_user
from tests.services.parliament.test_visit_logs import carried
from tests.services.safety.case_files import bring_in, contents, exported, ruth

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
        assert added.earlier == ()
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
    back = bring_in(again, ruth())
    assert back.case.reference != reference
    assert back.earlier == (reference,)
    assert reference in back.says_of_earlier
    assert bring_in(again, ruth()).earlier == (reference, back.case.reference)


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
