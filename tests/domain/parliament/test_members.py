"""Which MPs are tied to a case on a day, why, and in what order."""

from datetime import date

import pytest

from casework.domain.case.places import PlaceKind, has_home
from casework.domain.parliament.directory import Constituency, Fact, Member, Result, Seat, SeatStatus, Term
from casework.domain.parliament.members import Connection, TiedPlace, TiedSupporters, who_can_act

TODAY = date(2026, 4, 1)
LEEDS, BEDFORD, SHEFFIELD, CRAWLEY, EMPTY = "E14000001", "E14000002", "E14000003", "E14000004", "E14000005"
RESULT = Result(
    date(2024, 7, 4), "general election", "", "", "", None, None, "", "", None, None, None, "invented"
)


def constituency(gss_code):
    return Constituency(gss_code, f"Seat {gss_code[-1]}", "", "England", "", 1, "", 0, 0, (), 0, 0, (RESULT,))


def member(**more):
    facts = {
        "name": "Ann Example",
        "address_as": "Ann Example MP",
        "party": "Labour",
        "certainty": "published record",
    }
    facts |= {"given_name": "Ann", "family_name": "Example", "party_note": "", "email": "ann@example.org"}
    return Member(
        **facts | {"member_id": 1, "twfy_id": None, "first_elected": "", "source": "", "as_of": TODAY} | more
    )


def seat_of(gss_code, **more):
    place = constituency(gss_code)
    if gss_code == EMPTY:
        return Seat(place, TODAY, SeatStatus.VACANT, note="The writ was issued on 9 March 2026.")
    return Seat(place, TODAY, SeatStatus.MEMBER, Term(member(**more), date(2024, 7, 4), "general election"))


def home(gss_code=LEEDS, since=None, until=None, label="1 Invented Street", kind=PlaceKind.HOME):
    return TiedPlace(kind, label, gss_code, since, until)


def held(gss_code=BEDFORD, since=date(2026, 3, 3), until=None, label="Yarl’s Wood"):
    return TiedPlace(PlaceKind.DETENTION, label, gss_code, since, until)


def standings(*places, supporters=(), on=TODAY, **more):
    return who_can_act("Samira", places, supporters, on, lambda code: seat_of(code, **more))


def told(found):
    return [(one.seat.constituency.gss_code, one.connection) for one in found]


def test_the_home_mp_is_asked_first_then_detention_then_former_homes_then_supporters():
    found = standings(
        held(),
        home(SHEFFIELD, date(2019, 1, 1), date(2021, 4, 30)),
        home(LEEDS, date(2021, 5, 1)),
        supporters=[TiedSupporters(CRAWLEY, ("Maria",))],
    )
    assert told(found) == [
        (LEEDS, Connection.HOME),
        (BEDFORD, Connection.DETENTION),
        (SHEFFIELD, Connection.FORMER_HOME),
        (CRAWLEY, Connection.SUPPORTER),
    ]


def test_an_mp_with_several_ties_stands_once_with_every_reason():
    (one,) = standings(
        home(LEEDS, date(2021, 5, 1)),
        held(LEEDS),
        home(LEEDS, date(2019, 1, 1), date(2021, 4, 30), label="2 Old Road"),
        supporters=[TiedSupporters(LEEDS, ("Maria", "Omar"), 2)],
    )
    assert [tie.reason for tie in one.ties] == [
        "Samira’s home is here: 1 Invented Street, since 1 May 2021.",
        "Samira is held here: Yarl’s Wood, since 3 March 2026.",
        "Samira lived here from 1 January 2019 to 30 April 2021: 2 Old Road.",
        "2 people who support Samira live here: Maria and Omar.",
    ]
    assert len(one.may) == 4


def test_of_many_supporters_in_one_constituency_a_few_are_named():
    (one,) = standings(supporters=[TiedSupporters(LEEDS, ("Ada", "Maria", "Omar"), 40)])
    assert [tie.reason for tie in one.ties] == [
        "40 people who support Samira live here: Ada, Maria, Omar and 37 more."
    ]


def test_somebody_detained_still_has_the_mp_of_the_home_that_ended():
    found = standings(home(LEEDS, date(2021, 5, 1), date(2026, 3, 3)), held())
    assert told(found) == [(LEEDS, Connection.HOME), (BEDFORD, Connection.DETENTION)]
    assert "until 3 March 2026" in found[0].ties[0].reason


def test_a_home_that_ended_is_a_former_home_for_somebody_who_is_free():
    assert told(standings(home(LEEDS, date(2021, 5, 1), date(2026, 3, 3)))) == [
        (LEEDS, Connection.FORMER_HOME)
    ]


def test_after_a_transfer_the_new_place_counts_and_the_old_one_does_not_even_on_the_day():
    moved = [
        held(BEDFORD, date(2026, 3, 3), date(2026, 3, 20)),
        held(CRAWLEY, date(2026, 3, 20), label="Brook House"),
    ]
    assert told(standings(*moved, on=date(2026, 3, 19))) == [(BEDFORD, Connection.DETENTION)]
    assert told(standings(*moved, on=date(2026, 3, 20))) == [(CRAWLEY, Connection.DETENTION)]
    assert told(standings(*moved, on=date(2026, 3, 21))) == [(CRAWLEY, Connection.DETENTION)]


def test_a_home_that_has_not_begun_yet_ties_nobody():
    assert standings(home(LEEDS, date(2026, 5, 1))) == []


def test_former_homes_stand_newest_first():
    found = standings(
        home(BEDFORD, None, date(2015, 1, 1)),
        home(SHEFFIELD, date(2019, 1, 1), date(2021, 4, 30)),
        home(LEEDS, date(2021, 5, 1)),
    )
    assert told(found)[1:] == [(SHEFFIELD, Connection.FORMER_HOME), (BEDFORD, Connection.FORMER_HOME)]
    assert "until 1 January 2015" in found[2].ties[0].reason


@pytest.mark.parametrize(
    ("kind", "words"),
    [(PlaceKind.CARE_OF, "staying here with somebody"), (PlaceKind.NO_FIXED_ABODE, "no fixed address")],
)
def test_care_of_and_no_fixed_abode_are_homes_in_their_own_words(kind, words):
    (one,) = standings(home(kind=kind))
    assert one.connection is Connection.HOME
    assert words in one.ties[0].reason


def test_a_place_without_a_constituency_ties_nobody_but_is_a_home_all_the_same():
    places = [home(None)]
    assert standings(*places) == []
    assert has_home(places, TODAY)
    assert not has_home([held()], TODAY)


def test_every_mp_is_told_apart_from_a_lawyer_and_a_clock():
    for one in standings(home(), held(), home(SHEFFIELD, None, date(2020, 1, 1))):
        assert "never extends a legal deadline" in one.may_not[-1]


def test_an_empty_seat_may_do_nothing_and_says_what_that_means():
    (one,) = standings(home(EMPTY))
    assert (one.may, one.may_not) == ((), ())
    assert "writ" in one.cautions[0]
    assert "no home MP to ask now" in one.cautions[0]


def test_the_speaker_and_sinn_fein_are_explained_and_marked_as_not_checked():
    for party, words in (("Speaker", "takes no side"), ("Sinn Féin", "do not take their seats")):
        (caution,) = standings(home(), party=party)[0].cautions
        assert words in caution
        assert "nobody has checked" in caution


def test_a_member_known_from_one_source_is_to_be_looked_up():
    (caution,) = standings(home(), certainty="one source")[0].cautions
    assert "one source only" in caution


def test_a_minister_carries_the_warning_of_the_post():
    post = Fact(
        "government post", "Minister for Examples", "2026-06-19", "list", warning="It may no longer be so."
    )
    (caution,) = standings(home(), facts=(post,))[0].cautions
    assert "Minister for Examples" in caution
    assert "It may no longer be so." in caution


def test_a_seat_is_approximate_only_when_every_tie_is():
    rough = TiedPlace(PlaceKind.HOME, "home", LEEDS, is_approximate=True)
    assert standings(rough)[0].is_approximate
    assert not standings(rough, held(LEEDS))[0].is_approximate


def test_only_the_newest_post_in_government_is_named():
    old = Fact(
        "government post", "Minister for Examples", "2026-06-19", "list", warning="It may no longer be so."
    )
    new = Fact(
        "government post",
        "Ann Example appointed Minister for Samples",
        "2026-07-20",
        "press",
        warning="Check.",
    )
    (caution,) = standings(home(), facts=(old, new))[0].cautions
    assert caution.startswith(
        "Named in government: Ann Example appointed Minister for Samples (20 July 2026). Check."
    )
    assert "Minister for Examples" not in caution
