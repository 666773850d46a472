"""The directory that the program carries."""

from datetime import date

import pytest

from casework.domain.case.postcodes import BadPostcode
from casework.domain.errors import NotFound
from casework.domain.parliament.directory import FIRST_KNOWN_DAY, LookupStatus, SeatStatus
from casework.reference.directory import Directory, directory
from casework.reference.directory.records import DamagedDirectory

HAYES, CRAWLEY, HOLBORN, CHORLEY = "E14001276", "E14001184", "E14001290", "E14001170"


def names(found):
    return [candidate.constituency.name for candidate in found.candidates]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("SW1A 0AA", "Cities of London and Westminster"),
        ("ub7 0eq", "Hayes and Harlington"),
        ("UB7 0HB", "Hayes and Harlington"),
        ("RH6 0PQ", "Crawley"),
    ],
)
def test_a_known_postcode_lies_in_one_constituency(typed, name):
    found = directory().lookup(typed)
    assert found.status is LookupStatus.FOUND
    assert names(found) == [name]
    assert found.constituency.name == name
    assert found.candidates[0].share == 1.0


def test_an_approximate_postcode_offers_the_neighbours_of_its_sector_too():
    found = directory().lookup("MK44 2FQ")
    assert found.status is LookupStatus.APPROXIMATE
    assert names(found)[0] == "North Bedfordshire"
    assert len(found.candidates) > 1
    assert found.constituency is None
    assert "Check" in found.note


def test_the_constituency_of_the_source_stands_first_even_when_its_share_is_smaller():
    found = directory().lookup("W1A 0AX")
    assert names(found)[0] == "Islington South and Finsbury"
    assert found.candidates[0].share < found.candidates[1].share
    assert "sorting office" in found.note


def test_a_postcode_that_does_not_exist_offers_the_constituencies_of_its_sector():
    found = directory().lookup("SW1A 0ZZ")
    assert found.status is LookupStatus.SECTOR
    assert "Cities of London and Westminster" in names(found)
    assert sum(candidate.share for candidate in found.candidates) == pytest.approx(1)


def test_a_postcode_in_no_known_sector_offers_the_constituencies_of_its_district():
    found = directory().lookup("UB7 1AA")
    assert found.status is LookupStatus.DISTRICT
    assert names(found)[0] == "Hayes and Harlington"


def test_part_of_a_postcode_offers_every_constituency_that_it_touches():
    assert directory().lookup("RH6 0").status is LookupStatus.SECTOR
    assert names(directory().lookup("RH6 0")) == ["Dorking and Horley", "Crawley"]
    assert names(directory().lookup("M90")) == ["Wythenshawe and Sale East"]
    assert directory().lookup("UB70").postcode == "UB7 0"
    assert directory().lookup("QQ7").status is LookupStatus.UNKNOWN


def test_northern_ireland_is_known_by_sector_only():
    found = directory().lookup("BT40 1UR")
    assert found.status is LookupStatus.SECTOR
    assert "East Antrim" in names(found)
    assert "Northern Ireland" in found.note
    assert directory().lookup("BT9").candidates


@pytest.mark.parametrize(
    ("typed", "island"), [("JE2 3AB", "Jersey"), ("GY1 1AA", "Guernsey"), ("IM1", "Isle of Man")]
)
def test_the_crown_dependencies_have_no_member_and_the_note_says_so(typed, island):
    found = directory().lookup(typed)
    assert (found.status, found.candidates) == (LookupStatus.UNKNOWN, ())
    assert island in found.note
    assert "no member" in found.note


def test_a_postcode_of_nowhere_is_unknown_and_what_is_no_postcode_is_refused():
    assert directory().lookup("QQ1 1AA").status is LookupStatus.UNKNOWN
    with pytest.raises(BadPostcode):
        directory().lookup("the old mill")


def test_there_are_650_constituencies_and_each_has_one_member_or_a_vacancy_on_any_day():
    days = (FIRST_KNOWN_DAY, date(2026, 1, 31), date(2026, 6, 1), date(2026, 9, 15), date(2026, 11, 20))
    assert len(directory().constituencies()) == 650
    for constituency in directory().constituencies():
        for day in days:
            seat = directory().seat_on(constituency.gss_code, day)
            assert (seat.status is SeatStatus.MEMBER) == (seat.member is not None)
            assert seat.status is not SeatStatus.NOT_KNOWN


@pytest.mark.parametrize(
    ("day", "sits"),
    [
        (date(2024, 7, 4), "Keir Starmer"),
        (date(2026, 8, 31), "Keir Starmer"),
        (date(2026, 9, 1), None),
        (date(2026, 10, 7), None),
        (date(2026, 10, 8), "Sagal Abdi-Wali"),
    ],
)
def test_who_sat_for_holborn_changes_with_the_vacancy_and_the_by_election(day, sits):
    seat = directory().seat_on(HOLBORN, day)
    assert (seat.member.name if seat.member else None) == sits


def test_a_vacancy_says_how_it_is_known():
    seat = directory().seat_on("E14001251", date(2026, 2, 1))
    assert seat.status is SeatStatus.VACANT
    assert "writ" in seat.note


def test_before_the_election_of_2024_nobody_is_known():
    seat = directory().seat_on(HAYES, date(2024, 7, 3))
    assert (seat.status, seat.member) == (SeatStatus.NOT_KNOWN, None)
    assert "4 July 2024" in seat.note


def test_a_member_known_from_one_source_is_not_checked():
    member = directory().seat_on(HOLBORN, date(2026, 11, 20)).member
    assert not member.is_checked
    assert (member.member_id, member.email, member.parliament_page) == (None, "", "")
    unchecked = [
        constituency.name
        for constituency in directory().constituencies()
        if (seat := directory().seat_on(constituency.gss_code, date(2026, 11, 20))).member
        and not seat.member.is_checked
    ]
    assert unchecked == ["Holborn and St Pancras"]


def test_a_member_carries_what_a_letter_needs():
    seat = directory().seat_on(HAYES, date(2026, 11, 20))
    assert seat.member.address_as == "Rt Hon John McDonnell MP"
    assert seat.member.email == "mcdonnellj@parliament.uk"
    assert seat.member.parliament_page == "https://members.parliament.uk/member/178/contact"
    assert seat.term.since == date(2024, 7, 4)


def test_every_sitting_member_is_addressed_as_mp_and_no_email_is_a_sentence():
    for constituency in directory().constituencies():
        member = directory().seat_on(constituency.gss_code, date(2026, 11, 20)).member
        assert member.address_as.endswith(" MP")
        assert member.email == "" or "@" in member.email


def test_a_post_from_before_the_change_of_government_says_that_it_may_be_over():
    (doncaster,) = [one for one in directory().constituencies() if one.name == "Doncaster North"]
    posts = directory().seat_on(doncaster.gss_code, date(2026, 11, 20)).member.government_posts
    old = [post for post in posts if post.dated == "2026-06-19"]
    assert old
    assert all("20 July 2026" in post.warning for post in old)
    assert [post.text for post in posts if post.dated == "2026-07-20"] == [
        "Ed Miliband appointed Foreign Secretary"
    ]


def test_the_speaker_and_sinn_fein_are_recognised():
    assert directory().seat_on(CHORLEY, date(2026, 11, 20)).member.is_speaker
    sinn_fein = [
        constituency.name
        for constituency in directory().constituencies()
        if directory().seat_on(constituency.gss_code, date(2026, 11, 20)).member.is_sinn_fein
    ]
    assert len(sinn_fein) == 7
    assert "Belfast West" in sinn_fein


def test_every_place_of_detention_stands_in_a_known_constituency_with_its_source():
    places = directory().places()
    assert (sum(not place.is_prison for place in places), sum(place.is_prison for place in places)) == (
        13,
        172,
    )
    for place in places:
        assert directory().constituency(place.gss_code)
        assert place.sources
        assert place.address


def test_a_place_not_yet_open_and_a_place_without_an_address_say_so():
    assert directory().place("haslar").is_open is False
    assert "June 2027" in directory().place("haslar").status
    manston = directory().place("manston")
    assert not manston.is_address_complete
    assert manston.postcode == ""


def test_the_directory_knows_its_age():
    release = directory().release
    assert release.directory_date == date(2026, 6, 27)
    assert release.members_known_to == date(2026, 10, 8)
    assert release.age_in_days(date(2026, 11, 20)) == 146
    assert not release.is_old(date(2026, 9, 25))
    assert release.is_old(date(2026, 9, 26))
    assert len(release.attributions) == 14


def test_a_code_or_a_place_that_does_not_exist_is_not_found():
    with pytest.raises(NotFound):
        directory().constituency("E14009999")
    with pytest.raises(NotFound):
        directory().seat_on("E14009999", date(2026, 11, 20))
    with pytest.raises(NotFound):
        directory().place("nowhere")


def test_a_missing_or_spoilt_directory_says_what_to_do(tmp_path):
    with pytest.raises(DamagedDirectory, match="casework directory build"):
        Directory(tmp_path).constituencies()
    (tmp_path / "directory.json").write_text('{"format": "something else"}', "utf-8")
    with pytest.raises(DamagedDirectory, match="damaged"):
        Directory(tmp_path).constituencies()
