"""The pages of what a group knows of an MP, as somebody goes through them."""

import re

import pytest
from sqlalchemy import select

from casework.domain.safety.accounts import Role
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.storage.database import db
from casework.storage.models import MemberNote
from tests.factories import home, make_case, make_user
from tests.full_case import LEEDS_SOUTH, full_member
from tests.pages import Browser, day
from tests.reference.directory.source import MON, YORK, tables, use_tables
from tests.web.letters.test_letters import begin, fill
from tests.web.test_queries import counted

pytestmark = pytest.mark.sqlcipher  # what these rows do on both databases is proved by the services
MP = f"/mps/{LEEDS_SOUTH}"


@pytest.fixture
def mina(sign_in) -> Browser:
    return sign_in(make_user(Role.VOLUNTEER, "Mina Castellan"))


def test_the_page_of_an_mp_tells_facts_with_their_source_the_neighbours_and_both_models(browser):
    page = browser.get("/mps/E14001276")
    for words in (
        "votes (", "general election", "Hope for the Future", "Power Postcodes",
        "All-Party Parliamentary Group on Immigration Detention: Officer",
        'href="https://publications.parliament.uk/pa/cm/cmallparty/260629/immigration-detention.htm"',
        "Uxbridge and South Ruislip", "The neighbours", "An MP may ask for a copy",
    ):  # fmt: skip
        assert words in page, words
    assert page.count('class="map__near') == page.count('class="map__number"') > 3
    assert "No other constituency borders on it" in browser.get("/mps/W07000112")


def test_a_volunteer_learns_an_office_and_everybody_reads_it(mina, sign_in):
    page = mina.post(f"{MP}/office/new", 200, kind="telephone", text="ring them", told_by="Their page")
    assert "is not a phone number" in page
    assert "Their page" in page
    mina.post(f"{MP}/office/new", kind="telephone", text="01134960000", **day("learned_on", "3 3 2026"))
    mina.post(f"{MP}/office/new", kind="signed-form", told_by="said at a visit")
    assert mina.location == f"{MP}#office"
    page = mina.get(MP)
    assert "0113 496 0000" in page
    assert "Learned 3 March 2026 by Mina Castellan, more than six months ago: ask again." in page
    path = re.search(rf"{MP}/office/\d+/still-so", page)[0]
    mina.post(path, page=MP)
    assert "more than six months ago" not in mina.get(MP)
    reader = sign_in(make_user(Role.READER, "Reading"))
    page = reader.get(MP)
    assert "Wants a signed form" in page
    for door in ("Still so today", "Put right", "Add a note", "Plan a meeting", "A copy for the MP"):
        assert door not in page


def test_a_note_keeps_what_was_typed_until_it_is_right_and_runs_nothing(mina):
    typed = {"kind": "statement", "text": "<script>alert(1)</script> said so", "link": "javascript:alert(1)"}
    page = mina.post(f"{MP}/notes/new", 200, **typed)
    assert "Say where this can be looked up" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; said so" in page
    typed |= {"source": "Hansard", **day("said_on", "3 3 2026")}
    assert "This is not the address of a page" in mina.post(f"{MP}/notes/new", 200, **typed)
    mina.post(f"{MP}/notes/new", **typed | {"link": "https://hansard.parliament.uk/"})
    page = mina.get(MP)
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    notes = page[page.index('aria-labelledby="notes"') :]
    assert 'class="no-print"' in notes[:100], "a page that is printed leaves the notes out"
    assert "Written by Mina Castellan" in notes


def test_a_note_that_is_deleted_is_brought_back_or_erased(mina):
    mina.post(f"{MP}/notes/new", kind="interest", text="Schools")
    one = re.search(rf"{MP}/notes/\d+", mina.get(MP))[0]
    mina.post(f"{one}/delete", page=one)
    page = mina.get(MP)
    mina.get(one, 404)
    assert "In the bin: 1" in page
    assert "for thirty seconds" in page
    resting = f"/mps/bin/note/{one.rsplit('/', 1)[1]}"
    mina.post(f"{resting}/back", page=MP)
    mina.post(one, text="Schools and music", kind="interest")
    mina.post(f"{one}/delete", page=one)
    mina.post("/mps/bin/nonsense/1/erase", 404, page=MP)
    mina.post(f"{resting}/erase", page=MP)
    assert "Schools" not in mina.get(MP)


def test_the_copy_for_the_mp_is_for_those_who_may_give_one_and_names_no_writer(browser, mina, organiser):
    case = make_case(organiser, home())
    supporters.add_supporter(case, organiser, name="Ada Okafor", postcode="LS11 0ES")
    mina.post(f"{MP}/notes/new", kind="interest", text="Schools, says Ada Okafor")
    mina.post(f"{MP}/notes/new", kind="interest", text="Hunting")
    mina.post(f"{MP}/office/new", kind="asking", text="Ring Ada Okafor first")
    row = db.session.scalars(select(MemberNote).where(MemberNote.text == "Hunting")).one()
    row.member_name, row.member_id = "Somebody Before", 1
    db.session.commit()
    mina.get(f"{MP}/copy", 403)
    page = browser.get(f"{MP}/copy")
    assert "Schools, says [a name]" in page
    assert "Ring [a name] first" in page
    assert "Hunting" not in page
    for name in ("Okafor", "Mina"):
        assert name not in page


def test_files_of_offices_say_nothing_in_their_name_and_come_back(browser, organiser):
    full_member(organiser, "Invented ")
    for path, name in (("office.csv", "office.csv"), ("office.vcf", "office.vcf")):
        text = browser.get(f"{MP}/{path}")
        assert browser.last.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "Invented NAME caseworker" in text
        assert "interest" not in text
    table = browser.get("/mps/offices.csv")
    browser.post("/mps/offices", pasted=table)
    assert "stood here already" in browser.get(browser.location)
    wrong = browser.post("/mps/offices", 200, pasted="Constituency,What,Words\nNowhere,Telephone,1\n")
    assert "Nothing was added yet. Row 2: We know no constituency called “Nowhere”." in wrong
    assert "Nowhere,Telephone,1" in wrong
    assert "Choose the file" in browser.post(f"{MP}/office/contacts", 200)
    browser.post(f"{MP}/office/contacts", pasted="BEGIN:VCARD\nFN:Bea\nKIND:individual\nTEL:0113\nEND:VCARD")
    assert "Bea" in browser.get(MP)


def test_mps_are_found_without_a_word_of_anybody_in_the_address_and_nonsense_finds_nothing(browser):
    page = browser.get("/mps/find")
    assert 'method="get"' in page
    assert not re.search(r'<input[^>]*type="text"', page)
    page = browser.get("/mps/find?criterion=small-majority&region=Wales")
    assert "MPs found" in page
    assert "It is not known" not in page
    for query in ("criterion=x", "group=%3Cscript%3E&region=%27", "criterion=&supporters=&group=&region="):
        assert "found</h2>" not in browser.get(f"/mps/find?{query}")


def test_a_plan_is_made_changed_printed_and_deleted(browser, sign_in):
    browser.get("/mps/plans/new?mp=E14001323&mp=nonsense&mp=E14001323")
    wrong = browser.post("/mps/plans/new?mp=E14001323", 200)
    assert "Give the plan a name." in wrong
    assert "Choose the month." in wrong
    month = re.findall(r'value="(\d{4}-\d\d)"', wrong)[1]
    browser.post("/mps/plans/new?mp=E14001323", name="Visits", month=month, mp="E14001323")
    plan = browser.location
    meeting = re.search(rf"{plan}/meetings/\d+", browser.get(plan))[0]
    assert "Type the day of the meeting" in browser.post(meeting, 200, state="fixed", who_goes="Two of us")
    browser.post(
        meeting, state="fixed", who_goes="Two of us", held_at="Library", what_for="Come to the party",
        **day("held_on", f"8 {int(month[5:])} {month[:4]}"),
    )  # fmt: skip
    for path in (plan, f"{plan}/sheet"):
        assert "Two of us" in browser.get(path)
    brief = browser.get(f"{plan}/briefs")
    assert "Come to the party" in brief
    assert "Two of us" not in brief
    assert "Nothing is known of the office yet" in browser.get(f"{MP}/brief")
    browser.post(f"{meeting}/remove", page=meeting)
    assert "No meetings are left" in browser.get(plan)
    browser.post(f"/mps/bin/meeting/{meeting.rsplit('/', 1)[1]}/back", page=plan)
    browser.post("/mps/plans/new?mp=E14001324", plan=plan.rsplit("/", 1)[1], mp="E14001324")
    assert "2 meetings" in browser.get(plan)
    browser.post(f"{plan}/change", name="Winter visits", month=month)
    reader = sign_in(make_user(Role.READER, "Reading"))
    assert "Plan it" not in reader.get(plan)
    browser.post(f"{plan}/delete", page=f"{plan}/change")
    browser.get(plan, 404)
    browser.post(f"/mps/bin/plan/{plan.rsplit('/', 1)[1]}/back", page="/mps/plans")
    assert "Winter visits" in browser.get("/mps/plans")


def test_what_an_office_asks_for_stands_where_somebody_is_about_to_write_or_go(browser, sign_in, organiser):
    case = make_case(organiser, home())
    browser.post(f"{MP}/office/new", kind="signed-form")
    browser.post(f"{MP}/office/new", kind="surgery", text="Fridays at 4")
    asks = "The office asks for a signed form (learned"
    mina = make_user(Role.VOLUNTEER, "Mina")
    cases.add_to_team(case, mina.id, organiser)
    for own in (browser, sign_in(mina)):
        assert asks in own.get(f"/cases/{case.reference}")
    assert asks in browser.get(f"/cases/{case.reference}/who-can-act")
    fill(browser, begin(browser, case, LEEDS_SOUTH), then="issue")
    assert asks in browser.get(browser.location)
    browser.post(f"/cases/{case.reference}/visits/new", gss_code=LEEDS_SOUTH)
    page = browser.get(browser.location)
    assert asks in page
    assert "When surgeries are: Fridays at 4" in page


def test_a_seat_without_an_mp_and_without_a_map_has_its_pages_and_keeps_its_office(
    app, instance, browser, tmp_path
):
    use_tables(app, instance, tmp_path, tables())
    empty = f"/mps/{MON}"
    assert "There is no map of it" in browser.get(empty)
    browser.post(f"{empty}/office/new", kind="telephone", text="01134960000")
    assert "Nobody sits here now" in browser.post(f"{empty}/notes/new", 200, kind="interest", text="Schools")
    for page in (empty, f"{empty}/brief", "/mps/offices"):
        assert "No MP now" in browser.get(page)
    browser.get(f"{empty}/copy")
    assert "Office of the MP\\, Ynys Enghraifft" in browser.get(f"{empty}/office.vcf")
    new = f"/mps/plans/new?mp={MON}&mp={YORK}"
    month = re.findall(r'value="(\d{4}-\d\d)"', browser.get(new))[0]
    browser.post(new, name="Visits", month=month, mp=[MON, YORK])
    plan = browser.location
    for page in (plan, f"{plan}/sheet", f"{plan}/briefs"):
        assert "Eve Newly" in browser.get(page)


def test_the_pages_ask_the_database_no_more_for_much_than_for_little(browser, organiser):
    full_member(organiser, "Invented ")
    plan = "/mps/plans/1"
    paths = (MP, plan, "/mps/offices", "/mps/plans", "/mps/find?criterion=minister")

    def asked(path: str) -> int:
        browser.get(path)
        with counted() as statements:
            browser.get(path)
        return len(statements)

    before = [asked(path) for path in paths]
    for _ in range(3):
        full_member(organiser, "More ")
    browser.post("/mps/plans/new?mp=E14001324&mp=E14001325", plan="1", mp=["E14001324", "E14001325"])
    assert [asked(path) for path in paths] == before
