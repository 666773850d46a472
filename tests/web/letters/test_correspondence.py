import io
import re
from datetime import date

import pytest
from PIL import Image

from casework import clock
from casework.domain.letters.correspondence import Kind
from casework.domain.safety.accounts import Role
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.timing import deadlines, settling
from casework.storage.instance import current_instance
from tests.factories import detained_at, home, make_case, make_user
from tests.pages import day

LEEDS_SOUTH = "E14001323"


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), detained_at())


@pytest.fixture
def responses(case):
    return f"/cases/{case.reference}/responses/new"


def notice(**more):
    return {
        "response": "removal notice",
        "remedy": "unclear",
        "received_how": "hand",
        **day("dated", "18 11 2026"),
        **day("received_on", "18 11 2026"),
        **more,
    }


def photo(name="notice.png"):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return io.BytesIO(out.getvalue()), name


def test_a_removal_notice_opens_the_day_from_which_removal_is_possible(browser, responses):
    browser.record(responses, **notice(summary="To Eritrea."))
    page = browser.get(browser.location)
    assert "They may act from Thursday 26 November 2026" in page
    assert "The dates that it started" in page
    assert "To Eritrea." in page


@pytest.mark.parametrize(
    ("which", "is_flight"),
    [({}, False), ({"stated_is": "not before"}, False), ({"stated_is": "flight"}, True)],
)
def test_a_day_of_removal_is_a_flight_only_where_somebody_says_so(browser, case, responses, which, is_flight):
    browser.record(responses, **notice(**day("stated_on", "20 12 2026"), **which))
    page = browser.get(f"/cases/{case.reference}")
    assert ("Flight leaves" in page) is is_flight
    assert "Thursday 26 November 2026" in page


def test_a_scan_comes_back_as_it_was_sent_under_a_name_that_tells_nothing(browser, responses):
    sent = photo("Samira removal notice.png")
    content = sent[0].getvalue()
    browser.record(responses, **notice(scan=sent))
    letter = browser.location
    assert "Look at the scan" in browser.get(letter)
    browser.get(f"{letter}/scan")
    assert browser.last.data == content
    number = letter.rpartition("/")[2]
    assert browser.last.headers["Content-Disposition"] == f'attachment; filename="letter-{number}.png"'


def test_a_removal_notice_of_which_nobody_knows_the_day_is_kept_and_counts_from_its_date(browser, responses):
    unknown = {f"received_on-{part}": "" for part in ("day", "month", "year")}
    browser.record(responses, **notice(received_how="post", **unknown, **day("dated", "16 11 2026")))
    page = browser.get(browser.location)
    assert "Tuesday 24 November 2026" in page
    assert "Nobody knows yet on which day the notice was given" in page


def test_a_file_that_is_no_scan_is_refused_at_its_field_and_what_was_typed_stays(browser, responses):
    page = browser.post(
        responses, 200, **notice(summary="To Eritrea.", scan=(io.BytesIO(b"MZ"), "virus.exe"))
    )
    assert '<a href="#scan">This is neither a PDF nor a picture' in page
    assert "To Eritrea." in page


def test_a_letter_without_a_scan_has_none_to_download(browser, responses):
    browser.record(responses, **notice())
    browser.get(f"{browser.location}/scan", 404)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"response": None}, "Choose what it is."),
        (day("received_on", "17 11 2026"), "It cannot be received before it was sent."),
        (day("received_on", "31 2 2026"), "There is no such day"),
        (day("dated", "1 1 2099"), "has not come yet"),
        ({"received_how": ""}, "Choose how it came."),
        ({"answers": "99"}, "Not a valid choice"),
    ],
    ids=["no kind", "backwards", "no such day", "to come", "no way", "another case's letter"],
)
def test_a_slip_is_answered_beside_its_field(browser, responses, changes, says):
    page = browser.post(responses, 200, **notice(**changes))
    assert says in page
    assert "error-summary" in page


def test_a_form_sent_twice_is_one_letter(browser, case, responses):
    text = browser.get(responses)
    once = text.split('name="once"')[1].split('value="')[1].split('"')[0]
    browser.record(responses, once=once, **notice())
    letter = browser.location
    browser.post(responses, once=once, **notice())
    assert browser.location == letter
    assert len(correspondence.list_papers(case)) == 1


def test_the_file_shows_the_chain_and_what_is_waited_for_since_when(browser, case):
    out = f"/cases/{case.reference}/letters-out/new"
    browser.record(out, kind="us to member", gss_code=LEEDS_SOUTH, **day("sent_on", "2 11 2026"))
    file = f"/cases/{case.reference}/letters-and-answers"
    page = browser.get(file)
    assert "Waiting for the MP’s office since" in page
    assert "Monday 2 November 2026" in page
    [ours] = correspondence.list_papers(case)
    came = f"/cases/{case.reference}/letters-in/new?answers={ours.id}"
    fields = {"kind": "member to home office", "gss_code": LEEDS_SOUTH, "answers": str(ours.id)}
    browser.record(came, **fields, **day("dated", "9 11 2026"))
    page = browser.get(file)
    assert "Waiting for the Home Office to answer the MP since" in page
    assert "Waiting for the MP’s office" not in page


def test_an_empty_file_says_the_next_step(browser, case):
    assert "two minutes" in browser.get(f"/cases/{case.reference}/letters-and-answers")


def test_a_letter_to_an_mp_names_the_mp(browser, case):
    out = f"/cases/{case.reference}/letters-out/new"
    page = browser.post(out, 200, kind="us to member", gss_code="", **day("sent_on", "2 11 2026"))
    assert '<a href="#gss_code">Choose the MP.</a>' in page
    assert "Hilary Benn, Leeds South" in page


def test_nobody_else_sees_the_file_nor_records_in_it(sign_in, stranger, case, responses):
    other = sign_in(make_user(Role.CASEWORKER, "Someone Else"))
    other.get(f"/cases/{case.reference}/letters-and-answers", 404)
    other.get(responses, 404)
    stranger.get(responses, 302)


def test_what_people_type_is_shown_and_never_run(browser, responses):
    hostile = "<script>alert(1)</script> {{ 7*7 }} \u202eمرحبا 🕊"
    browser.record(responses, **notice(summary=hostile, their_reference="<b>"))
    page = browser.get(browser.location)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
    assert "مرحبا" in page


# Seen before it is saved


def test_a_letter_is_shown_with_what_it_changes_before_it_is_kept(browser, case, responses):
    page = browser.post(responses, 200, **notice(summary="To Eritrea."))
    assert "This is what will change" in page
    assert "A letter from the Home Office: removal notice. Dated Wednesday 18 November 2026" in page
    assert "1 date will start" in page
    assert "Thursday 26 November 2026" in page
    assert "1 date stays as it is" in page
    assert correspondence.list_papers(case) == []
    browser.save(responses)
    assert [paper.summary for paper in correspondence.list_papers(case)] == ["To Eritrea."]


def test_who_wants_to_change_what_they_typed_finds_all_of_it_again(browser, case, responses):
    browser.post(responses, 200, **notice(summary="To Eritrea.", scan=photo()))
    page = browser.save(responses, 200, step="change")
    assert "To Eritrea." in page
    assert 'name="dated-day" value="18"' in page
    assert "Your scan is kept." in page
    assert correspondence.list_papers(case) == []
    kept = re.search(r'name="scan_kept"[^>]*value="([^"]+)"', page)[1]
    browser.record(responses, **notice(scan_kept=kept))
    browser.get(f"{browser.location}/scan")


def test_a_scan_is_not_lost_when_the_form_comes_back_with_an_error(browser, responses):
    page = browser.post(responses, 200, **notice(scan=photo(), response=None))
    assert "Choose what it is." in page
    assert "Your scan is kept." in page


def test_nobody_hands_in_a_scan_that_they_did_not_send(browser, case, responses):
    browser.record(responses, **notice(scan_kept="W10.forged"))
    browser.get(f"{browser.location}/scan", 404)


def test_a_form_that_was_open_so_long_that_its_scan_is_gone_says_so_once(browser, case, responses):
    page = browser.post(responses, 200, **notice(scan=photo(), response=None))
    kept = re.search(r'name="scan_kept"[^>]*value="([^"]+)"', page)[1]
    archive = current_instance().archive
    for name in archive.names():
        archive.remove(name)
    page = browser.post(responses, 200, **notice(scan_kept=kept))
    assert "The scan that you sent before is not kept any more. Choose it again." in page
    assert kept not in page
    assert correspondence.list_papers(case) == []


def test_a_letter_that_changes_no_date_is_kept_at_once(browser, case):
    out = f"/cases/{case.reference}/letters-out/new"
    browser.post(out, kind="other out", gss_code="", recipient="Home Office", **day("sent_on", "2 11 2026"))
    assert len(correspondence.list_papers(case)) == 1


def test_what_changed_in_the_case_while_somebody_looked_is_shown_before_it_is_saved(browser, case, organiser):
    out = NewPaper(Kind.US_TO_MEMBER, gss_code=LEEDS_SOUTH, sent_on=date(2026, 11, 2))
    ours = correspondence.record_paper(case, out, organiser)
    came = f"/cases/{case.reference}/letters-in/new"
    answer = {"kind": "member to home office", "gss_code": LEEDS_SOUTH, "answers": str(ours.id)}
    assert "1 date will end" in browser.post(came, 200, **answer, **day("dated", "9 11 2026"))
    (chase,) = deadlines.started_by(ours)
    settling.settle(case, chase.id, "They rang.", clock.today(), organiser)
    page = browser.save(came, 200)
    assert "Somebody changed this case while you were looking." in page
    assert "will end" not in page
    browser.save(came)
    assert len(correspondence.list_papers(case)) == 2


def test_a_posted_refusal_whose_arrival_nobody_knows_counts_from_deemed_service(browser, responses):
    refusal = {
        "response": "refusal",
        "remedy": "review",
        "received_how": "post",
        **day("dated", "3 11 2026"),
    }
    page = browser.post(responses, 200, **refusal)
    assert "it is taken as served on Thursday 5 November 2026" in page
    assert "Thursday 12 November 2026" in page  # seven days for somebody who is held


def test_a_refusal_that_came_in_another_way_needs_the_day_it_came(browser, responses):
    page = browser.post(
        responses,
        200,
        response="refusal",
        remedy="review",
        received_how="email",
        **day("dated", "3 11 2026"),
    )
    assert "Type the day the person got it." in page
