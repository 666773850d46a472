"""Lists of supporters: good rows are kept while bad ones wait, nothing doubles, and a list is taken back whole."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from casework import clock
from casework.domain.campaign.sheet_words import Field
from casework.domain.campaign.supporter_imports import ImportState, RowState
from casework.domain.errors import CaseworkError, OutOfDate
from casework.services.campaign import import_adding, import_rows, import_taking_back, imports, supporters
from casework.services.case import cases
from casework.services.letters import letters
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, ImportRow, SignUp, Supporter, SupporterImport, User
from tests.factories import home, make_case, make_user

SHEETS = Path(__file__).parents[2] / "data" / "sheets"
LIST = """Name,Postcode,Email,Phone,Party,Offers
Zoë O’Brien,LS11 5TZ,zoe@example.org,7700900101,Green,"cook, juggle"
Ahmed Yusuf,LS6 1,ahmed@example.org,,,
Grace Adeyemi,LS6 3HN,,not a number,,

John Smith,BD7 1DP,jack@example.org,,,
JOHN SMITH,BD7 1DP,,0113 496 0000,,
"""


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home())


def read(case: Case, actor: User, text: str | bytes = LIST, told_on: date | None = None) -> SupporterImport:
    """A list whose rows wait."""
    sheet = imports.upload(case, text.encode() if isinstance(text, str) else text, actor)
    return imports.take_rows(case, sheet.id, sheet.columns["sheet"], {}, told_on, actor)


def rows(sheet: SupporterImport) -> dict[int, ImportRow]:
    """The rows as they are now, by their number."""
    db.session.expire_all()
    query = select(ImportRow).where(ImportRow.import_id == sheet.id)
    return {row.number: row for row in db.session.scalars(query)}


def add(case: Case, sheet: SupporterImport, actor: User, **more: Any) -> import_adding.Added:
    facts = {"version": sheet.version, "told_on": sheet.notice_given_on, **more}
    return import_adding.add(case, sheet.id, actor=actor, **facts)


def names(case: Case) -> list[str]:
    return [one.supporter.name for one in supporters.list_sign_ups(case)]


@pytest.mark.parametrize("name", ["excel-semicolons.csv", "google-form.csv", "hall.xlsx"])
def test_a_real_file_comes_to_the_list_with_its_people_and_their_constituencies(
    case: Case, organiser: User, name: str
) -> None:
    sheet = read(case, organiser, (SHEETS / name).read_bytes(), date(2026, 3, 27))
    ready = imports.counts_of(sheet, organiser).to_add
    assert ready >= 3
    added = add(case, sheet, organiser)
    assert added.new + added.joined == ready
    came = supporters.list_sign_ups(case)
    assert "Zoë O’Brien" in [one.supporter.name for one in came]
    assert all(one.joined_how == "import" and one.import_id == sheet.id for one in came)
    assert {one.supporter.gss_basis for one in came} <= {"postcode", "approximate", None}
    assert all(one.supporter.notice_given_on for one in came)


def test_good_rows_are_added_while_bad_ones_wait_and_follow_once_they_are_mended(
    case: Case, organiser: User
) -> None:
    sheet = read(case, organiser)
    counts = imports.counts_of(sheet, organiser)
    assert (counts.new, counts.wrong, counts.known, sheet.counts["empty"]) == (2, 2, 1, 1)
    assert add(case, sheet, organiser) == import_adding.Added(new=2, joined=1)
    assert names(case) == ["John Smith", "Zoë O’Brien"]
    assert [row.cells for row in rows(sheet).values() if row.state == RowState.ADDED] == [{}, {}]
    bad = import_rows.to_mend(sheet, 1)
    assert [row.problems[0][0] for row in bad] == ["postcode", "phone"]
    typed = {bad[0].id: {Field.POSTCODE: "ls6 1an"}, bad[1].id: {Field.PHONE: "still none"}}
    saved = import_rows.correct(case, sheet.id, typed, (), organiser)
    assert (saved.ready, saved.wrong) == (1, 1)
    assert rows(sheet)[4].cells["phone"] == "still none"
    import_rows.correct(case, sheet.id, {}, [bad[1].id], organiser)
    assert add(case, sheet, organiser).new == 1
    assert names(case) == ["Ahmed Yusuf", "John Smith", "Zoë O’Brien"]
    zoe = next(one for one in supporters.list_sign_ups(case) if one.supporter.email == "zoe@example.org")
    assert (zoe.supporter.phone, zoe.offers) == ("07700 900101", ["cook"])


def test_what_is_never_kept_is_gone_as_soon_as_the_file_is_read(case: Case, organiser: User) -> None:
    sheet = imports.upload(case, LIST.encode(), organiser)
    assert "Green" not in str(sheet.tables)
    assert imports.columns_of(sheet, 0, {}).left_out[0].never
    sheet = imports.take_rows(case, sheet.id, 0, {}, None, organiser)
    assert sheet.tables is None
    assert "“Party”" in sheet.left_out[0]


def test_two_columns_cannot_be_the_same_thing_and_one_that_is_needed_is_named(
    case: Case, organiser: User
) -> None:
    sheet = imports.upload(case, b"Who,Where\nAda,LS6 1AN\n", organiser)
    with pytest.raises(CaseworkError, match="no column for the postcode"):
        imports.take_rows(case, sheet.id, 0, {}, None, organiser)
    with pytest.raises(CaseworkError, match="cannot both be “Name”"):
        imports.take_rows(case, sheet.id, 0, {0: Field.NAME, 1: Field.NAME}, None, organiser)
    imports.take_rows(case, sheet.id, 0, {0: Field.NAME, 1: Field.POSTCODE}, None, organiser)
    assert imports.counts_of(sheet, organiser).ready == 1


def test_a_mended_list_sent_again_mends_the_bad_rows_and_doubles_nothing(case: Case, organiser: User) -> None:
    sheet = read(case, organiser)
    mended = LIST.replace("LS6 1,", "LS6 1AN,").replace("\n\n", "\nNew Person,LS11 0ES,,,,\n")
    done = import_rows.take_mended(case, sheet.id, mended.encode(), organiser)
    assert done == import_rows.Mended(mended=1, wrong=1, known=3, new=1)
    assert len(rows(sheet)) == 6
    again = import_rows.take_mended(case, sheet.id, mended.encode(), organiser)
    assert (again.mended, again.new, len(rows(sheet))) == (0, 0, 6)


def test_the_rows_to_mend_go_out_as_a_table_and_come_back_by_their_number(
    case: Case, organiser: User
) -> None:
    sheet = read(case, organiser, LIST.replace("Ahmed Yusuf", "=cmd|Ahmed"))
    table = import_rows.as_csv(case, sheet.id, organiser).decode("utf-8-sig")
    assert "lacks its last two letters" in table
    assert '"\'=cmd|Ahmed"' in table
    back = (
        table.replace("'=cmd|Ahmed", "Somebody Else")
        .replace('LS6 1"', 'LS6 1AN"')
        .replace("not a number", "")
    )
    done = import_rows.take_mended(case, sheet.id, back.encode(), organiser)
    assert (done.mended, done.wrong, done.new) == (2, 0, 0)
    other = read(case, organiser, "Name,Postcode\nIda,LS6\n")
    with pytest.raises(CaseworkError, match="rows of another list"):
        import_rows.take_mended(case, other.id, table.encode(), organiser)


def test_the_same_person_is_joined_and_only_what_was_empty_is_filled(case: Case, organiser: User) -> None:
    held = supporters.add_supporter(
        case, organiser, name="Zoe O'Brien", postcode="LS11 5TZ", phone="0113 496 0001"
    )
    sheet = read(case, organiser)
    assert imports.counts_of(sheet, organiser).alike == 2
    added = add(case, sheet, organiser)
    assert (added.new, added.joined) == (1, 2)
    assert (held.name, held.phone, held.email) == ("Zoe O'Brien", "0113 496 0001", "zoe@example.org")
    import_taking_back.take_back(case, sheet.id, sheet.version, organiser)
    assert names(case) == ["Zoe O'Brien"]
    assert held.email is None


def test_a_family_at_one_address_stays_so_many_people(case: Case, organiser: User) -> None:
    sheet = read(
        case,
        organiser,
        "Name,Postcode,Table\nAnn Smith,BD7 1DP,Table 4\nDan Smith,BD7 1DP,4\nIan Smith,BD7 1DP,4\n",
    )
    assert add(case, sheet, organiser).new == 3
    assert names(case) == ["Ann Smith", "Dan Smith", "Ian Smith"]
    assert {one.table_name for one in supporters.list_sign_ups(case)} == {"4"}


def test_two_people_are_both_added_where_somebody_says_so(case: Case, organiser: User) -> None:
    sheet = read(case, organiser)
    assert import_rows.decide_all(case, sheet.id, RowState.TWO, organiser) == 1
    assert add(case, sheet, organiser).new == 3
    assert {"John Smith", "JOHN SMITH"} <= set(names(case))


def test_supporters_of_a_case_that_the_actor_is_not_on_are_never_hinted_at(
    case: Case, organiser: User
) -> None:
    other = make_user(name="Idris Vane")
    elsewhere = make_case(other, home(), name="Somebody else")
    held = supporters.add_supporter(elsewhere, other, name="Zoë O’Brien", postcode="LS11 5TZ")
    sheet = read(case, organiser)
    assert imports.counts_of(sheet, organiser).alike == 1
    add(case, sheet, organiser)
    assert [one.case_id for one in held.sign_ups] == [elsewhere.id]
    # Of one who works on both the warning comes, and the known person signs up here too.
    mine = make_case(other, home(), name="A third")
    theirs = read(mine, other)
    assert imports.counts_of(theirs, other).alike == 2
    db.session.execute(update(Supporter).where(Supporter.id == held.id).values(phone="0113 496 0009"))
    add(mine, theirs, other)
    assert {one.case_id for one in held.sign_ups} == {elsewhere.id, mine.id}


def test_a_list_that_two_people_add_at_once_is_added_once(case: Case, organiser: User) -> None:
    sheet = read(case, organiser)
    seen = sheet.version
    add(case, sheet, organiser, version=seen)
    with pytest.raises(OutOfDate):
        add(case, sheet, organiser, version=seen)
    assert len(names(case)) == 2
    # And of two who read it in the same moment the slower one finds its row changed.
    stale = read(case, organiser, "Name,Postcode\nIda,LS6 1AN\n")
    version = stale.version
    with db.engine.begin() as other:
        other.execute(
            update(SupporterImport).where(SupporterImport.id == stale.id).values(version=version + 1)
        )
    with pytest.raises(OutOfDate):
        add(case, stale, organiser, version=version)
    assert len(names(case)) == 2


def test_the_same_list_read_twice_is_asked_about_before_it_is_added_again(
    case: Case, organiser: User
) -> None:
    first, second = read(case, organiser), read(case, organiser)
    add(case, first, organiser)
    with pytest.raises(CaseworkError, match="added meanwhile"):
        add(case, second, organiser)
    assert add(case, second, organiser).new == 0
    assert len(names(case)) == 2


def test_taking_a_list_back_removes_exactly_what_it_added(case: Case, organiser: User) -> None:
    supporters.add_supporter(case, organiser, name="Ida Was-Here", postcode="LS11 0ES")
    sheet = read(case, organiser)
    add(case, sheet, organiser)
    zoe = next(
        one.supporter for one in supporters.list_sign_ups(case) if one.supporter.name.startswith("Zoë")
    )
    letters.draft_letter(case, "supporter-to-own-mp", organiser, gss_code=zoe.gss_code, supporter_id=zoe.id)
    assert [one.supporter_id for one in import_taking_back.staying(sheet)] == [zoe.id]
    done = import_taking_back.take_back(case, sheet.id, sheet.version, organiser)
    assert (done.gone, done.stayed) == (1, 1)
    assert names(case) == ["Ida Was-Here", "Zoë O’Brien"]
    assert db.session.scalars(select(Supporter.name).order_by(Supporter.name)).all() == names(case)
    assert rows(sheet) == {}
    with pytest.raises(CaseworkError, match="taken back"):
        add(case, sheet, organiser)


def test_a_list_that_is_taken_back_leaves_nobody_in_a_draft_that_was_discarded(
    case: Case, organiser: User
) -> None:
    sheet = read(case, organiser, "Name,Postcode,Address\nZebulon Quill,LS11 0ES,7 Unmistakable Row\n")
    add(case, sheet, organiser)
    (row,) = supporters.list_sign_ups(case)
    told = {"gss_code": row.supporter.gss_code, "supporter_id": row.supporter_id}
    draft = letters.draft_letter(case, "supporter-to-own-mp", organiser, **told)
    letters.discard_draft(draft, organiser)
    import_taking_back.take_back(case, sheet.id, sheet.version, organiser)
    assert (draft.supporter_id, draft.facts, draft.blocks) == (None, {}, {})


def test_what_somebody_decided_about_a_supporter_of_another_case_is_no_hint_to_who_is_not_on_it(
    case: Case, organiser: User
) -> None:
    other = make_user(name="Idris Vane")
    elsewhere = make_case(other, home(), name="Somebody else")
    elsewhere.team = [one for one in elsewhere.team if one.user_id == other.id]
    supporters.add_supporter(elsewhere, other, name="Zoë O’Brien", postcode="LS11 5TZ")
    cases.add_to_team(case, other.id, organiser)
    sheet = read(case, other, "Name,Postcode\nZoë O’Brien,LS11 5TZ\n")
    assert import_rows.decide_all(case, sheet.id, RowState.SAME, other) == 1
    assert imports.counts_of(sheet, other).same == 1
    assert imports.counts_of(sheet, organiser) == imports.Counts(ready=1)


def test_a_list_that_nobody_adds_is_emptied(case: Case, organiser: User) -> None:
    unread = imports.upload(case, LIST.encode(), organiser)
    lying, added = read(case, organiser), read(case, organiser, "Name,Postcode\nIda,LS11 0ES\nIna,LS\n")
    add(case, added, organiser)
    young = read(case, organiser, "Name,Postcode\nUna,LS11 0ES\n")
    for sheet in (unread, lying, added):
        sheet.made_at = clock.now() - timedelta(days=31)
    db.session.commit()
    assert import_taking_back.empty_old() == 3
    assert import_taking_back.empty_old() == 0
    assert [one.state for one in (unread, lying, added, young)] == [
        ImportState.EMPTIED,
        ImportState.EMPTIED,
        ImportState.ADDED,
        ImportState.WAITING,
    ]
    assert unread.tables is None
    assert [len(rows(one)) for one in (lying, added, young)] == [0, 1, 1]
    assert names(case) == ["Ida"]


def test_the_trail_has_numbers_and_no_name(app: Flask, case: Case, organiser: User) -> None:
    sheet = read(case, organiser)
    add(case, sheet, organiser)
    import_rows.leave_out_all(case, sheet.id, organiser)
    import_taking_back.take_back(case, sheet.id, sheet.version, organiser)
    lines = [event for event in audit.list_events(organiser, case) if "sheet" in event.action]
    assert len(lines) == 5
    values = [value for event in lines for value in (event.facts or {}).values()]
    assert all(isinstance(value, int) for value in values)


def test_signing_up_is_kept_for_each_row_that_says_no_and_its_own_day_of_the_notice(
    case: Case, organiser: User
) -> None:
    text = "Name,Postcode,Will write,Notice given on\nIda,LS11 0ES,no,3/4/2026\nUna,LS6 1AN,yes,\n"
    sheet = read(case, organiser, text)
    add(case, sheet, organiser, told_on=date(2026, 5, 1))
    kept = {
        one.supporter.name: (one.writes, one.supporter.notice_given_on)
        for one in db.session.scalars(select(SignUp))
    }
    assert kept == {"Ida": (False, date(2026, 4, 3)), "Una": (True, date(2026, 5, 1))}
