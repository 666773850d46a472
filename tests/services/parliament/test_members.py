"""Who can act in a case, against the directory that the program carries."""

from datetime import date

import pytest

from casework import clock
from casework.domain.case.places import PlaceKind
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.parliament.members import Connection
from casework.services.campaign import supporters
from casework.services.case import case_places, cases
from casework.services.case.case_places import NewPlace
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.parliament import finding_seats, member_checks, members
from casework.services.parliament.directory import constituency_name, directory
from tests.factories import detained_at, home, make_case

TODAY = date(2026, 4, 1)
LEEDS, CRAWLEY, HOLBORN = "E14001323", "E14001184", "E14001290"


def codes(who):
    return [(one.gss_code, one.standing.connection) for one in who]


@pytest.fixture
def case(organiser):
    return make_case(organiser, home("LS11 0ES"), detained_at("yarls-wood"))


def test_home_and_detention_give_their_two_mps_with_the_home_first(case):
    who = members.who_can_act(case, TODAY)
    assert [connection for _, connection in codes(who)] == [Connection.HOME, Connection.DETENTION]
    assert [one.seat.constituency.name for one in who] == ["Leeds South", "North Bedfordshire"]
    assert (
        "Samira A. is held here: Yarl's Wood, since 3 March 2026." in who.members[1].standing.ties[0].reason
    )


def test_before_the_detention_only_the_home_mp_can_act(case):
    assert [one.seat.constituency.name for one in members.who_can_act(case, date(2026, 3, 2))] == [
        "Leeds South"
    ]


def test_a_transfer_changes_the_list_and_says_what_changed(case, organiser):
    before = members.seats_of(case, TODAY)
    case_places.transfer(case, detained_at("brook-house", date(2026, 3, 30)), organiser)
    after = members.seats_of(case, TODAY)
    said = members.changes(before, after)
    assert said == [
        "Peter Lamb, MP for Crawley, can now be asked. Samira A. is held here: Brook House, since 30 March 2026.",
        "Richard Fuller, MP for North Bedfordshire, is no longer on the list.",
    ]
    assert members.who_can_act(case, TODAY).changed == tuple(said)


def test_a_move_within_one_constituency_changes_the_reason_only(organiser):
    case = make_case(organiser, detained_at("colnbrook"))
    before = members.seats_of(case, TODAY)
    case_places.transfer(case, detained_at("harmondsworth", date(2026, 3, 30)), organiser)
    (said,) = members.changes(before, members.seats_of(case, TODAY))
    assert said.startswith("John McDonnell, MP for Hayes and Harlington, stays on the list")


def test_what_is_still_needed_is_said_until_it_is_there(case, organiser):
    who = members.who_can_act(case, TODAY)
    assert who.members[0].missing == (
        "Samira A.’s yes to telling an MP",
        "a form of authority signed by Samira A.",
    )
    assert "say the risk aloud" in who.ask_first
    cases.record_asked(case, asked_on=date(2026, 3, 4), agreed=True, asked_by="Ruth", actor=organiser)
    who = members.who_can_act(case, TODAY)
    assert (who.ask_first, who.members[0].missing) == ("", ("a form of authority signed by Samira A.",))


def test_an_authority_is_no_longer_missing_for_the_mp_it_names(case, organiser):
    cases.record_asked(case, asked_on=date(2026, 3, 4), agreed=True, asked_by="Ruth", actor=organiser)
    signed = consent.NewAuthority(date(2026, 3, 5), scope=("ask",), gss_codes=(LEEDS,))
    consent.record_authority(case, signed, organiser)
    who = members.who_can_act(case, TODAY)
    assert [bool(one.missing) for one in who] == [False, True]


def test_no_from_the_person_is_shown_at_every_mp(case, organiser):
    cases.record_asked(case, asked_on=date(2026, 3, 4), agreed=False, asked_by="Ruth", actor=organiser)
    who = members.who_can_act(case, TODAY)
    assert "said no" in who.ask_first
    for one in who:
        assert "Samira A.’s yes to telling an MP" in one.missing


def test_a_supporter_brings_their_own_mp_whom_the_authority_need_not_name(case, organiser):
    for_another_mp = NewAuthority(signed_on=clock.today(), scope=("ask",), gss_codes=("E14001063",))
    consent.record_authority(case, for_another_mp, organiser)
    supporters.add_supporter(case, organiser, name="Maria Invented", postcode="UB7 0EQ")
    supporter = members.who_can_act(case, clock.today()).members[-1]
    assert supporter.seat.constituency.name == "Hayes and Harlington"
    assert not any("authority" in sentence for sentence in supporter.missing)


def test_places_that_nobody_could_place_are_listed_to_be_settled(organiser):
    case = make_case(organiser, home("SW1A 0ZZ"), home("MK44 2FQ", since=None, until=date(2020, 1, 1)))
    who = members.who_can_act(case, TODAY)
    assert [row.postcode for row in who.unplaced] == ["SW1A 0ZZ", "MK44 2FQ"]
    case_places.choose_constituency(case, who.unplaced[0], "E14001172", organiser)
    assert [row.postcode for row in members.who_can_act(case, TODAY).unplaced] == ["MK44 2FQ"]


def test_a_case_without_a_home_says_what_that_means(organiser):
    (remark,) = members.who_can_act(make_case(organiser, detained_at("yarls-wood")), TODAY).remarks
    assert "do not know where Samira A. lives" in remark
    assert "Until then ask the MP for the place of detention." in remark
    (remark,) = members.who_can_act(make_case(organiser), TODAY).remarks
    assert "Until then" not in remark


def test_a_former_home_shows_who_sits_there_on_the_day_asked(organiser):
    former = NewPlace(PlaceKind.HOME, postcode="WC1H 9JE", since=date(2018, 1, 1), until=date(2020, 1, 1))
    case = make_case(organiser, home("LS11 0ES"), former)
    then = members.who_can_act(case, date(2026, 8, 1)).members[1]
    assert then.seat.member.name == "Keir Starmer"
    assert members.who_can_act(case, date(2026, 9, 15)).members[1].seat.member is None
    assert members.who_can_act(case, date(2026, 9, 15)).members[1].missing == ()
    assert members.who_can_act(case, date(2026, 11, 20)).members[1].needs_check


def test_a_check_settles_a_member_known_from_one_source(organiser):
    assert member_checks.last_check(directory().seat_on(HOLBORN, clock.today())) is None
    check = member_checks.record_check(HOLBORN, organiser)
    assert (check.member_name, check.checked_on) == ("Sagal Abdi-Wali", clock.today())
    assert member_checks.last_check(directory().seat_on(HOLBORN, clock.today())) == check
    with pytest.raises(NotFound):
        member_checks.record_check("E14009999", organiser)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mcdonnell", ["Hayes and Harlington"]),
        ("harlington hayes", ["Hayes and Harlington"]),
        ("ynys mon", ["Ynys Môn"]),
        ("orfhlaith", ["West Tyrone"]),
    ],
)
def test_an_mp_is_found_by_any_part_of_a_name_without_its_accents(app, typed, expected):
    found, seats = finding_seats.find(typed)
    assert found is None
    assert [seat.constituency.name for seat in seats] == expected


def test_a_postcode_is_found_before_a_name_and_nonsense_is_explained(app):
    assert finding_seats.find("ub70eq")[0].constituency.name == "Hayes and Harlington"
    for nonsense in ("", "   ", "qqqqqq", "?"):
        with pytest.raises(CaseworkError) as refused:
            finding_seats.find(nonsense)
        assert refused.value.field == "q"


def test_the_name_of_a_constituency_is_empty_for_a_code_that_nobody_knows(app):
    assert constituency_name(CRAWLEY) == "Crawley"
    assert constituency_name(None) == constituency_name("E14009999") == ""
