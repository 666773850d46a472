"""Supporters: kept once, known again, heard of, and gone without a trace when they stop."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import LargeBinary, select

from casework import clock
from casework.domain.campaign.supporters import STOPPED_FOR, heard_until, let_go_on
from casework.domain.consent.publicity import Kind, Level
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.member_notes import LEFT_OUT
from casework.domain.safety.accounts import Role
from casework.domain.safety.bins import BinKind
from casework.services.campaign import (
    known_supporters,
    plans,
    stopping,
    supporter_list,
    supporter_times,
    supporters,
)
from casework.services.campaign.plans import TaskFacts
from casework.services.campaign.supporter_list import Wanted
from casework.services.campaign.supporters import change_supporter, get_sign_up, version_of
from casework.services.consent import campaign_consent, letting_go
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import letter_life, letters
from casework.services.safety import bins
from casework.storage import case_keys
from casework.storage.database import Base, db
from casework.storage.instance import current_instance
from casework.storage.models import (
    AuditEvent,
    Batch,
    BatchLetter,
    Bundle,
    Deadline,
    ImportRow,
    Letter,
    SignUp,
    Supporter,
    SupporterImport,
)
from casework.storage.name_order import name_key
from tests.factories import home, make_case, make_user
from tests.supporters import signed_up

LEEDS = "E14001323"
TOLD = {
    "name": "Zebulon Quill", "postcode": "LS11 0ES", "address": "77 Unmistakable Row\nLeeds",
    "email": "zebulon@quill.example", "phone": "07700 900777", "how_known": "We sang together for six years",
}  # fmt: skip
MARKS = ("Zebulon", "LS11 0ES", "Unmistakable", "quill.example", "900777")


@pytest.fixture
def case(organiser):
    case = make_case(organiser, home("S1 2HH"), name="Samira")
    agreed = NewCampaignConsent(
        clock.today(), Level.SUPPORTERS, "Ruth Ellery", "signature", items=(Kind.NAME,)
    )
    campaign_consent.record(case, agreed, organiser)
    return case


def add(case, actor, **told):
    return supporters.add_supporter(case, actor, **{**TOLD, **told})


def draft(case, supporter, actor):
    return letters.draft_letter(case, "supporter-to-own-mp", actor, gss_code=LEEDS, supporter_id=supporter.id)


def issue(case, supporter, actor, sentence="We sang together for six years in one choir."):
    letter = draft(case, supporter, actor)
    blocks = dict.fromkeys(letter.blocks, sentence)
    letters.save_draft(letter, blocks, letter.facts, letter.version, actor)
    return letters.issue_letter(letter, actor, because="Because")


def everywhere() -> dict[str, str]:
    """All that any column of any table holds, as text."""
    db.session.expire_all()
    found = {}
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            for name, value in row._mapping.items():
                text = value.decode("latin-1") if isinstance(value, bytes) else json.dumps(value, default=str)
                where = f"{table.name}.{name}"
                found[where] = found.get(where, "") + text
    return found


def holding(mark: str) -> set[str]:
    return {where for where, text in everywhere().items() if mark.casefold() in text.casefold()}


def in_a_batch(case, sign_up, actor, *, handed_over):
    batch = Batch(
        case=case, template="supporter-to-own-mp", template_sha256="x", state="done", order_by="surname",
        dated=clock.today(), made_at=clock.now(), made_by=actor,
    )  # fmt: skip
    letter = BatchLetter(
        batch=batch, position=1, sign_up=sign_up, signer=TOLD["name"], gss_code=LEEDS, state="made",
        piece=b"Zebulon of 77 Unmistakable Row", sha256="y", pages=1,
    )  # fmt: skip
    db.session.add(letter)
    if handed_over:
        db.session.add(Bundle(batch=batch, gss_code=LEEDS, handed_over=1, handed_over_on=clock.today()))
    return letter


def test_whoever_stops_leaves_nothing_but_the_letters_that_were_sent(case, organiser):
    other = make_case(organiser, home("LS11 0ES"), name="Daniel")
    person = add(case, organiser)
    sign_up = get_sign_up(case, person.id)
    supporters.join(other, person, organiser, "hand", {"connection": "Zebulon taught him"})
    supporters.stop_link(person)
    draft(case, person, organiser)
    unsent, sent = (
        issue(case, person, organiser),
        issue(case, person, organiser, "She taught my neighbour to swim in one summer."),
    )
    letter_life.mark_sent(sent, "post", clock.today(), organiser)
    waiting = in_a_batch(case, sign_up, organiser, handed_over=False)
    handed = in_a_batch(case, sign_up, organiser, handed_over=True)
    recall = letters.draft_letter(case, "recall", organiser)
    asked_back = {
        "recall_from": f"supporter {person.id}",
        "recall_name": TOLD["name"],
        "recall_address": TOLD["address"],
    }
    letters.save_draft(recall, {"opening": "Dear Zebulon"}, asked_back, recall.version, organiser)
    recall.facts = {**recall.facts, **asked_back}
    sheet = SupporterImport(case=case, state="open", made_at=clock.now(), made_by=organiser)
    sheet.rows = [
        ImportRow(number=1, state="added", cells={}, sign_up_id=sign_up.id),
        ImportRow(number=2, state="good", cells={"a": "zebulon@QUILL.example", "b": "Z. Quill"}),
        ImportRow(number=3, state="good", cells={"a": "Somebody Else", "b": "LS11 1AA"}),
    ]
    db.session.add(sheet)
    db.session.commit()
    ids = [unsent.id, sent.id, waiting.id, handed.id]
    assert holding("Zebulon") > {
        "supporters.name",
        "letters.facts",
        "batch_letters.piece",
        "import_rows.cells",
    }

    erased = stopping.stop_by_link(person)

    assert (erased.drafts, erased.void, erased.sent, erased.cancelled, erased.handed_over) == (2, 1, 1, 1, 1)
    for mark in MARKS:
        homes_of_the_people = {"case_places.postcode"} if mark == "LS11 0ES" else set()
        assert holding(mark) - homes_of_the_people <= {"letters.facts"}, mark
    unsent, sent = (db.session.get(Letter, letter_id) for letter_id in ids[:2])
    assert unsent.voided_at
    assert unsent.sha256 is None
    assert "sender_name" not in unsent.facts
    assert current_instance().archive.names() == {case_keys.paper_key(case.id).place_of(sent.sha256)}
    assert sent.facts["sender_name"] == TOLD["name"]
    assert letters.issued_pdf(sent)
    waiting, handed = (db.session.get(BatchLetter, letter_id) for letter_id in ids[2:])
    assert (waiting.state, waiting.signer, waiting.piece) == ("cancelled", "", None)
    assert (handed.state, handed.signer, handed.piece) == ("made", "", None)
    assert [row.number for row in db.session.scalars(select(ImportRow).order_by(ImportRow.number))] == [1, 3]
    assert db.session.scalars(select(Supporter)).all() == []
    assert not db.session.scalars(
        select(Deadline).where(Deadline.settled_on.is_(None), Deadline.case_id == case.id)
    ).all()[1:]


def test_whoever_stops_does_not_come_back_with_a_task_out_of_the_bin(case, organiser):
    person = add(case, organiser)
    task = plans.save_task(case, TaskFacts("Ring Zebulon Quill about the coach"), organiser)
    number = plans.remove_task(case, task.id, organiser)
    stopping.stop_by_link(person)
    bins.bring_back(case, BinKind.PLAN_TASK, number, organiser)
    assert [one.what.replace(LEFT_OUT, "…") for one in plans.list_tasks(case)] == ["Ring … about the coach"]
    assert holding("Zebulon") == set()


def test_no_blob_is_overlooked_when_a_table_is_added():
    blobs = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    # A shape is printed from one of the letters: whoever makes it sees to it that it holds no signer.
    # No supporter and nothing that they wrote is ever put into the bin; their name is taken out of what is.
    assert blobs == {
        "batch_letters.piece",
        "batch_shapes.exemplar",
        "binned.content",
        "stored_papers.sealed",
        # Of people with an account.
        "code_apps.secret",
        "passkeys.credential_id",
        "passkeys.public_key",
    }


def test_who_stops_for_one_case_stays_in_the_other(case, organiser):
    other = make_case(organiser, home("LS11 0ES"), name="Daniel")
    person = add(case, organiser)
    supporters.join(other, person, organiser, "hand", {})
    stopping.stop_by_link(person, [case.id])
    assert supporters.list_sign_ups(case) == []
    assert supporters.get_supporter(other, person.id).name == TOLD["name"]


def test_for_half_a_minute_a_stop_can_be_taken_back_and_nobody_sees_them_meanwhile(case, organiser):
    person = add(case, organiser)
    row = stopping.stop(case, person.id, organiser)
    assert (supporters.list_sign_ups(case), supporters.count_of(case), supporters.places_of(case)) == (
        [],
        0,
        {},
    )
    db.session.expire_all()
    assert signed_up(case) == []
    assert known_supporters.like(case, organiser, TOLD) == []
    with pytest.raises(NotFound):
        supporters.get_supporter(case, person.id)
    assert stopping.erase_stopped() == 0
    stopping.take_back(case, row.id, organiser)
    assert [one.supporter.name for one in supporters.list_sign_ups(case)] == [TOLD["name"]]


def test_after_half_a_minute_they_are_gone_and_it_cannot_be_undone(case, organiser, monkeypatch):
    row = stopping.stop(case, add(case, organiser).id, organiser)
    row_id, later = row.id, clock.now() + STOPPED_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert stopping.erase_stopped() == 1
    assert holding("Zebulon") == set()
    with pytest.raises(OutOfDate):
        stopping.take_back(case, row_id, organiser)


def test_a_link_to_stop_works_until_they_stop_or_get_another(case, organiser):
    person = add(case, organiser)
    first = supporters.make_stop_link(case, person.id, organiser)
    second = supporters.make_stop_link(case, person.id, organiser)
    with pytest.raises(NotFound):
        supporters.by_stop_link(first, "10.0.0.1")
    assert supporters.by_stop_link(second, "10.0.0.1") is person
    assert second not in str(everywhere())
    stopping.stop_by_link(person)
    with pytest.raises(NotFound):
        supporters.by_stop_link(second, "10.0.0.1")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name": "Z. Quill"}, "the same email address"),
        ({"name": "Zebulun Quil", "email": None}, "nearly the same name, and the same postcode"),
        (
            {"name": "Zeb Quill", "email": None, "postcode": None, "phone": "+44 7700 900777"},
            "the same phone",
        ),
    ],
)
def test_somebody_who_is_on_the_list_is_known_again(case, organiser, typed, why):
    add(case, organiser)
    (found,) = known_supporters.like(case, organiser, {**TOLD, **typed})
    assert (found.is_here, found.supporter.name) == (True, TOLD["name"])
    assert why in found.why


def test_nobody_learns_of_a_supporter_of_a_case_they_do_not_work_on(case, organiser):
    add(case, organiser)
    helper = make_user(Role.VOLUNTEER, "Ada")
    theirs = make_case(helper, home(), name="Yonas")
    for member in [row for row in theirs.team if row.user_id != helper.id]:
        db.session.delete(member)
    db.session.commit()
    assert known_supporters.like(theirs, helper, TOLD) == []
    assert known_supporters.elsewhere(theirs, helper) == []
    ids = [row.supporter_id for row in signed_up(case)]
    assert known_supporters.sign_up_too(theirs, ids, helper) == 0
    also = make_case(organiser, home(), name="Daniel")
    assert [row.name for row in known_supporters.elsewhere(also, organiser, "quill")] == [TOLD["name"]]
    assert known_supporters.sign_up_too(also, ids, organiser) == 1
    assert known_supporters.elsewhere(also, organiser) == []


def test_the_same_person_twice_at_the_stall_is_kept_once_and_nothing_is_lost(case, organiser):
    add(case, organiser, phone=None)
    typed = {
        "name": "zebulon QUILL",
        "postcode": "ls110es",
        "phone": "07700 900777",
        "own_words": "She is my friend.",
    }
    person, _ = known_supporters.at_stall(case, organiser, typed)
    (row,) = supporters.list_sign_ups(case)
    assert (row.supporter, row.supporter.phone, row.own_words) == (
        person,
        "07700 900777",
        "She is my friend.",
    )
    assert (row.how_known, person.notice_given_on, person.email) == (
        "We sang together for six years",
        clock.today(),
        TOLD["email"],
    )
    known_supporters.at_stall(case, organiser, {**typed, "email": "another@quill.example"})
    assert supporters.count_of(case) == 2


def test_two_who_correct_one_supporter_do_not_overwrite_each_other(case, organiser):
    person = add(case, organiser)
    version = version_of(get_sign_up(case, person.id))
    change_supporter(case, person.id, version, {**TOLD, "postcode": "S1 2HH"}, organiser)
    assert person.gss_code != LEEDS
    with pytest.raises(OutOfDate):
        change_supporter(case, person.id, version, {**TOLD, "name": "Zeb"}, organiser)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("connection", "Labour councillor"),
        ("to_member", "votes for the Greens"),
        ("connection", "Home Office ref A1234567"),
        ("how_known", "Her number is 1212-0001-2345-6789"),
        ("to_member", "in the Lib Dems with him"),
    ],
)
def test_what_is_never_kept_is_refused_at_its_field(case, organiser, field, text):
    with pytest.raises(CaseworkError, match="We never keep") as refused:
        add(case, organiser, **{field: text})
    assert refused.value.field == field


@pytest.mark.parametrize(
    "text", ["nurse on the labour ward", "runs the green café", "conservative in his dress, aged 40"]
)
def test_plain_words_are_not_taken_for_a_party(case, organiser, text):
    assert add(case, organiser, connection=text)


def test_a_year_of_silence_lets_somebody_go_and_a_month_before_the_list_says_so(case, organiser):
    old, near, new = (add(case, organiser, name=name, email=None) for name in ("Old", "Near", "New"))
    today = clock.today()
    old.heard_on = heard_until(today, 12)
    near.heard_on = heard_until(today, 12) + timedelta(days=20)
    db.session.commit()
    announced = db.session.scalars(select(Supporter.name).where(supporter_times.is_announced())).all()
    assert set(announced) == {"Old", "Near"}
    draft(case, near, organiser)
    assert letting_go.let_go_old(today) == 1
    assert {row.supporter.name for row in supporters.list_sign_ups(case)} == {"Near", "New"}
    line = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "supporters let go")).one()
    assert line.facts == {"number": 1}
    assert (near.heard_on, new.heard_on) == (today, today)


@pytest.mark.parametrize(
    "day", [date(2026, 2, 28), date(2024, 2, 29), date(2026, 3, 31), date(2026, 11, 30), date(2026, 12, 1)]
)
def test_nobody_is_let_go_before_their_day(day):
    for months in (1, 12):
        last = heard_until(day, months)
        assert let_go_on(last, months) <= day < let_go_on(last + timedelta(days=1), months)


def test_sign_ups_of_who_stopped_are_seen_only_by_whoever_asks_for_them(case, organiser):
    stopping.stop(case, add(case, organiser).id, organiser)
    assert db.session.scalars(select(SignUp)).all() == []
    assert len(db.session.scalars(select(SignUp), execution_options={"even_stopped": True}).all()) == 1


def test_the_number_of_somebody_who_is_gone_is_given_to_nobody_else(case, organiser):
    gone = add(case, organiser)
    page = (gone.id, get_sign_up(case, gone.id).id)
    stopping.stop_by_link(gone)
    new = supporters.add_supporter(case, organiser, name="Ida", postcode="LS11 1AA")
    assert new.id > page[0]
    assert get_sign_up(case, new.id).id > page[1]


def test_whoever_comes_back_within_the_half_minute_has_not_stopped(case, organiser):
    person = add(case, organiser)
    stopping.stop(case, person.id, organiser)
    assert supporters.list_sign_ups(case) == []
    supporters.join(case, person, organiser, "hand", {"name": person.name})
    assert [one.supporter_id for one in supporters.list_sign_ups(case)] == [person.id]


def test_names_stand_where_a_reader_looks_for_them_in_lists_of_the_database_and_of_the_program(
    organiser, case
):
    """Of other alphabets SQLite knows the place too, and PostgreSQL puts them last: see `storage.name_order`."""
    order = [
        "Adam", "Ælfric", "Çelik", "Dan", "Đorđe", "éclair", "Eve", "lara", "Łukasz", "Ng’andu", "O’Neil", "Øystein",
        "Şirin", "Zed",
    ]  # fmt: skip
    for name in sorted(order, reverse=True):
        supporters.add_supporter(case, organiser, name=name, postcode="LS11 0ES")
    shown = supporter_list.page_of(case, Wanted(sort="name"))
    assert [row.supporter.name for row in shown.rows] == order
    assert sorted({*order}, key=name_key) == order
    assert sorted(["Zed", "Иван", "Lara"], key=name_key) == ["Иван", "Lara", "Zed"]
