"""What a group knows of members and offices, through the doors of the services."""

from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.campaign.supporters import STOPPED_FOR
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.criteria import Answer, Criterion
from casework.domain.parliament.member_notes import NoteKind
from casework.domain.parliament.offices import OfficeKind
from casework.domain.safety.accounts import Role
from casework.domain.safety.bins import BinKind
from casework.services.campaign import stopping, supporters
from casework.services.case import case_places, cases
from casework.services.parliament import (
    meeting_plans,
    member_notes,
    members,
    next_contacts,
    office_files,
    offices,
)
from casework.services.parliament.directory import directory
from casework.services.parliament.finding_members import ANY_GROUP, Wanted, find_members
from casework.services.parliament.meeting_plans import MeetingFacts
from casework.services.parliament.member_facts import criteria_of
from casework.services.parliament.member_notes import NoteFacts
from casework.services.parliament.office_files import BadRows, Outcome
from casework.services.parliament.offices import OfficeFacts
from casework.services.safety import bins, groups, sweeping
from casework.storage.asking import Asking, asking_for
from casework.storage.database import db
from casework.storage.models import InstanceNote, Meeting, MemberContact, MemberNote, OfficeEntry, SignUp
from tests.factories import home, make_case, make_user
from tests.full_case import LEEDS_SOUTH
from tests.reference.directory.source import LEEDS, YORK, tables, use_tables

MARCH = date(2026, 3, 3)


def seat(gss_code=LEEDS_SOUTH):
    return directory().seat_on(gss_code, clock.today())


def learn(actor, kind=OfficeKind.SIGNED_FORM, text=None, on=MARCH, **more):
    return offices.add_entry(LEEDS_SOUTH, OfficeFacts(kind, text, learned_on=on, **more), actor)


def note(actor, kind=NoteKind.INTEREST, text="Schools", **more):
    return member_notes.add_note(LEEDS_SOUTH, NoteFacts(kind, text, **more), actor)


def test_a_condition_stands_with_who_can_act_and_says_who_learned_it_and_when(organiser):
    case = make_case(organiser, home("LS11 0ES"))
    learn(organiser)
    (one,) = members.who_can_act(case, clock.today())
    assert one.conditions == (
        "The office asks for a signed form (learned 3 March 2026 by Ruth Ellery, more than six months ago: ask again).",
    )


def test_saying_that_it_is_still_so_makes_it_new_and_a_member_before_is_named(organiser):
    row = learn(organiser)
    row.member_name, row.member_id = "Somebody Before", 1
    db.session.commit()
    (known,) = offices.entries_of(seat())
    assert known.is_stale
    assert known.doubt == "This was Somebody Before’s office: it may have gone with them."
    ada = make_user(Role.VOLUNTEER, "Ada Okafor")
    offices.confirm_entry(LEEDS_SOUTH, row.id, ada)
    (known,) = offices.entries_of(seat())
    assert (known.is_stale, known.doubt, known.row.learned_by) == (False, "", ada)
    assert known.row.member_name == seat().member.name


def test_a_member_whose_name_is_written_anew_is_the_same_by_their_number(organiser):
    row = note(organiser)
    row.member_name = "H. Benn"
    db.session.commit()
    assert member_notes.notes_of(seat()).now == (row,)
    row.member_id = 1
    db.session.commit()
    assert member_notes.notes_of(seat()).before == (row,)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (OfficeFacts(OfficeKind.TELEPHONE, "ring them"), "text"),
        (OfficeFacts(OfficeKind.EMAIL, "office at example"), "text"),
        (OfficeFacts(OfficeKind.CASEWORKER, "x"), "name"),
        (OfficeFacts(OfficeKind.SURGERY), "text"),
        (OfficeFacts(OfficeKind.SIGNED_FORM, learned_on=date(2100, 1, 1)), "learned_on"),
    ],
)
def test_what_cannot_be_kept_of_an_office_says_at_which_field(organiser, facts, field):
    with pytest.raises(CaseworkError) as refused:
        offices.add_entry(LEEDS_SOUTH, facts, organiser)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (NoteFacts(NoteKind.VOTE, "Voted aye", said_on=MARCH), "source"),
        (NoteFacts(NoteKind.VOTE, "Voted aye", source="Hansard"), "said_on"),
        (NoteFacts(NoteKind.INTEREST, "x", said_on=date(2100, 1, 1)), "said_on"),
        (NoteFacts(NoteKind.INTEREST, "x", link="javascript:alert(1)"), "link"),
        (NoteFacts(NoteKind.STANCE, "hostile", source="x", said_on=MARCH), "text"),
    ],
)
def test_a_note_without_its_source_or_its_day_says_at_which_field(organiser, facts, field):
    with pytest.raises(CaseworkError) as refused:
        member_notes.add_note(LEEDS_SOUTH, facts, organiser)
    assert refused.value.field == field
    assert db.session.query(MemberNote).count() == 0


def test_a_note_names_no_supporter_and_nobody_with_a_case_as_far_as_the_writer_knows_them(organiser):
    case = make_case(organiser, home(), name="Samira")
    supporters.add_supporter(case, organiser, name="Ada Okafor", postcode="LS11 0ES")
    for text in ("Ada Okafor knows them", "Likes stories such as Samira’s"):
        with pytest.raises(CaseworkError, match="without the name"):
            note(organiser, text=text)
    with pytest.raises(CaseworkError, match="without the name"):
        learn(organiser, OfficeKind.ASKING, "Ask through ada okafor")
    # Somebody who does not work on the case learns nothing from an error.
    assert note(make_user(Role.VOLUNTEER, "Mina"), text="Ada Okafor knows them")


def test_a_paper_and_a_copy_leave_out_stances_and_every_whole_name_of_the_group(organiser):
    case = make_case(organiser, home(), name="Samira", official_name="Samira Ahmadi")
    supporters.add_supporter(case, organiser, name="Ada Okafor", postcode="LS11 0ES")
    mina = make_user(Role.VOLUNTEER, "Mina")
    for kind in NoteKind:
        note(mina, kind, f"{kind} of Ada Okafor and Samira Ahmadi", source="x", said_on=MARCH)
    learn(mina, OfficeKind.ASKING, "Ask Ada Okafor to ring them")
    made = meeting_plans.brief(seat())
    assert [one.content for one in made.office] == ["Ask [a name] to ring them"]
    assert any("interest of [a name] and [a name]" in line for line in made.lines)
    paper = " ".join(made.lines)
    for word in ("stance", "statement", "vote of", "hook", "Okafor", "Ahmadi"):
        assert word not in paper
    assert "Okafor" not in " ".join(member_notes.for_paper(["By Ada Okafor"]))


def test_what_the_group_typed_answers_a_criterion_of_whoever_sits_now(organiser):
    row = note(
        organiser,
        NoteKind.PRIVATE_SECRETARY,
        "PPS at the Treasury",
        source="GOV.UK",
        said_on=date(2026, 8, 1),
    )
    found = {one.criterion: one for one in criteria_of(seat())}
    assert found[Criterion.PRIVATE_SECRETARY].answer is Answer.MET
    row.member_name, row.member_id = "Somebody Before", 1
    db.session.commit()
    found = {one.criterion: one for one in criteria_of(seat())}
    assert found[Criterion.PRIVATE_SECRETARY].answer is Answer.NOT_KNOWN


def test_a_list_of_posts_newer_than_the_prime_minister_settles_who_is_in_the_government(
    app, instance, tmp_path
):
    given = tables()
    for row in given["mps.csv"]:
        row["government_posts_2026_08_01"] = row.pop("government_posts_2026_06_19")
    use_tables(app, instance, tmp_path, given)
    ann, eve = (directory().seat_on(code, date(2026, 9, 1)) for code in (LEEDS, YORK))
    answers = [
        {one.criterion: one.answer for one in criteria_of(one_seat)}[Criterion.MINISTER]
        for one_seat in (ann, eve)
    ]
    assert answers == [Answer.MET, Answer.NOT_MET]


def test_two_who_change_one_thing_at_once_do_not_save_over_each_other(organiser):
    entry, written = learn(organiser), note(organiser)
    plan = meeting_plans.make_plan("January", date(2027, 1, 9), [LEEDS_SOUTH], organiser)
    (planned,) = meeting_plans.meetings_of(plan)
    fixed = MeetingFacts(meeting_plans.State.TO_ASK, who_goes="Two from the choir")
    for change in (
        lambda: offices.change_entry(LEEDS_SOUTH, entry.id, OfficeFacts(OfficeKind.DETAINED), 1, organiser),
        lambda: member_notes.change_note(
            LEEDS_SOUTH, written.id, NoteFacts(NoteKind.OTHER, "x"), 1, organiser
        ),
        lambda: meeting_plans.change_plan(plan.id, "February", date(2027, 2, 1), 1, organiser),
        lambda: meeting_plans.change_meeting(plan.id, planned.row.id, fixed, 1, organiser),
    ):
        change()
        with pytest.raises(OutOfDate):
            change()


def test_what_is_deleted_rests_for_thirty_days_comes_back_and_is_then_truly_gone(organiser):
    entry, written = learn(organiser, text="their own form"), note(organiser)
    plan = meeting_plans.make_plan("January", date(2027, 1, 1), [LEEDS_SOUTH], organiser)
    meeting_plans.delete_plan(plan.id, organiser)
    member_notes.delete_note(LEEDS_SOUTH, written.id, organiser)
    offices.delete_entry(LEEDS_SOUTH, entry.id, organiser)
    assert (offices.entries_of(seat()), member_notes.notes_of(seat()).now) == ([], ())
    with pytest.raises(NotFound):
        member_notes.get_note(LEEDS_SOUTH, written.id)
    bins.bring_back(None, BinKind.MEMBER_NOTE, written.id, organiser)
    assert member_notes.notes_of(seat()).now == (written,)
    assert bins.empty_old(clock.today() + timedelta(29)) == 0
    yesterday = (clock.today() - timedelta(1)).isoformat()
    for key in (sweeping.DAILY, sweeping.HELD_BACK):
        db.session.merge(InstanceNote(key=key, value=yesterday))
    for row in (entry, plan):
        row.binned_at = clock.now() - timedelta(31)
    db.session.commit()
    sweeping.sweep()
    assert db.session.query(OfficeEntry).count() == db.session.query(Meeting).count() == 0


def test_the_bin_of_a_case_gives_nothing_of_an_mp_and_that_of_mps_nothing_of_a_case(organiser):
    case, written = make_case(organiser, home("LS11 0ES")), note(organiser)
    member_notes.delete_note(LEEDS_SOUTH, written.id, organiser)
    number = case_places.remove_place(case, case.places[0].id, organiser)
    for whose, kind, row in ((case, BinKind.MEMBER_NOTE, written.id), (None, BinKind.PLACE, number)):
        for way in (bins.bring_back, bins.erase_now):
            with pytest.raises(NotFound):
                way(whose, kind, row, organiser)
    assert [one.kind for one in bins.list_bin(case)] == [BinKind.PLACE]
    assert bins.list_of_members(BinKind.MEMBER_NOTE) == [written]


def test_another_group_sees_and_changes_none_of_it(organiser):
    entry, written = learn(organiser), note(organiser)
    plan = meeting_plans.make_plan("January", date(2027, 1, 1), [LEEDS_SOUTH], organiser)
    group, _ = groups.add_group("Another Group")
    entry_id, note_id, plan_id = entry.id, written.id, plan.id  # known here, and asked for there
    with asking_for(Asking(group=group.id)):
        assert offices.entries_of(seat()) == offices.all_entries() == []
        assert member_notes.notes_of(seat()).now == ()
        assert meeting_plans.list_plans() == []
        for missing in (
            lambda: offices.get_entry(LEEDS_SOUTH, entry_id),
            lambda: member_notes.get_note(LEEDS_SOUTH, note_id),
            lambda: meeting_plans.get_plan(plan_id),
            lambda: bins.get(None, BinKind.MEETING_PLAN, plan_id),
        ):
            with pytest.raises(NotFound):
                missing()


def test_a_supporter_who_stops_is_in_no_plan_and_no_note_any_more(organiser):
    case = make_case(organiser, home())
    ada = supporters.add_supporter(case, organiser, name="Ada Okafor", postcode="LS11 0ES")
    plan = meeting_plans.make_plan("January", date(2027, 1, 1), [LEEDS_SOUTH], organiser)
    (planned,) = meeting_plans.meetings_of(plan)
    facts = MeetingFacts(
        meeting_plans.State.TO_ASK, who_goes="Ada Okafor and Ruth", held_at="At Ada Okafor’s"
    )
    meeting_plans.change_meeting(plan.id, planned.row.id, facts, 1, organiser)
    next_contacts.set_for_member(LEEDS_SOUTH, clock.today(), "To thank them", None, organiser)
    db.session.query(MemberContact).one().why = "Ada Okafor asked"  # as whoever does not know her can type it
    stopping.stop(case, ada.id, organiser)
    row = db.session.query(SignUp).execution_options(even_stopped=True).one()
    row.stopped_at = clock.now() - STOPPED_FOR - timedelta(minutes=1)
    db.session.commit()
    stopping.erase_stopped()
    (planned,) = meeting_plans.meetings_of(plan)
    assert (planned.row.who_goes, planned.row.held_at) == ("[a name] and Ruth", "At [a name]’s")
    assert db.session.query(MemberContact).one().why == "[a name] asked"


def test_members_are_found_by_criterion_group_region_and_supporters_of_ones_own_cases(organiser):
    small = find_members(Wanted(Criterion.SMALL_MAJORITY), organiser)
    assert 100 < len(small.so) < 150
    assert all(one.finding.answer is Answer.MET for one in small.so)
    officers = find_members(Wanted(group=ANY_GROUP), organiser).so
    assert len(officers) == 19
    refugees = find_members(Wanted(group="All-Party Parliamentary Group on Refugees"), organiser).so
    assert {one.seat.member.name for one in refugees} <= {one.seat.member.name for one in officers}
    listed = find_members(Wanted(Criterion.MINISTER, region="Wales"), organiser)
    assert listed.once
    assert listed.not_known
    case = make_case(organiser, home())
    supporters.add_supporter(case, organiser, name="Ada Okafor", postcode="LS11 0ES")
    other = make_case(organiser, home(), name="Yonas")
    supporters.join(other, supporters.list_sign_ups(case)[0].supporter, organiser, "hand", {})
    db.session.commit()
    wanted = Wanted(with_supporters=True)
    assert [
        (one.seat.constituency.gss_code, one.supporters) for one in find_members(wanted, organiser).so
    ] == [(LEEDS_SOUTH, 1)]
    mina = make_user(Role.CASEWORKER, "Mina")
    assert find_members(wanted, mina).so == ()
    cases.add_to_team(case, mina.id, organiser)
    assert find_members(wanted, mina).so[0].supporters == 1
    case.closed_on = clock.today()
    db.session.commit()
    assert find_members(wanted, mina).so == ()


def test_an_office_goes_out_as_a_table_and_comes_back_without_standing_there_twice(organiser):
    learn(organiser, OfficeKind.SURGERY, "=Fridays\nat 4", told_by="-their page")
    learn(organiser, OfficeKind.CASEWORKER, "Mondays", name="Bea, Invented", role="@cases")
    note(organiser, NoteKind.STANCE, "Spoke against the Bill", source="Hansard", said_on=MARCH)
    table = office_files.as_csv(offices.all_entries())
    assert b"Bill" not in table
    assert b"\"'=Fridays" in table
    assert office_files.read_csv(table, organiser) == Outcome(known=2)
    later = table.replace(b"2026-03-03", b"2026-04-01")
    assert office_files.read_csv(later, organiser) == Outcome(confirmed=2)
    db.session.query(OfficeEntry).delete()
    assert office_files.read_csv(table, organiser) == Outcome(new=2)
    surgery, bea = (one.row for one in offices.entries_of(seat()))
    assert (surgery.text, surgery.told_by, surgery.learned_on) == ("=Fridays\nat 4", "-their page", MARCH)
    assert (bea.name, bea.role) == ("Bea, Invented", "@cases")


def test_a_table_with_mistakes_adds_nothing_and_names_each_row(organiser):
    rows = b"Constituency,What,Words\nLeeds South,Telephone,0113 496 0000\nNowhere,Telephone,1\nLeeds South,Tea,x\n"
    with pytest.raises(BadRows, match=r"Row 3: We know no constituency.*Row 4: “Tea” is none") as refused:
        office_files.read_csv(rows, organiser)
    assert len(refused.value.said) == 2
    assert offices.entries_of(seat()) == []
    with pytest.raises(CaseworkError, match="Missing: what and words"):
        office_files.read_csv(b"Constituency,x\nLeeds South,y\n", organiser)


def test_contacts_go_out_without_a_stance_and_come_in_to_one_office(organiser):
    learn(organiser, OfficeKind.TELEPHONE, "0113 496 0000")
    learn(organiser, OfficeKind.CASEWORKER, name="Bea Invented")
    learn(organiser, OfficeKind.CONDITION, "answers no calls")
    note(organiser, NoteKind.STANCE, "Spoke against the Bill", source="Hansard", said_on=MARCH)
    cards = office_files.as_vcards(offices.all_entries())
    assert cards.count("BEGIN:VCARD") == 2
    assert "Bill" not in cards
    sent = (
        cards.encode()
        + b"BEGIN:VCARD\nVERSION:3.0\nFN:Office\nORG:Office\nEMAIL:office@example.org\nEND:VCARD\n"
    )
    assert office_files.read_vcards(LEEDS_SOUTH, sent, organiser) == Outcome(new=1, known=2)
    with pytest.raises(BadRows, match="Contact 1: “no number” is not a phone number"):
        office_files.read_vcards(
            LEEDS_SOUTH, b"BEGIN:VCARD\nFN:O\nORG:O\nTEL:no number\nEND:VCARD", organiser
        )
    with pytest.raises(CaseworkError, match="UTF-8"):
        office_files.read_vcards(LEEDS_SOUTH, b"\xff\xfe\x00", organiser)


def test_a_plan_takes_no_unknown_place_none_twice_and_not_too_many(organiser):
    codes = [one.gss_code for one in directory().constituencies()]
    with pytest.raises(CaseworkError, match="one MP at least"):
        meeting_plans.make_plan("None", MARCH, [], organiser)
    with pytest.raises(CaseworkError, match="not known"):
        meeting_plans.make_plan("Odd", MARCH, ["E99999999"], organiser)
    with pytest.raises(CaseworkError, match="more than 60"):
        meeting_plans.make_plan("Many", MARCH, codes[:61], organiser)
    db.session.rollback()
    plan = meeting_plans.make_plan("Six", MARCH, [*codes[:6], codes[0]], organiser)
    assert meeting_plans.add_members(plan.id, codes[:7], organiser) == 1
    assert len(meeting_plans.meetings_of(plan)) == 7
