"""The pages about MPs, as somebody goes through them."""

from datetime import date

import pytest

from casework.domain.safety.accounts import Role
from casework.services.campaign import supporters
from casework.services.case import case_places
from tests.factories import detained_at, home, make_case, make_user


@pytest.fixture
def case(organiser):
    return make_case(organiser, home("LS11 0ES"), detained_at("yarls-wood"))


def test_who_can_act_shows_each_mp_with_the_reason_what_is_needed_and_the_way_out(browser, case):
    page = browser.get(f"/cases/{case.reference}/who-can-act")
    assert page.index("Rt Hon Hilary Benn MP") < page.index("Richard Fuller MP")
    for words in (
        "Samira A.’s home is here: 1 Invented Street, LS11 0ES, since 1 May 2021.",
        "Still needed:",
        "https://members.parliament.uk/member/",
        "https://www.theyworkforyou.com/mp/",
        "Members as of",
        "days ago",
        f"/cases/{case.reference}/letters/new?mp=",
    ):
        assert words in page


def test_another_day_can_be_asked_for_and_a_wrong_one_is_explained(browser, case):
    assert f'href="/cases/{case.reference}/who-can-act"' in browser.get(f"/cases/{case.reference}")
    page = browser.get(f"/cases/{case.reference}/who-can-act?on=2026-03-02")
    assert "Monday 2 March 2026" in page
    assert "Richard Fuller" not in page
    page = browser.get(f"/cases/{case.reference}/who-can-act?on-day=31&on-month=2&on-year=2026")
    assert "There is no such day" in page


def test_before_the_election_of_2024_the_page_says_that_nobody_is_known(browser, organiser):
    case = make_case(organiser, home("LS11 0ES", since=date(2018, 1, 1)))
    page = browser.get(f"/cases/{case.reference}/who-can-act?on=2020-01-01")
    assert "since the general election of 4 July 2024" in page
    assert "/letters/new" not in page


def test_after_a_transfer_the_page_says_what_it_changed(browser, case, organiser):
    case_places.transfer(case, detained_at("brook-house", date(2026, 3, 30)), organiser)
    page = browser.get(f"/cases/{case.reference}/who-can-act")
    assert "What the last move changed" in page
    assert "Peter Lamb, MP for Crawley, can now be asked." in page


def test_somebody_who_is_not_on_the_team_finds_no_such_case(sign_in, case):
    other = sign_in(make_user(Role.ORGANISER, "Somebody Else"))
    place = case.places[0]
    other.get(f"/cases/{case.reference}/who-can-act", 404)
    other.get(f"/cases/{case.reference}/places/{place.id}/constituency", 404)


def test_a_stranger_sees_no_mp_but_may_read_what_casework_is(stranger):
    for path in ("/mps", "/mps/E14001184", "/cases/C-1/who-can-act"):
        stranger.get(path, 302)
    page = stranger.get("/about")
    assert "Contains Royal Mail data © Royal Mail copyright and database right 2023, 2025." in page
    assert "2,628,269" in page


def test_a_postcode_is_looked_up_without_standing_in_the_address(browser):
    page = browser.post("/mps", 200, q="ub7 oeq")
    assert "UB7 0EQ" in page
    assert "Rt Hon John McDonnell MP" in page


def test_half_a_postcode_offers_the_choice_with_shares(browser):
    page = browser.post("/mps", 200, q="RH6 0")
    assert "54% of the postcodes around it" in page
    assert page.index("Dorking and Horley") < page.index("Crawley")


def test_a_name_finds_its_mp_and_nonsense_is_explained_at_the_field(browser):
    assert "Hayes and Harlington" in browser.post("/mps", 200, q="McDonnell")
    page = browser.post("/mps", 200, q="<script>alert(1)</script>")
    assert "no MP or constituency has it in its name" in page
    assert "<script>alert" not in page
    assert "Type a postcode" in browser.post("/mps", 200, q="")
    assert "no member of Parliament" in browser.post("/mps", 200, q="JE2 3AB")


def test_the_list_has_all_650_constituencies(browser):
    page = browser.get("/mps")
    assert page.count('<th scope="row">') == 650
    assert "Ynys Môn" in page


def test_the_page_of_an_mp_tells_posts_sources_and_age(browser):
    page = browser.get("/mps/E14001200")
    for words in ("Ed Miliband", "19 June 2026", "20 July 2026", "Only one source says so"):
        assert words in page
    browser.get("/mps/E14009999", 404)
    browser.get("/mps/nonsense", 404)


def test_a_seat_that_changed_hands_shows_its_terms(browser):
    page = browser.get("/mps/E14001251")
    assert "Andrew Gwynne" in page
    assert "Hannah Spencer" in page


def test_checking_an_mp_is_kept_and_shown(browser):
    page = browser.get("/mps/E14001290")
    assert "one source only" in page
    browser.post("/mps/E14001290/check", page="/mps/E14001290")
    assert "Ruth Ellery found Sagal Abdi-Wali" in browser.get(browser.location)


def test_a_constituency_is_chosen_where_the_postcode_cannot_decide(browser, organiser):
    case = make_case(organiser, home("SW1A 0ZZ"))
    place = case.places[0]
    path = f"/cases/{case.reference}/places/{place.id}/constituency"
    page = browser.get(path)
    assert "Cities of London and Westminster (85% of the postcodes around it)" in page
    assert "Choose the constituency." in browser.post(path, 200)
    browser.post(path, likely="E14001172")
    assert browser.location == f"/cases/{case.reference}"
    assert (place.gss_code, place.gss_basis) == ("E14001172", "chosen")
    browser.post(path, other="E14001184", likely="E14001172")
    assert place.gss_code == "E14001184"
    assert "Choose the constituency." in browser.post(path, 200, other="E14009999")


def test_a_place_without_a_postcode_offers_the_list_of_all(browser, organiser):
    case = make_case(organiser, home(""))
    page = browser.get(f"/cases/{case.reference}/places/{case.places[0].id}/constituency")
    assert "There is no postcode" in page
    assert page.count("<option") == 651


def test_a_supporter_gets_a_constituency_too(browser, organiser):
    case = make_case(organiser, home("LS11 0ES"))
    supporter = supporters.add_supporter(case, organiser, name="Maria Invented", postcode="BT1 5GS")
    path = f"/cases/{case.reference}/supporters/{supporter.id}/constituency"
    assert "Northern Ireland" in browser.get(path)
    browser.post(path, likely="N05000003")
    assert supporter.gss_basis == "chosen"


def test_every_page_says_how_old_its_members_are(browser, organiser):
    case = make_case(organiser, home())
    for path in (f"/cases/{case.reference}", f"/cases/{case.reference}/letters/new", "/mps", "/today"):
        assert browser.get(path).count("Members as of") == 1, path


def test_a_seat_with_a_by_election_shows_the_general_election_too(browser, organiser):
    page = browser.get("/mps/E14001455")
    assert page.index("by 6 votes") < page.index("Election before") < page.index("by 14,696 votes")
