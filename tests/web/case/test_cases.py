"""Opening a case and keeping it right."""

from datetime import timedelta

from flask import Flask

from casework import clock
from casework.services.case import case_places, cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.storage.database import db
from casework.storage.models import Case, User
from tests.factories import detained_at, home, make_case
from tests.pages import Browser, day


def test_a_case_is_opened_with_a_home_a_place_of_detention_and_two_former_homes(browser: Browser) -> None:
    browser.post(
        "/cases/new",
        name_used="Samira A.",
        home_postcode="ls110es",
        home_kind="home",
        held_at="yarls-wood",
        **day("held_since", "3 3 2026"),
        former1_postcode="s1 2hh",
        **day("former1_since", "1 6 2019"),
        **day("former1_until", "30 4 2021"),
        former2_postcode="BD1 1HY",
    )
    page = browser.get(browser.location)
    for name in ("Samira A.", "Leeds South", "North Bedfordshire", "Sheffield Central", "Bradford West"):
        assert name in page, name


def test_a_language_that_is_like_one_that_we_have_is_asked_about_and_then_kept_as_typed(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser)
    where = f"/cases/{case.reference}/person"
    page = browser.post(where, 200, page=where, languages="Somalian")
    assert "Do you mean Somali? Then type that" in page
    assert 'name="language_asked" type="hidden" value="Somalian"' in page
    browser.post(where, page=where, languages="Somalian", language_asked="Somalian")
    assert case.languages == "Somalian"
    browser.post(where, page=where, languages="Somali")
    assert case.languages == "Somali"


def test_of_a_home_the_year_is_enough_and_of_a_detention_it_is_not(browser: Browser, organiser: User) -> None:
    case = make_case(organiser)
    where = f"/cases/{case.reference}/places/new"
    browser.post(
        where, kind="former home", postcode="S1 2HH", **{"since-year": "2019", "until-day": "April 2021"}
    )
    page = browser.get(f"/cases/{case.reference}")
    assert "“2019” is kept as 1 January 2019, its first day." in page
    assert "“April 2021” is kept as 1 April 2021, its first day." in page
    held = browser.post(
        where, 200, kind="detention", place_id="yarls-wood", **{"since-month": "3", "since-year": "2026"}
    )
    assert "Type the whole day: dates are counted from a detention." in held
    left = browser.post(where, 200, kind="home", postcode="LS11 0ES", **{"until-year": "2025"})
    assert "Type the whole day: it decides where they are counted as living." in left
    assert [row.kind for row in case.places] == ["former home"]


def test_a_former_home_without_dates_is_never_taken_for_the_home_of_today(browser: Browser) -> None:
    browser.post(
        "/cases/new",
        name_used="Samira",
        home_postcode="LS11 0ES",
        home_kind="home",
        former1_postcode="BD1 1HY",
    )
    page = " ".join(browser.get(browser.location).split())
    assert "Leeds South, Labour · the MP for the home" in page
    assert "Bradford West, Labour · a former home" in page


def test_one_name_is_enough(browser: Browser) -> None:
    browser.post("/cases/new", name_used="Samira", home_kind="home")
    assert "Samira" in browser.get(browser.location)


def test_no_name_is_asked_for_beside_the_field_and_everything_typed_is_kept(browser: Browser) -> None:
    page = browser.post(
        "/cases/new", status=200, home_postcode="LS11 0ES", home_kind="home", urgency="Flight on Tuesday"
    )
    assert "Type a name" in page
    assert 'value="LS11 0ES"' in page
    assert 'value="Flight on Tuesday"' in page


def test_a_wrong_postcode_is_explained_and_kept(browser: Browser) -> None:
    page = browser.post(
        "/cases/new", status=200, name_used="Samira", home_postcode="not one", home_kind="home"
    )
    assert 'value="not one"' in page
    assert 'id="home_postcode-error"' in page


def test_a_postcode_that_nobody_knows_does_not_stop_a_case(browser: Browser) -> None:
    browser.post("/cases/new", name_used="Samira", home_postcode="LS11 9ZZ", home_kind="home")
    assert "choose" in browser.get(browser.location).lower()


def test_names_in_any_script_come_back_as_they_were_typed(browser: Browser) -> None:
    for name in ("سميرة عبدي", "Łucja Żółć", "😀 Samira", "Nguyễn Thị", "<b>Samira</b> & {{ 7*7 }}"):
        browser.post("/cases/new", name_used=name, home_kind="home")
        page = browser.get(browser.location)
        assert name in page or "&lt;b&gt;Samira&lt;/b&gt; &amp; {{ 7*7 }}" in page


def test_a_name_of_ten_thousand_characters_is_refused_kindly(browser: Browser) -> None:
    page = browser.post("/cases/new", status=200, name_used="S" * 10_000, home_kind="home")
    assert "200 characters at most" in page


def test_a_form_sent_twice_opens_one_case(browser: Browser, app: Flask) -> None:
    browser.post("/cases/new", name_used="Samira", home_kind="home", once="the-same-form")
    first = browser.location
    browser.post("/cases/new", name_used="Samira", home_kind="home", once="the-same-form")
    assert browser.location == first
    assert db.session.scalar(db.select(db.func.count(Case.id))) == 1


def test_a_form_that_came_back_with_an_error_can_be_sent_again(browser: Browser) -> None:
    browser.post("/cases/new", status=200, home_kind="home", once="one-form")
    browser.post("/cases/new", name_used="Samira", home_kind="home", once="one-form")
    assert "/cases/C-" in browser.location


def test_two_people_saving_the_same_case_do_not_overwrite_each_other(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, name="Samira")
    path = f"/cases/{case.reference}/person"
    browser.post(path, name_used="Samira", languages="Tigrinya", version=str(case.version))
    page = browser.post(path, status=200, name_used="Samira", languages="Arabic", version="1")
    assert "Somebody else saved this case" in page
    assert "Tigrinya" in page
    assert 'value="Arabic"' in page
    browser.post(
        path,
        name_used="Samira",
        languages="Tigrinya, Arabic",
        version=str(cases.get_case(case.reference, organiser).version),
    )
    assert "Tigrinya, Arabic" in browser.get(f"/cases/{case.reference}")


def test_changing_only_a_reference_counts_as_a_change(browser: Browser, organiser: User) -> None:
    case = make_case(organiser, name="Samira")
    before = case.version
    browser.post(
        f"/cases/{case.reference}/person", name_used="Samira", home_office="A1234567", version=str(before)
    )
    db.session.expire_all()
    assert cases.get_case(case.reference, organiser).version > before


def test_an_unusual_reference_is_kept_and_remarked_on(browser: Browser, organiser: User) -> None:
    case = make_case(organiser, name="Samira")
    browser.post(
        f"/cases/{case.reference}/person", name_used="Samira", home_office="12", version=str(case.version)
    )
    page = browser.get(f"/cases/{case.reference}")
    assert "is saved, though it looks unusual" in page
    assert "12" in page


def test_a_transfer_ends_the_stay_before_it(organiser: User) -> None:
    case = make_case(organiser, detained_at("brook-house", clock.today() - timedelta(days=20)))
    moved = clock.today() - timedelta(days=2)
    case_places.transfer(case, detained_at("dungavel", moved), organiser)
    assert [(row.name, row.until) for row in case.places] == [
        ("Brook House", moved),
        ("Dungavel House", None),
    ]


def test_a_transfer_says_which_mp_changed(browser: Browser, organiser: User) -> None:
    case = make_case(organiser, detained_at("brook-house", clock.today() - timedelta(days=20)))
    browser.record(f"/cases/{case.reference}/transfer", place_id="dungavel", **{"since-day": "yesterday"})
    page = browser.get(f"/cases/{case.reference}")
    assert "East Kilbride and Strathaven" in page
    assert "Crawley" in page


def test_a_transfer_shows_what_ends_and_what_may_start_before_it_is_saved(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, detained_at("larne-house", clock.today() - timedelta(days=3)))
    transfer = f"/cases/{case.reference}/transfer"
    page = browser.post(transfer, 200, place_id="dungavel", **{"since-day": "yesterday"})
    assert "The stay at Larne House ends on" in page
    assert "Written reasons for detention" in page  # a removal centre gives them, the holding place did not
    assert "Medical examination on admission" in page
    assert len(case.places) == 1
    browser.save(transfer, offers=["detention_medical_24h:"])
    page = browser.get(f"/cases/{case.reference}/dates")
    assert "Medical examination on admission" in page
    assert "Written reasons for detention" in page


def test_a_place_that_ends_before_it_begins_is_refused_beside_its_last_day(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser)
    page = browser.post(
        f"/cases/{case.reference}/places/new",
        status=200,
        kind="home",
        postcode="LS11 0ES",
        **day("since", "3 3 2026"),
        **day("until", "3 3 2025"),
    )
    assert 'id="until-error"' in page


def test_no_fixed_abode_is_an_address(browser: Browser, organiser: User) -> None:
    case = make_case(organiser)
    browser.post(f"/cases/{case.reference}/places/new", kind="no fixed abode", postcode="LS11 0ES")
    assert "Leeds South" in browser.get(f"/cases/{case.reference}")


def test_a_supporter_gets_their_own_mp(browser: Browser, organiser: User) -> None:
    case = make_case(organiser)
    browser.post(f"/cases/{case.reference}/supporters/new", name="Idris Invented", postcode="LS11 0ES")
    assert "Leeds South" in browser.get(f"/cases/{case.reference}/supporters")


def test_a_case_opened_by_a_volunteer_has_an_organiser_too(app: Flask, organiser: User) -> None:
    from casework.domain.safety.accounts import Role
    from tests.factories import make_user

    volunteer = make_user(Role.VOLUNTEER, "Mina")
    case = make_case(volunteer, home())
    assert {member.user_id for member in case.team} == {organiser.id, volunteer.id}


def test_a_case_can_be_closed_and_opened_again(browser: Browser, organiser: User) -> None:
    case = make_case(organiser)
    browser.post(f"/cases/{case.reference}/close", because="Released")
    assert "Released" in browser.get(f"/cases/{case.reference}")
    browser.post(f"/cases/{case.reference}/close")
    assert "was closed" not in browser.get(f"/cases/{case.reference}")


def test_a_note_is_kept_and_stands_on_the_page_of_the_case(browser: Browser, organiser: User) -> None:
    case = make_case(organiser)
    browser.post(f"/cases/{case.reference}/notes/new", text="The neighbour has the spare key.")
    assert "The neighbour has the spare key." in browser.get(f"/cases/{case.reference}")


def test_the_tab_never_shows_a_name(browser: Browser, organiser: User) -> None:
    case = make_case(organiser, home(), name="Unmistakable Name")
    for path in (
        f"/cases/{case.reference}",
        f"/cases/{case.reference}/person",
        f"/cases/{case.reference}/places",
    ):
        page = browser.get(path)
        assert "Unmistakable" not in page[page.index("<title>") : page.index("</title>")]


def test_two_people_saving_one_place_do_not_overwrite_each_other(browser: Browser, organiser: User) -> None:
    case = make_case(organiser, home())
    path = f"/cases/{case.reference}/places/{case.places[0].id}"
    browser.post(path, kind="home", postcode="S1 2HH")
    page = browser.post(path, status=200, kind="home", postcode="BD1 1HY", version="1")
    assert "Somebody else saved this place" in page
    assert "S1 2HH" in page
    assert 'value="BD1 1HY"' in page


def test_a_place_of_detention_shows_what_is_known_of_it_with_the_source(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, detained_at("brook-house"), detained_at("harmondsworth"))
    page = browser.get(f"/cases/{case.reference}/places")
    assert "01293 566500" in page
    assert "serco.com" in page
    assert "not known to us" in page


def test_a_yes_to_one_mp_and_not_to_another_stands_beside_who_can_act_and_every_letter(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, home())
    browser.post(
        f"/cases/{case.reference}/asked",
        agreed="yes",
        limits="Not the MP where I am held",
        asked_by="Ruth, by phone",
        **{"asked_on-day": "today"},
    )
    assert "Not the MP where I am held" in browser.get(f"/cases/{case.reference}")
    new = f"/cases/{case.reference}/letters/new?mp=E14001323&template=home-mp-urgent"
    browser.post(new, template="home-mp-urgent", gss_code="E14001323")
    draft = browser.location
    assert "Not the MP where I am held" in browser.get(draft)


def test_a_yes_on_the_day_on_which_a_form_was_taken_back_is_said_not_to_count(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, home(), name="Samira")
    row = consent.record_authority(case, NewAuthority(clock.today() - timedelta(9), ("ask",)), organiser)
    consent.withdraw_authority(case, row.id, clock.today(), None, organiser)
    browser.post(f"/cases/{case.reference}/asked", agreed="yes", asked_by="Ruth", **{"asked_on-day": "today"})
    for page in (browser.get(browser.location), browser.get(f"/cases/{case.reference}/agreed")):
        assert "took back a form of authority on the same day" in page


def test_a_place_of_detention_that_may_be_closed_is_asked_about_in_every_form_and_may_be_saved(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, detained_at("brook-house", clock.today() - timedelta(days=20)))
    here = f"/cases/{case.reference}"
    moved = {"place_id": "haslar", "room": "B 12", "since-day": "yesterday"}
    page = browser.post(f"{here}/transfer", 200, **moved)
    assert "Haslar is not open according to our list" in page
    assert 'value="B 12"' in page
    browser.record(f"{here}/transfer", **moved, **{"place_id-sure": "haslar"})
    assert "Look whether this is right." in browser.get(here)
    assert "Look whether this is right." not in browser.get(f"{here}/visits/script")
    row = case.places[-1]
    same = {"kind": "detention", "room": "B 13", "since-day": "yesterday", "version": str(row.version)}
    browser.post(f"{here}/places/{row.id}", place_id="haslar", **same)
    new = {"kind": "detention", "place_id": "prison-holloway"}
    assert "Holloway may be closed" in browser.post(f"{here}/places/new", 200, **new)
    browser.post(f"{here}/places/new", **new, **day("since", "1 3 2010"), **day("until", "1 4 2010"))
    page = browser.post("/cases/new", 200, name_used="Idris", home_kind="home", held_at="haslar")
    assert "Haslar is not open according to our list" in page
    browser.post("/cases/new", name_used="Idris", home_kind="home", held_at="dungavel")
    assert "Look whether" not in browser.get(browser.location)
