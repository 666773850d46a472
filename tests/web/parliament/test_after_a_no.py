"""After a no to MPs the plan before a flight, the pack of the first hour and what to say send nobody to one."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from casework import clock
from casework.domain.consent.publicity import Audience, Level
from casework.domain.errors import CaseworkError
from casework.services.case import cases, first_pack, task_owners
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import go_bag_contents, letters, pack_lists, packs
from casework.services.timing import removal_plan, removals
from casework.services.timing.removals import RemovalFacts
from tests.factories import home, make_case
from tests.supporters import agree_to

NO = "They said no, or not yet: nobody rings an MP or writes to one about them."
TOOK_BACK = "They took back what they had agreed to: nobody rings an MP or writes to one about them."
NOT_ASKED = "Nobody has asked them yet: do not name them to an MP."
TO_MPS = ("MP’s office rung", "Letter to the MP", "Supporters’ letters to their own MPs")


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), name="Samira A.")


@pytest.fixture
def attempt(case, organiser):
    return removals.record_removal(
        case, RemovalFacts(departs_on=clock.today() + timedelta(days=20)), organiser
    )


@pytest.fixture
def pages(case, attempt):
    """Where the plan stands: on its own page, on the sheet to print, and on what is ready."""
    place = f"/cases/{case.reference}"
    clock_of_it = f"{place}/removals/{attempt.id}"
    return clock_of_it, f"{clock_of_it}/sheet", f"{place}/first-hour"


def said(case, actor, *, agreed):
    cases.record_asked(case, asked_on=clock.today(), agreed=agreed, asked_by="Ruth", actor=actor)


def part_of(page, words):
    """The part of a page about a step with these words."""
    items = re.findall(r"<(li|tr)\b[^>]*>(.*?)</\1>", page, flags=re.DOTALL)
    return next(part for _, part in items if words in part)


def tick(attempt, key, actor):
    step = next(one for one in attempt.steps if one.key == key)
    removal_plan.save_step(attempt.case, attempt.id, step.id, actor, who=None, was=None, done=True)


def test_after_a_no_each_step_that_tells_an_mp_is_held_back_with_the_reason_wherever_it_stands(
    browser, organiser, case, pages
):
    said(case, organiser, agreed=False)
    for path in pages:
        page = browser.get(path)
        for words in TO_MPS:
            assert NO in part_of(page, words), (path, words)
            assert "<form" not in part_of(page, words)
            assert "How to ask" not in part_of(page, words)
        assert "said no, or not yet. Do not write to an MP" in page, path
        assert NO not in part_of(page, "Somebody visits"), path
    assert "Samira" not in browser.get(pages[1]).partition('class="sheet')[2], "the sheet has initials"


def test_a_step_that_tells_an_mp_cannot_be_ticked_after_a_no_and_one_that_was_done_counts(
    organiser, case, attempt
):
    said(case, organiser, agreed=True)
    tick(attempt, "mp_call", organiser)
    before = removal_plan.plan_of(attempt)
    said(case, organiser, agreed=False)
    plan = removal_plan.plan_of(attempt)
    assert (plan.done, plan.to_do) == (1, before.to_do - 2)
    with pytest.raises(CaseworkError, match="They said no"):
        tick(attempt, "supporters", organiser)
    said(case, organiser, agreed=True)
    tick(attempt, "supporters", organiser)


def test_who_took_back_their_form_has_these_steps_held_back_too(browser, organiser, case, pages):
    said(case, organiser, agreed=True)
    signed = NewAuthority(signed_on=clock.today() - timedelta(days=1), scope=("ask",))
    form = consent.record_authority(case, signed, organiser)
    assert not any(TOOK_BACK in browser.get(path) for path in pages)
    browser.post(
        f"/cases/{case.reference}/authority/{form.id}/withdraw",
        how="by phone",
        **{"withdrawn_on-day": "today"},
    )
    assert all(browser.get(path).count(TOOK_BACK) == len(TO_MPS) for path in pages)


def test_where_nobody_asked_yet_the_steps_stay_and_say_to_ask_first(browser, organiser, case, pages):
    for path in pages:
        page = browser.get(path)
        assert all(NOT_ASKED in part_of(page, words) for words in TO_MPS), path
        assert "yet whether an MP may hear of them. Do not name them to an MP before they say yes." in page
    assert "<form" in part_of(browser.get(pages[0]), TO_MPS[0])
    said(case, organiser, agreed=True)
    for path in pages:
        page = browser.get(path)
        assert NOT_ASKED not in page
        assert "Do not name them" not in page


def test_after_a_no_the_pack_of_the_first_hour_says_it_and_names_nobody_to_ring_an_mp(
    organiser, case, attempt
):
    task_owners.share_out(case, {"asked": organiser.id, "visit": organiser.id}, organiser)
    rows = dict(pack_lists.first_hour(case, Audience.LAWYER).rows)
    assert rows["Ask them before any MP is told"] == rows["Ring the office of the MP for the home"]
    said(case, organiser, agreed=False)
    rows = dict(pack_lists.first_hour(case, Audience.LAWYER).rows)
    steps = ("Ring the office of the MP for the home", "Finish and hand over the letters to the MPs")
    assert [rows[words] for words in ("MPs", *steps)] == [NO] * 3
    assert rows["Ask them before any MP is told"] == "Ruth Ellery", "a no is not the end of asking"
    pdf = packs.pack_pdf(packs.make_first(case, organiser))
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert told.count(NO) == 4, "and once where it says whom to ring"
    said(case, organiser, agreed=True)
    rows = dict(pack_lists.first_hour(case, Audience.LAWYER).rows)
    assert "MPs" not in rows
    assert "Ask them before any MP is told" not in rows
    assert rows[steps[0]] == "Ruth Ellery"


def test_after_a_no_a_list_of_whom_to_ring_has_no_mp_but_for_the_person(organiser, case):
    said(case, organiser, agreed=False)
    assert ("MP for the home", NO) in pack_lists.contacts(case, Audience.LAWYER).rows
    assert "Hilary Benn" in dict(pack_lists.contacts(case, Audience.PERSON).rows)["MP for the home"]
    assert "MP for the home" not in dict(pack_lists.contacts(case, Audience.SUPPORTERS).rows)


def test_a_draft_to_an_mp_waits_for_a_yes_also_where_a_campaign_consent_reaches_the_offices(organiser, case):
    said(case, organiser, agreed=True)
    agree_to(case, organiser, Level.OFFICES)
    draft = letters.draft_letter(case, "home-mp-urgent", organiser, gss_code="E14001323")
    assert not first_pack.waits_for_yes(draft)
    said(case, organiser, agreed=False)
    assert first_pack.waits_for_yes(draft)


def test_after_a_no_there_is_nothing_to_say_in_a_minute_but_the_no(browser, organiser, case):
    place = f"/cases/{case.reference}/visits/script"
    said(case, organiser, agreed=True)
    page = browser.get(place)
    assert "Yes or no?" in page
    assert "an MP may hear" not in page
    said(case, organiser, agreed=False)
    page = browser.get(place)
    assert '<p class="warn"><strong>Samira A. was asked and said no, or not yet.' in page
    for words in ("Yes or no?", "Hilary Benn", "Record what happened", "Take a copy along", "No MP is known"):
        assert words not in page
    bag = go_bag_contents.contents(case, Audience.LAWYER)
    assert bag.surgery == []
    assert bag.brief[0] == {"label": "MPs", "text": NO}


def test_where_nobody_asked_yet_what_to_say_begins_with_asking_first(browser, case):
    page = browser.get(f"/cases/{case.reference}/visits/script")
    assert "Nobody has asked Samira A. yet whether an MP may hear of them." in page
    assert "Yes or no?" in page
