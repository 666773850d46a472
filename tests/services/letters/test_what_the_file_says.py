"""What a draft says of the file: a removal and its first day, a flight, a refusal and the time to appeal."""

import re
from datetime import timedelta

from sqlalchemy import select

from casework import clock
from casework.domain.consent.publicity import Kind as Fact
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.timing.removals import Ending
from casework.services.letters import correspondence, letter_pages
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.letters import draft_letter, save_draft
from casework.services.timing import removal_ends, removals
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
