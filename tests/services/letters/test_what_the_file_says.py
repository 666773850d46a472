"""What a draft says of the file: a removal and its first day, a flight, a refusal and the time to appeal."""

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from casework import clock
from casework.domain.consent.publicity import Kind as Fact
from casework.domain.dates import spoken
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.timing.removals import FAILED_RULE, NOTICE_RULE, Ending
from casework.services.letters import correspondence, letter_pages
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.letters import draft_letter, save_draft
from casework.services.timing import deadlines, removal_ends, removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.database import db
from casework.storage.models import Deadline

URGENT = "home-mp-urgent"


def test_a_removal_notice_on_file_stands_in_the_first_line_with_its_first_day(case, organiser, leeds_south):
    given_on = clock.today()
    notice = NewPaper(
        Kind.HOME_OFFICE_RESPONSE, ResponseKind.REMOVAL_NOTICE, dated=given_on, received_on=given_on,
        received_how="hand",
    )  # fmt: skip
    paper = correspondence.record_paper(case, notice, organiser)
    earliest = db.session.scalar(select(Deadline.earliest_on).where(Deadline.correspondence_id == paper.id))
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    assert f"removal possible from {earliest:%A} {earliest.day} {earliest:%B %Y}" in letter.blocks["subject"]
    assert "put off Samira’s removal" in letter.blocks["ask"]


def removal_notice(**more):
    today = clock.today()
    facts = {"dated": today, "received_on": today, "received_how": "hand"} | more
    return NewPaper(Kind.HOME_OFFICE_RESPONSE, ResponseKind.REMOVAL_NOTICE, **facts)


def counted_in(case):
    return db.session.scalar(
        select(Deadline.earliest_on).where(Deadline.case_id == case.id, Deadline.rule_key == NOTICE_RULE)
    )


def in_words(day):
    return spoken(day, weekday=True)


def letters_to(case, organiser, gss_code):
    """Each letter to an MP in which a removal stands: its first line, and all that it says."""
    for key in (URGENT, "detention-mp"):
        blocks = draft_letter(case, key, organiser, gss_code=gss_code).blocks
        yield blocks["subject"], " ".join(blocks.values())


def test_a_later_day_of_removal_in_a_letter_is_no_flight_and_does_not_hide_the_counted_day(
    case, organiser, leeds_south
):
    given = clock.today() + timedelta(days=30)
    correspondence.record_paper(case, removal_notice(stated_on=given), organiser)
    assert removals.running(case).departs_on is None
    for subject, told in letters_to(case, organiser, leeds_south):
        first = in_words(counted_in(case))
        assert f"removal possible from {first}" in subject
        assert f"removed at any time from {first}, if departure details have also been given." in told
        assert in_words(given) not in told


def test_a_letter_gives_an_earlier_day_of_the_paper_and_not_our_own(case, organiser, leeds_south):
    given = clock.today() + timedelta(days=1)
    correspondence.record_paper(case, removal_notice(stated_on=given), organiser)
    for subject, told in letters_to(case, organiser, leeds_south):
        assert f"removal possible from {in_words(given)}" in subject
        assert in_words(counted_in(case)) not in told
    friend = draft_letter(case, "supporter-to-own-mp", organiser, gss_code=leeds_south)
    assert in_words(given) in " ".join(friend.blocks.values())


def test_a_letter_gives_the_window_after_a_failed_removal_and_not_the_later_day_of_a_new_notice(
    case, organiser, leeds_south
):
    deadlines.record_deadline(case, FAILED_RULE, clock.today(), None, organiser)
    correspondence.record_paper(case, removal_notice(), organiser)
    for subject, told in letters_to(case, organiser, leeds_south):
        assert f"removal possible from {in_words(clock.today())}, as far as we know" in subject
        assert in_words(counted_in(case)) not in told


def test_a_flight_that_the_letter_names_stands_beside_the_day_from_which_removal_is_possible(
    case, organiser, leeds_south
):
    leaves = clock.today() + timedelta(days=30)
    correspondence.record_paper(case, removal_notice(stated_on=leaves, is_flight=True), organiser)
    assert removals.running(case).departs_on == leaves
    for subject, told in letters_to(case, organiser, leeds_south):
        first = in_words(counted_in(case))
        assert f"removal booked for {in_words(leaves)}, possible from {first}" in subject
        assert f"A seat is booked on {in_words(leaves)}." in told
        assert f"may be removed at any time from {first}." in told
    friend = draft_letter(case, "supporter-to-own-mp", organiser, gss_code=leeds_south)
    assert in_words(leaves) not in " ".join(friend.blocks.values())


def test_a_letter_that_a_clock_was_started_before_keeps_the_earlier_day_that_it_gives(
    case, organiser, leeds_south
):
    given = clock.today() + timedelta(days=1)
    row = removals.record_removal(case, RemovalFacts(notice_given_on=clock.today()), organiser)
    correspondence.record_paper(case, removal_notice(stated_on=given), organiser)
    facts = replace(removals.facts_of(row), departs_on=clock.today() + timedelta(days=20))
    removals.change_removal(case, row.id, facts, row.version, organiser)
    for _, told in letters_to(case, organiser, leeds_south):
        assert f"may be removed at any time from {in_words(given)}." in told


def test_a_letter_does_not_say_on_which_day_a_notice_was_given_that_nobody_told_us(
    case, organiser, leeds_south
):
    notice = NewPaper(Kind.HOME_OFFICE_RESPONSE, ResponseKind.REMOVAL_NOTICE, dated=clock.today())
    correspondence.record_paper(case, notice, organiser)
    for key in (URGENT, "detention-mp"):
        told = " ".join(draft_letter(case, key, organiser, gss_code=leeds_south).blocks.values())
        assert "Notice of removal was given" not in told
        assert "as far as we know: we do not know yet when the notice was given" in told
        assert re.search(r"removal possible from [^,]+, as far as we know", told)
    row = removals.running(case)
    removals.change_removal(case, row.id, RemovalFacts(notice_given_on=clock.today()), row.version, organiser)
    told = " ".join(draft_letter(case, URGENT, organiser, gss_code=leeds_south).blocks.values())
    assert "Notice of removal was given on" in told
    assert "as far as we know" not in told


def test_a_flight_stands_in_the_first_line_and_its_number_only_in_letters_to_offices_we_ask(
    case, organiser, leeds_south
):
    coming = clock.today() + timedelta(days=9)
    facts = RemovalFacts(departs_on=coming, departs_at="07:05", flight="XX 123", destination="Eritrea")
    removals.record_removal(case, facts, organiser)
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    assert f"removal booked for {coming:%A} {coming.day} {coming:%B %Y} at 07.05" in letter.blocks["subject"]
    assert "flight XX 123 to Eritrea" in " ".join(letter.blocks.values())
    friend = draft_letter(case, "supporter-to-own-mp", organiser, gss_code=leeds_south)
    assert not [told for told in ("07.05", "XX 123", "Eritrea") if told in " ".join(friend.blocks.values())]
    save_draft(friend, {**friend.blocks, "worth": "She is booked on XX 123."}, {}, friend.version, organiser)
    assert Fact.TRAVEL in letter_pages.taken_out(friend)


def test_a_removal_that_ended_is_in_no_letter(case, organiser, leeds_south):
    row = removals.record_removal(case, RemovalFacts(notice_given_on=clock.today()), organiser)
    removal_ends.end_removal(case, row.id, Ending.CANCELLED, clock.today(), "Withdrawn.", organiser)
    assert "removal" not in draft_letter(case, URGENT, organiser, gss_code=leeds_south).blocks["subject"]


def test_a_refusal_says_when_an_appeal_is_due_only_while_it_is_due(case, organiser, leeds_south):
    sent = clock.today() - timedelta(2)
    refusal = NewPaper(
        Kind.HOME_OFFICE_RESPONSE, ResponseKind.REFUSAL, remedy="appeal", dated=sent, sent_on=sent,
        received_on=sent + timedelta(1), received_how="post",
    )  # fmt: skip
    correspondence.record_paper(case, refusal, organiser)
    opening = draft_letter(case, URGENT, organiser, gss_code=leeds_south).blocks["opening"]
    assert (
        f"The Home Office refused her case on {sent.day} {sent:%B %Y}, and an appeal has to be lodged by"
        in opening
    )
    last = db.session.scalar(select(Deadline.last_on).where(Deadline.rule_key == "ftt_appeal_in_uk"))
    assert f"lodged by {last.day} {last:%B %Y}" in opening  # the day to aim for is the group's own
