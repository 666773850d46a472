"""What is hidden in a case is not there for those who need not know it, whichever way they come."""

from datetime import date
from io import BytesIO

import pytest

from casework import clock
from casework.domain.case.hands import ThingKind
from casework.domain.consent.need_to_know import Hidden, as_kept, kinds_seen
from casework.domain.errors import CaseworkError
from casework.domain.parliament.members import Connection
from casework.domain.safety.accounts import Role
from casework.services.case import cases, homes, notes, timeline, whereabouts
from casework.services.case.notes import NoteFacts
from casework.services.case.tasks import tasks_of
from casework.services.consent import need_to_know, own_view, own_view_links, subject_access
from casework.services.letters import packs
from casework.services.parliament import members, surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import accounts, bins, case_bins, case_exports, groups, handing_over
from casework.services.timing import board, deadlines, diary
from casework.storage.asking import asking_for
from casework.storage.database import db
from casework.storage.models import Case, FollowUp, Pack, SurgeryVisit, TeamMember, User
from tests.factories import detained_at, home, make_case, make_user
from tests.full_case import LEEDS_SOUTH, full_case


def test_organisers_and_caseworkers_see_everything_unless_the_team_says_otherwise():
    everything = frozenset(Hidden)
    assert [kinds_seen(None, role) == everything for role in Role] == [True, True, False, False]
    assert kinds_seen("", Role.ORGANISER) == frozenset()
    assert kinds_seen("address,health", Role.READER) == {Hidden.ADDRESS, Hidden.HEALTH}
    assert as_kept(everything, Role.CASEWORKER) is None
    assert as_kept([], Role.CASEWORKER) == ""


@pytest.fixture
def idris(organiser: User) -> User:
    return make_user(Role.CASEWORKER, "Idris Vane")


def see(case: Case, user: User, *kinds: Hidden) -> None:
    member = next(one for one in case.team if one.user_id == user.id)
    member.sees = as_kept(kinds, Role(user.role))
    db.session.commit()


def test_lists_calendars_and_counts_leave_out_what_is_hidden_and_say_how_much(organiser, idris):
    case = full_case(organiser, "Samira").case
    cases.add_to_team(case, idris.id, organiser)
    assert need_to_know.seen_by(case, idris) == frozenset(Hidden)
    see(case, idris, Hidden.OFFENCE)
    case_id, asking, hers = case.id, groups.asking_of(idris), groups.asking_of(organiser)
    db.session.remove()

    def told(who) -> str:
        user, case = db.session.get(User, who.eyes), db.session.get(Case, case_id)
        entries = [*diary.open_entries(user), *board.board(user).dates, *timeline.timeline(case)]
        return repr((entries, case.places, [note.text for note in case.notes], packs.list_packs(case)))

    with asking_for(hers):
        everything = told(hers)
        assert everything.count("SamiraHIDDEN") > 3
        assert need_to_know.left_out(db.session.get(Case, case_id)) == {}
    db.session.remove()
    with asking_for(asking):
        some = told(asking)
        assert "SamiraHIDDEN promise" not in some
        assert "SamiraHIDDEN summary" in some  # an offence, which he sees
        assert "SamiraHIDDEN member" not in some
        assert need_to_know.left_out(db.session.get(Case, case_id)) == {
            "place": "1 address is hidden from you.",
            "note": "1 note is hidden from you.",
            "visit": "1 visit is hidden from you.",
        }


def test_the_person_reads_what_is_hidden_about_themselves(organiser):
    case = full_case(organiser, "Samira").case
    groups.ask_for_the_person(case)  # as a request with their link does; outside of one it changes nothing
    assert "SamiraHIDDEN Street" in repr(own_view.own_view(case, {}, ()).held)


def test_a_date_does_not_hang_on_who_looks(organiser, idris):
    case = make_case(organiser, home(), detained_at())
    case.places[1].hidden = "address"
    cases.add_to_team(case, idris.id, organiser)
    see(case, idris)
    case_id, asking = case.id, groups.asking_of(idris)
    db.session.remove()
    with asking_for(asking):
        case = db.session.get(Case, case_id)
        assert len(case.places) == 1
        assert whereabouts.is_detained(case, clock.today())


def test_nobody_hides_a_thing_from_themselves_and_somebody_always_sees_each_kind(organiser, idris):
    case = make_case(organiser, home())
    cases.add_to_team(case, idris.id, organiser)
    see(case, idris, Hidden.HEALTH)
    with pytest.raises(CaseworkError, match="gone from you too"):
        need_to_know.hide_and_save(case, case.places[0], Hidden.ADDRESS, idris)
    with pytest.raises(CaseworkError, match="Nobody on this case would see"):
        need_to_know.let_see(case, organiser.id, [], organiser)
    need_to_know.let_see(case, idris.id, list(Hidden), idris)
    assert need_to_know.seen_by(case, idris) == {Hidden.HEALTH}  # nobody shows more than they see
    need_to_know.let_see(case, idris.id, [Hidden.ADDRESS], organiser)
    assert need_to_know.seen_by(case, idris) == {Hidden.ADDRESS}


def test_whoever_lets_somebody_in_shows_them_no_more_than_they_see(organiser, idris):
    case = make_case(organiser, home())
    cases.add_to_team(case, idris.id, organiser)
    see(case, idris, Hidden.HEALTH)
    zora, ada = make_user(Role.CASEWORKER, "Zora"), make_user(Role.CASEWORKER, "Ada")
    cases.add_to_team(case, zora.id, idris)
    assert need_to_know.seen_by(case, zora) == {Hidden.HEALTH}
    cases.add_to_team(case, make_user(Role.READER, "Vera").id, organiser)
    assert {one.sees for one in case.team if one.user.role == Role.READER} == {None}
    with pytest.raises(
        CaseworkError, match="Nobody on this case would see what is hidden as: address and offence"
    ):
        handing_over.hand_over(handing_over.in_hand(organiser, case), organiser, ada, idris)
    with pytest.raises(
        CaseworkError, match="Nobody on this case would see what is hidden as: address and offence"
    ):
        cases.remove_from_team(case, organiser.id, idris)
    handing_over.hand_over(handing_over.in_hand(zora, case), zora, ada, idris)
    assert need_to_know.seen_by(case, ada) == {Hidden.HEALTH}
    cases.remove_from_team(case, ada.id, organiser)
    handing_over.hand_over(handing_over.in_hand(organiser, case), organiser, ada, organiser)
    assert need_to_know.seen_by(case, ada) == frozenset(Hidden)


def test_what_was_promised_at_a_hidden_visit_is_hidden_with_it(organiser):
    case = make_case(organiser, home())
    visit = surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH), organiser)
    visit.follow_ups.append(FollowUp(case=case, what="Ring", due_on=clock.today()))
    need_to_know.hide_and_save(case, visit, Hidden.HEALTH, organiser)
    assert [row.hidden for row in visit.follow_ups] == [Hidden.HEALTH]


def test_what_a_note_said_before_it_was_changed_is_hidden_with_it_even_in_the_bin(organiser, idris):
    case = make_case(organiser, home())
    cases.add_to_team(case, idris.id, organiser)
    see(case, idris)
    note = notes.add_note(case, NoteFacts("She takes insulin at noon."), organiser)
    notes.change_note(case, note.id, NoteFacts("She is unwell."), note.version, organiser)
    need_to_know.hide_and_save(case, note, Hidden.HEALTH, organiser)
    need_to_know.hide_and_save(case, note, None, organiser)  # the old words may be why it was hidden
    assert [one.tells for one in bins.list_bin(case)] == ["She takes insulin at noon."]
    case_id, asking = case.id, groups.asking_of(idris)
    db.session.remove()
    with asking_for(asking):
        assert bins.list_bin(db.session.get(Case, case_id)) == []


def test_everything_in_hand_goes_to_somebody_else_and_nothing_is_lost(organiser, idris):
    case, other = full_case(organiser, "Samira").case, make_case(organiser, home(), name="Daniel")
    zora = make_user(Role.CASEWORKER, "Zora")
    for one in (case, other):
        cases.add_to_team(one, idris.id, organiser)
    loads = handing_over.in_hand(organiser)
    assert [load.case.id for load in loads] == [other.id, case.id]
    assert loads[1].open == dict.fromkeys(ThingKind, 1)
    nosy = make_user(Role.ORGANISER, "Nosy")
    with pytest.raises(CaseworkError, match="cannot let yourself in"):
        handing_over.hand_over(loads, organiser, nosy, nosy)
    volunteer = make_user(Role.VOLUNTEER, "Mina")
    with pytest.raises(CaseworkError, match="cannot see to this: 1 date"):
        handing_over.hand_over(loads, organiser, volunteer, organiser)
    handing_over.hand_over(handing_over.in_hand(organiser, case), organiser, zora, organiser)
    assert {row.user_id for row in case.team} == {idris.id, zora.id}
    assert organiser.id in {row.user_id for row in other.team}
    assert [load.open for load in handing_over.in_hand(zora)] == [loads[1].open]
    assert handing_over.in_hand(organiser, case) == []


def test_a_case_is_never_left_without_somebody_who_may_run_it(organiser):
    case = make_case(organiser, home())
    for role in (Role.VOLUNTEER, Role.READER):
        with pytest.raises(CaseworkError, match="must stay"):
            handing_over.hand_over(
                handing_over.in_hand(organiser), organiser, make_user(role, "A"), organiser
            )
    cases.add_to_team(case, make_user(Role.READER, "Vera").id, organiser)
    with pytest.raises(CaseworkError, match="must stay"):
        cases.remove_from_team(case, organiser.id, organiser)


def test_whoever_gets_another_part_takes_care_of_nothing_that_is_not_theirs_any_more(organiser, idris):
    case = make_case(organiser, home())
    cases.add_to_team(case, idris.id, organiser)
    row = deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    visit = surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH), organiser)
    row.owner = visit.owner = idris
    db.session.commit()
    accounts.change_role(idris, Role.VOLUNTEER, organiser)
    db.session.expire_all()
    assert (row.owner_id, visit.owner_id) == (None, idris.id)
    accounts.change_role(idris, Role.READER, organiser)
    db.session.expire_all()
    assert visit.owner_id is None, "a reader records no visit"
    assert db.session.query(SurgeryVisit).count() == 1
    assert db.session.query(TeamMember).count() == 2


def test_what_tells_the_whole_case_is_made_only_by_those_who_see_all_of_it(organiser, idris):
    case = full_case(organiser, "Samira").case
    cases.add_to_team(case, idris.id, organiser)
    see(case, idris, Hidden.OFFENCE)
    case_id, asking = case.id, groups.asking_of(idris)
    db.session.remove()
    with asking_for(asking):
        case, user = db.session.get(Case, case_id), db.session.get(User, asking.eyes)
        for make in (
            lambda: subject_access.make_zip(case, user, encrypted=True),
            lambda: case_exports.export(BytesIO(), case, "a passphrase of several words", user),
            lambda: own_view_links.make(case, 1, user),
        ):
            with pytest.raises(CaseworkError, match="hidden from you"):
                make()
        listed = Pack(
            case=case, kind="pack", audience="lawyer", title="All", contents=[{"key": "chronology", "title": "All"}],
            sha256="0" * 64, pages=1, made_at=clock.now(), made_by=user,
        )  # fmt: skip
        db.session.add(listed)
        db.session.commit()
        assert listed.id not in {row.id for row in packs.list_packs(case)}


def test_a_case_that_went_through_the_bin_shows_nobody_more_than_before(organiser, idris):
    case = full_case(organiser, "Samira").case
    cases.add_to_team(case, idris.id, organiser)
    see(case, idris, Hidden.OFFENCE)
    case_bins.put_away(case, idris)
    back = case_bins.bring_back(case.reference, idris)
    assert need_to_know.seen_by(back, idris) == {Hidden.OFFENCE}


def test_an_older_home_never_passes_for_one_that_is_hidden(organiser):
    mina = make_user(Role.VOLUNTEER, "Mina Castellan")
    before = home("S1 2HH", since=date(2019, 7, 9), until=date(2021, 6, 8))
    case = make_case(organiser, before, home(since=date(2021, 6, 8)), detained_at())
    cases.add_to_team(case, mina.id, organiser)
    now = next(row for row in case.places if row.gss_code == LEEDS_SOUTH)
    need_to_know.hide_and_save(case, now, Hidden.ADDRESS, organiser)
    case_id, asking, today = case.id, groups.asking_of(mina), clock.today()
    db.session.remove()
    with asking_for(asking):
        seen = db.session.get(Case, case_id)
        ties = [one.standing.connection for one in members.who_can_act(seen, today).members]
        assert ties == [Connection.DETENTION, Connection.FORMER_HOME]
        assert homes.home_seen(seen, today) is None
        assert [row.postcode for row in homes.former_homes_seen(seen, today)] == ["S1 2HH"]


@pytest.mark.parametrize("earlier", [[], [home("S1 2HH", since=date(2019, 7, 9), until=date(2021, 6, 8))]])
def test_nobody_is_told_that_a_hidden_home_is_not_known(organiser, idris, earlier):
    """Or they would add it once more, or write to the wrong MP."""
    case = make_case(organiser, *earlier, home(since=date(2021, 6, 8)), detained_at())
    cases.add_to_team(case, idris.id, organiser)
    now = next(row for row in case.places if row.gss_code == LEEDS_SOUTH)
    need_to_know.hide_and_save(case, now, Hidden.ADDRESS, organiser)
    see(case, idris, Hidden.HEALTH)
    case_id, asking, today = case.id, groups.asking_of(idris), clock.today()
    db.session.remove()
    with asking_for(asking):
        seen = db.session.get(Case, case_id)
        who = members.who_can_act(seen, today)
        (said,) = who.remarks
        assert "is hidden from you, so an MP is missing here" in said
        assert "home" not in [one.key for one in tasks_of(seen, today, who, [])]
