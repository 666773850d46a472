"""The supporters' rooms: a list of any length, adding and correcting, the stall, and stopping for good."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text

from casework import clock
from casework.domain.campaign.supporters import STOPPED_FOR
from casework.domain.consent.publicity import Kind, Level
from casework.domain.safety.accounts import Role
from casework.services.campaign import stopping, supporters
from casework.services.consent import campaign_consent, letting_go
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import letters
from casework.services.parliament import members
from casework.services.parliament.directory import directory
from casework.services.safety import case_bins
from casework.storage.database import db
from casework.storage.models import SignUp, Supporter
from tests.factories import home, make_case, make_user
from tests.web.test_queries import counted

LEEDS, SHEFFIELD = "LS11 0ES", "S1 2HH"


@pytest.fixture
def case(organiser):
    case = make_case(organiser, home(LEEDS), name="Samira")
    agreed = NewCampaignConsent(
        clock.today(), Level.SUPPORTERS, "Ruth Ellery", "signature", items=(Kind.NAME,)
    )
    campaign_consent.record(case, agreed, organiser)
    return case


@pytest.fixture
def here(case):
    return f"/cases/{case.reference}/supporters"


def many(case, number, places=1):
    """So many supporters, in so many constituencies."""
    codes = [one.gss_code for one in directory().constituencies()][:places]
    today, first = clock.today(), (db.session.scalar(select(func.max(Supporter.id))) or 0) + 1
    of_all = {"added_on": today, "heard_on": today, "notice_given_on": today, "postcode": LEEDS}
    people = [
        {"id": one, "name": f"Friend {one:04}", "gss_code": codes[one % places], "gss_basis": "postcode"}
        | of_all
        for one in range(first, first + number)
    ]
    of_all = {"case_id": case.id, "joined_on": today, "joined_how": "import"}
    choices = [{"supporter_id": one["id"], "table_name": str(one["id"] % 5)} | of_all for one in people]
    db.session.execute(insert(Supporter), people)
    db.session.execute(insert(SignUp), choices)
    db.session.execute(text("ANALYZE"))  # which PostgreSQL does by itself a minute later
    db.session.commit()


def test_a_list_of_five_thousand_is_shown_a_page_at_a_time_with_the_same_questions_as_one_of_five(
    browser, case, here, organiser
):
    many(case, 5, places=2)
    browser.get(here)
    with counted() as few:
        assert "5 supporters" in browser.get(here)
    many(case, 5000, places=120)
    with counted() as lots:
        page = browser.get(f"{here}?sort=place&page=3")
    assert len(lots) == len(few), "\n".join(lots)
    assert "5,005 supporters, 101 to 150" in page
    assert page.count('scope="row"') == 50
    with counted() as lots:
        who = members.who_can_act(case, clock.today())
    assert (len(who), who.others) == (4, 117)
    assert len(lots) < 15
    page = browser.get(f"/cases/{case.reference}/who-can-act")
    assert "Supporters live in 117 other constituencies." in page
    page = browser.get(f"/cases/{case.reference}/letters/new")
    assert page.count("Friend ") == 0
    assert "too many supporters for a list here" in page


def test_the_list_is_narrowed_by_its_address(browser, case, here, organiser):
    for name, told in {
        "Ada": {
            "postcode": LEEDS,
            "writes": True,
            "table_name": "3",
            "offers": ["drive"],
            "how_known": "We sang.",
        },
        "Omar": {"postcode": SHEFFIELD, "writes": False, "notice_given_on": clock.today()},
        "Lost": {"postcode": "SW1A 0ZZ", "writes": True},
    }.items():
        supporters.add_supporter(case, organiser, name=name, **told)
    leeds = supporters.list_sign_ups(case)[0].supporter.gss_code
    for query, names in {
        f"mp={leeds}": {"Ada"}, "table=3": {"Ada"}, "offer=drive": {"Ada"}, "words=yes": {"Ada"},
        "writes=no": {"Omar"}, "notice=yes": {"Omar"}, "notice=no": {"Ada", "Lost"}, "settle=yes": {"Lost"},
        "words=no&writes=yes": {"Lost"}, "going=yes": set(), "sort=joined": {"Ada", "Omar", "Lost"},
    }.items():  # fmt: skip
        page = browser.get(f"{here}?{query}")
        assert {name for name in ("Ada", "Omar", "Lost") if f">{name}</a>" in page} == names, query
    assert "Constituency to settle: 1" in page
    page = browser.get(f"{here}?sort=luck&offer=gold")
    assert "We do not know “luck”" in page
    browser.post(f"{here}/notice?notice=no", page=f"{here}?notice=no")
    assert "2 supporters were given the notice today" in browser.get(browser.location)


def test_a_name_is_looked_for_without_standing_in_an_address(browser, case, here, organiser):
    supporters.add_supporter(case, organiser, name="Ada Quill", postcode=LEEDS)
    assert "Ada Quill" in browser.post(f"{here}/find", 200, q="quill")
    assert "Nobody on this list" in browser.post(f"{here}/find", 200, q="%")
    assert "Type a name." in browser.post(f"{here}/find", 200, q=" ")


def test_an_empty_list_teaches_how_to_begin(browser, here):
    assert "Start with one friend" in browser.get(here)


def test_the_file_of_the_list_runs_no_formula_and_tells_nothing_of_the_person(
    browser, case, here, organiser, sign_in
):
    supporters.add_supporter(
        case,
        organiser,
        name="=HYPERLINK(1)",
        postcode=LEEDS,
        phone="+44 7700 900123",
        how_known="Samira sings.",
    )
    supporters.add_supporter(case, organiser, name="Omar", postcode=SHEFFIELD)
    text = browser.get(f"{here}.csv?sort=place")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [(row["Name"], row["Constituency"], row["Phone"], row["Has own words"]) for row in rows] == [
        ("'=HYPERLINK(1)", "Leeds South", "'+44 7700 900123", "yes"),
        ("Omar", "Sheffield Central", "", "no"),
    ]
    assert "Samira" not in text
    helper = make_user(Role.VOLUNTEER, "Ada")
    assert sign_in(helper).get(f"{here}.csv", 403)


def test_somebody_who_is_known_is_a_warning_and_a_choice(browser, case, here, organiser):
    kept = supporters.add_supporter(case, organiser, name="Łukasz Hughes", postcode=SHEFFIELD)
    page = browser.post(f"{here}/new", 200, name="Lukas Hughes", postcode="s12hh", phone="07700 900123")
    assert "Is this somebody whom we know?" in page
    assert "Łukasz Hughes" in page
    assert supporters.count_of(case) == 1
    told = {"name": "Lukas Hughes", "postcode": "s12hh", "phone": "07700 900123"}
    browser.post(f"{here}/new", **told, same=str(kept.id))
    assert "What was new is filled in" in browser.get(here)
    db.session.expire_all()
    assert (supporters.count_of(case), kept.phone, kept.name) == (1, "07700 900123", "Łukasz Hughes")
    browser.post(f"{here}/new", **told, same="new")
    assert supporters.count_of(case) == 2


def test_two_who_correct_a_supporter_see_each_others_words(browser, case, here, organiser):
    person = supporters.add_supporter(case, organiser, name="Ada", postcode=LEEDS)
    path = f"{here}/{person.id}"
    version = re.search(r'name="version"[^>]*value="([^"]*)"', browser.get(path))[1]
    browser.post(path, name="Ada Quill", postcode=SHEFFIELD, writes="y", offers="drive", table_name="4")
    assert "Sheffield Central" in browser.get(here)
    page = browser.post(path, 200, name="Ada Q.", postcode=LEEDS, connection="my aunt", version=version)
    assert "Somebody else saved this supporter" in page
    assert "Ada Quill" in page
    assert 'value="my aunt"' in page
    browser.post(path, name="Ada Q.", postcode=LEEDS, connection="my aunt", version=None)
    page = browser.post(path, 200, name="Ada", connection="SNP member")
    assert "We never keep that of a supporter" in page
    assert 'value="SNP member"' in page


def test_a_supporter_of_another_case_signs_up_here_too_and_chooses_anew(browser, case, here, organiser):
    other = make_case(organiser, home(), name="Daniel")
    person = supporters.add_supporter(other, organiser, name="Ada Quill", postcode=LEEDS)
    assert "Ada Quill" in browser.get(f"{here}/other-cases")
    browser.post(f"{here}/other-cases", chosen=str(person.id))
    assert "Ada Quill" in browser.get(browser.location)
    assert ">Daniel</a>" in browser.get(f"{here}/{person.id}")


def test_the_stall_shows_each_their_mp_and_nobody_anything_else(browser, case, here, organiser):
    supporters.add_supporter(case, organiser, name="Earlier Friend", postcode=LEEDS)
    browser.post(f"{here}/stall/start", page=f"{here}/stall")
    form = browser.get(browser.location)
    assert "Stand by Samira" in form
    assert "/who-can-act" not in form
    for wrong, message in {
        "read": "tick that you have",
        "name": "Type your name",
        "writes": "Choose yes or no",
    }.items():
        told = {"name": "Ada Quill", "postcode": SHEFFIELD, "writes": "yes", "read": "y", wrong: None}
        assert message in browser.post(f"{here}/stall", 200, **told)
    browser.post(
        f"{here}/stall", name="Ada Quill", postcode=SHEFFIELD, writes="yes", read="y", own_words="She sings."
    )
    page = browser.get(browser.location)
    assert "Abtisam Mohamed" in page
    assert "S1 2HH lies in Sheffield Central" in page
    browser.get(f"{here}/stall/done", 303)
    again = browser.get(f"{here}/stall")
    for shown in (page, again):
        assert "Earlier Friend" not in shown
    assert "Ada" not in again
    row = next(one for one in supporters.list_sign_ups(case) if one.joined_how == "stall")
    assert (row.own_words, row.supporter.notice_given_on, row.counted) == ("She sings.", clock.today(), False)
    for path in (here, "/cases", f"/cases/{case.reference}", "/you"):
        browser.get(path, 303)
        assert browser.location.endswith("/stall")
    browser.post("/sign-out", page=f"{here}/stall")


def test_a_stall_names_nobody_who_did_not_agree(browser, organiser):
    quiet = make_case(organiser, home(), name="Yonas")
    path = f"/cases/{quiet.reference}/supporters/stall"
    assert "has not agreed" in browser.get(path)
    browser.post(f"{path}/start", page=path)
    assert "Yonas" not in browser.get(path)


def test_a_stop_is_undone_within_half_a_minute_and_not_after(browser, case, here, organiser, monkeypatch):
    person = supporters.add_supporter(case, organiser, name="Ada Quill", postcode=LEEDS)

    def stop():
        browser.post(f"{here}/{person.id}/stop", page=here)
        page = browser.get(browser.location)
        assert ">Ada Quill</a>" not in page
        return re.search(r'name="offer" value="([^"]*)"', page)[1]

    browser.post(f"{here}/undo", page=f"{here}/new", offer=stop())
    assert ">Ada Quill</a>" in browser.get(here)
    offer, later = stop(), clock.now() + STOPPED_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    browser.post(f"{here}/undo", 409, page=f"{here}/new", offer=offer)
    assert not db.session.query(Supporter).count()


def test_a_supporter_stops_by_their_own_link_without_an_account(browser, stranger, case, here, organiser):
    other = make_case(organiser, home(), name="Daniel")
    person = supporters.add_supporter(case, organiser, name="Ada Quill", postcode=LEEDS)
    supporters.join(other, person, organiser, "hand", {})
    page = browser.post(f"{here}/{person.id}/link", 200, page=f"{here}/{person.id}")
    path = re.search(r"/stop/[\w-]+", page)[0]
    page = stranger.get(path)
    assert "For Samira" in page
    assert "Daniel" not in page
    assert "Ada" not in page
    assert "You are off that list" in stranger.post(path, 200, which=str(case.id))
    assert supporters.count_of(case) == 0
    assert "You are gone" in stranger.post(path, 200)
    assert "you are gone" in stranger.get(path, 404)
    stranger.get("/stop/nonsense", 404)


def test_the_link_to_stop_works_for_a_case_in_the_bin_and_names_nobody(
    browser, stranger, case, here, organiser
):
    person = supporters.add_supporter(case, organiser, name="Ada Quill", postcode=LEEDS)
    page = browser.post(f"{here}/{person.id}/link", 200, page=f"{here}/{person.id}")
    path = re.search(r"/stop/[\w-]+", page)[0]
    assert "Samira" in stranger.get(path)
    case_bins.put_away(case, organiser)
    page = stranger.get(path)
    assert "Samira" not in page
    assert "the person for whom you signed up on" in page
    assert "You are gone" in stranger.post(path, 200)


def test_a_letter_of_somebody_who_stopped_stays_void_without_a_word_of_it(browser, case, here, organiser):
    person = supporters.add_supporter(case, organiser, name="Ada Quill", postcode=SHEFFIELD, address="1 Row")
    letter = letters.draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=person.gss_code, supporter_id=person.id
    )
    letters.save_draft(
        letter,
        dict.fromkeys(letter.blocks, "Mine alone are these seven words here."),
        letter.facts,
        letter.version,
        organiser,
    )
    path = f"/cases/{case.reference}/letters/{letters.issue_letter(letter, organiser, because='x').id}"
    assert "Ada Quill" in browser.get(path)
    stopping.stop_by_link(person)
    page = browser.get(path)
    assert "The supporter who signed it asked to stop." in page
    assert "Ada Quill" not in page
    browser.get(f"{path}.pdf", 404)
    for rest in ("", "/letters", "/letters-and-answers", "/gone-out"):
        assert "Ada" not in browser.get(f"/cases/{case.reference}{rest}")


def test_who_was_silent_for_long_stands_on_the_list_before_they_go(browser, case, here, organiser):
    person = supporters.add_supporter(case, organiser, name="Ada Quill", postcode=LEEDS)
    person.heard_on = clock.today() - timedelta(days=350)
    db.session.commit()
    page = browser.get(f"{here}?going=yes")
    assert "Let go of within a month: 1" in page
    assert "Let go of on" in page
    person.heard_on = clock.today() - timedelta(days=400)
    db.session.commit()
    assert letting_go.let_go_old(clock.today()) == 1
    assert "Ada Quill" not in browser.get(here)
    assert "supporters let go (number: 1)" in browser.get(f"/cases/{case.reference}/trail")


def test_a_supporter_who_is_added_by_hand_agreed_to_nothing_that_nobody_ticked(browser, case, here):
    page = browser.get(f"{here}/new")
    assert (
        " checked" not in page.split("For Samira" if "For Samira" in page else "They agreed that we may")[1]
    )
    browser.post(f"{here}/new", page=f"{here}/new", name="Ada Quill", postcode=LEEDS)
    (row,) = supporters.list_sign_ups(case)
    assert (row.writes, row.counted, row.reached_by) == (False, False, [])
    assert "has not said that they will write" in browser.get(here)
