"""Messages and calls in the browser: what each role is shown, and what hostile input does."""

import re

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.consent.publicity import Kind, Level
from casework.domain.parliament.surgeries import Outcome
from casework.domain.safety.accounts import Role
from casework.services.campaign import call_rounds, calls
from casework.services.campaign.call_rounds import NewRound
from casework.services.case import cases
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.database import db
from casework.storage.models import Batch, Bundle, Message
from tests.factories import make_user
from tests.supporters import agree_to, campaign_of, make_supporters, signed_up

PHONE, MAIL = "07700 900555", "=cmd@example.org"
WORDS = "A vigil for Samira, on Friday at six."


@pytest.fixture
def case(organiser):
    case = campaign_of(organiser)
    (one,) = make_supporters(case, 1, reached_by=["call", "text", "email"], phone=PHONE, email=MAIL)
    one.supporter.name = "<b>Zebulon</b> Quill"
    case.safe_contact = "only by way of the chaplain"
    db.session.commit()
    return case


@pytest.fixture
def here(case):
    return f"/cases/{case.reference}"


@pytest.fixture
def who(sign_in, case, organiser):
    """Somebody of this role on the team, in a browser."""

    def enter(role):
        user = make_user(role, "Ada")
        cases.add_to_team(case, user.id, organiser)
        return sign_in(user)

    return enter


def written(browser, here, **told):
    fields = {
        "kind": "update",
        "means": "email",
        "audience": "supporters",
        "to_whom": "all",
        "subject": "News",
    }
    browser.post(f"{here}/messages/new", **{**fields, "words": WORDS, **told})
    return browser.location


def test_an_update_is_written_taken_out_sent_and_on_record(browser, here):
    assert "[what comes, and when]" in browser.get(f"{here}/messages/new?kind=update")
    page = browser.post(f"{here}/messages/new", 200, words="Samira is at Yarl’s Wood", kind="update",
                        means="email", audience="supporters", to_whom="all", subject="News")  # fmt: skip
    assert "They did not agree to have this told" in page
    assert "Samira is at Yarl’s Wood" in page
    where = written(browser, here)
    assert "Level 2: not to be published" in browser.get(where)
    table = browser.get(f"{where}/readers.csv")
    assert '"\'=cmd@example.org"' in table  # a spreadsheet does not run it
    assert PHONE not in table
    today = clock.today()
    told = {"sent_on-day": today.day, "sent_on-month": today.month, "sent_on-year": today.year}
    browser.post(f"{where}/sent", page=where, **told)
    page = browser.get(where)
    assert "to 1 supporter, by Ruth Ellery, at level 2" in page
    assert browser.post(f"{where}/sent", 200, page=f"{here}/messages/new", **told).count("a moment ago") >= 1


def test_a_text_says_how_long_it_is_and_can_be_written_plainly(browser, here):
    where = written(browser, here, means="text", subject="", words="“Come!” " * 12)
    assert "2 parts" in browser.get(where)
    browser.post(f"{where}/plain", page=where)
    assert "1 part" in browser.get(where)
    assert db.session.scalars(select(Message)).one().words.startswith('"Come!"')


def test_addresses_and_the_writing_are_for_those_who_may_and_numbers_are_read_one_by_one(browser, here, who):
    where = written(browser, here)
    browser.post(f"{here}/calls/new", words=WORDS, audience="supporters", left_alone="7")
    evening = browser.location
    helper, reader = who(Role.VOLUNTEER), who(Role.READER)
    for one in (helper, reader):
        one.get(f"{where}/readers.csv", 403)
        one.get(f"{here}/messages/new", 403)
        pages = "".join(one.get(path) for path in (where, evening, f"{here}/messages", f"{here}/calls"))
        assert PHONE not in pages
        assert MAIL not in pages
    reader.get(f"{evening}/ring", 403)
    helper.post(f"{evening}/next", page=evening)
    page = helper.get(helper.location)
    assert PHONE in page
    assert 'href="tel:07700900555"' in page
    assert "&lt;b&gt;Zebulon&lt;/b&gt;" in page
    assert "chaplain" not in page


def test_what_goes_beyond_the_consent_is_shown_to_no_volunteer_and_handed_to_nobody(
    browser, here, who, case, organiser
):
    where = written(browser, here)
    helper = who(Role.VOLUNTEER)
    assert "vigil" in helper.get(where)
    agree_to(case, organiser, Level.OFFICES, Kind.NAME)
    page = helper.get(where)
    assert "has agreed to less" in page
    assert "vigil" not in page
    browser.get(f"{where}/readers.csv", 422)


def test_a_visit_offers_a_thank_you_until_one_is_written(browser, here, case, organiser):
    facts = VisitFacts("E14001323", held_on=clock.today())
    visit = surgeries.record_visit(case, facts, Outcome.AGREED, [], organiser)
    offer = re.search(r'href="([^"]*messages/new[^"]*)"', browser.get(f"{here}/visits/{visit.id}"))
    assert offer
    address = offer[1].replace("&amp;", "&")
    assert visit.member_name in browser.get(address)
    browser.post(address, kind="thanks", means="email", audience="supporters", to_whom="by hand",
                 subject="Thank you", words="Thank you for going.")  # fmt: skip
    assert "messages/new" not in browser.get(f"{here}/visits/{visit.id}")
    row = db.session.scalars(select(Message)).one()
    assert row.visit_id == visit.id
    here_it_is = f"{here}/messages/{row.id}"
    browser.post(f"{here_it_is}/throw-away", page=here_it_is)
    assert "Bring it back" in browser.get(f"{here}/messages")
    assert "This was thrown away" in browser.get(here_it_is)
    browser.get(f"{here_it_is}/readers.csv", 409)
    browser.post(f"{here_it_is}/bring-back", page=f"{here}/messages")
    assert "Thank you for going" in browser.get(here_it_is)
    browser.get(f"{here}/messages/new?about=visit&number=99999999999999999999")
    browser.get(f"{here}/messages/new?about=%00&number=-1&kind=%F0&means=call&audience=airline")


def test_letters_that_were_handed_over_offer_a_thank_you_to_those_who_wrote(browser, here, case, organiser):
    batch = Batch(
        case=case, template="supporter-to-own-mp", template_sha256="x", state="done", order_by="surname",
        dated=clock.today(), made_at=clock.now(), made_by=organiser,
    )  # fmt: skip
    db.session.add(Bundle(batch=batch, gss_code="E14001323", handed_over=40, handed_over_on=clock.today()))
    db.session.commit()
    page = browser.get(f"{here}/batches/{batch.id}/hand-over")
    offer = re.search(r'href="([^"]*messages/new[^"]*)">Thank those who wrote', page)
    assert offer
    assert "40 letters were handed to Hilary Benn" in browser.get(offer[1].replace("&amp;", "&"))


def test_what_many_ticked_on_a_sheet_is_kept_for_all_who_were_not_asked_and_for_nobody_else(
    browser, here, case
):
    not_asked, _no_way = make_supporters(case, 2)
    not_asked.supporter.phone = PHONE
    db.session.commit()
    lists = f"{here}/supporters"
    assert "What did this one agree to?" in browser.get(f"{lists}?reach=none")
    browser.post(f"{lists}/reached-by?reach=none", 422, page=f"{lists}?reach=none")
    browser.post(f"{lists}/reached-by?reach=none", page=f"{lists}?reach=none", means=["call", "fax"])
    db.session.expire_all()
    assert [row.reached_by for row in signed_up(case)] == [["call", "text", "email"], ["call"], []]


def test_a_call_that_ran_out_keeps_what_was_typed_and_one_of_nobody_is_not_there(
    browser, here, case, organiser
):
    round_ = call_rounds.make(case, NewRound(WORDS), organiser)
    path = f"{here}/calls/{round_.id}"
    call = calls.take(round_, organiser)
    other = make_user(Role.VOLUNTEER, "Ben")
    call.taken_by_id = other.id
    db.session.commit()
    page = browser.post(f"{path}/ring", 200, page=f"{here}/calls/new", call=call.id, outcome="spoke",
                        words="ring after six")  # fmt: skip
    assert "Your time with this person was over" in page
    assert "ring after six" in page
    page = browser.post(f"{path}/ring", 200, page=f"{here}/calls/new", call="99", outcome="spoke")
    assert "not on this list any more" in page


def test_a_list_that_was_closed_by_mistake_is_opened_again_unless_another_was_made_since(browser, here, who):
    browser.post(f"{here}/calls/new", words=WORDS, audience="supporters", left_alone="7")
    calls = browser.location
    helper = who(Role.VOLUNTEER)
    helper.post(f"{calls}/close", page=calls)
    undo, offer = helper.offered_undo(calls)
    browser.post(undo, 409, page=calls, offer=offer)
    helper.post(undo, page=calls, offer=offer)
    assert "The list is open again." in helper.get(calls)
    helper.post(undo, page=calls, offer=offer)
    assert "Somebody opened or closed this list since." in helper.get(calls)
    helper.post(f"{calls}/close", page=calls)
    undo, offer = helper.offered_undo(calls)
    browser.post(f"{here}/calls/new", words=WORDS, audience="supporters", left_alone="0")
    helper.post(undo, page=calls, offer=offer)
    assert "Nobody is to be rung twice" in helper.get(calls)


def test_today_offers_no_call_list_that_says_more_than_is_agreed_to_since(browser, here, case, organiser):
    call_rounds.make(case, NewRound(WORDS), organiser)
    assert "1 person waits" in browser.get("/today")
    agree_to(case, organiser, Level.OFFICES, Kind.NAME)
    page = browser.get("/today")
    assert "Do not ring: they have agreed to less since this list was made." in page
    assert "1 person waits" not in page
