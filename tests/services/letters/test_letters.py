"""Letters: drafted from the case, issued once, frozen, corrected by a new one."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.services.campaign import supporters
from casework.services.case import case_places, cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import (
    correspondence,
    group_letters,
    letter_checks,
    letter_pages,
    letter_readers,
    letters,
)
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.letters import draft_letter, issue_letter, save_draft
from casework.services.parliament.directory import directory
from casework.settings import resource_dir
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Case, Correspondence, Deadline, Letter, MemberCheck, User
from tests.factories import detained_at, home, make_case

URGENT = "home-mp-urgent"


@pytest.fixture
def authority(case, organiser):
    """The paper that she signed yesterday."""
    new = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask", "replies"))
    return consent.record_authority(case, new, organiser)


def ready(case: Case, actor: User, gss_code: str, key: str = URGENT) -> Letter:
    """A draft with every gap filled in."""
    letter = draft_letter(case, key, actor, gss_code=gss_code)
    words = {
        name: "Now.\n".join(text.split("[")[:1]) if "[" in text else text
        for name, text in letter.blocks.items()
    }
    facts = {
        "sender_name": "Ruth Ellery",
        "sender_address": "22 Example Road\nLeeds",
        "sender_postcode": "LS11 8PG",
    }
    save_draft(letter, words, facts, letter.version, actor)
    return letter


OF_LETTERS = Deadline.correspondence_id.is_not(None)


def counts() -> tuple[int, int, int]:
    """How many letters are issued, how many stand in the file, and how many dates of letters are open."""
    return (
        db.session.scalar(select(func.count()).where(Letter.issued_at.is_not(None))) or 0,
        db.session.scalar(select(func.count()).select_from(Correspondence)) or 0,
        db.session.scalar(
            select(func.count()).where(Deadline.settled_on.is_(None), Deadline.correspondence_id.is_not(None))
        )
        or 0,
    )


def test_a_draft_is_filled_in_from_the_case_and_names_what_is_missing(case, organiser, leeds_south):
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    member = directory().seat_on(leeds_south, clock.today()).member
    assert letter.member_name == member.name
    assert letter.blocks["subject"].startswith("Samira, of Leeds: detained at Yarl’s Wood")
    assert "Samira has lived in Leeds, in your constituency, since 1 May 2021." in letter.blocks["opening"]
    assert "She was detained on 3 March 2026" in letter.blocks["opening"]
    assert [gap.field for gap in letters.gaps(letter)] == ["obstacle", "worth", "sender_address"]


def test_after_a_transfer_a_letter_says_when_detention_began_and_since_when_it_is_here(
    case, organiser, leeds_south
):
    case_places.transfer(case, detained_at("brook-house", date(2026, 3, 30)), organiser)
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    assert letter.blocks["subject"].endswith("detained, moved to Brook House on 30 March 2026")
    assert "detained on 3 March 2026 and is now held at Brook House, since 30" in letter.blocks["opening"]
    there = directory().place("brook-house").gss_code
    letter = draft_letter(case, "detention-mp", organiser, gss_code=there)
    assert "She lived in Leeds until she was detained on 3 March 2026." in letter.blocks["opening"]


def test_a_letter_never_claims_that_the_home_mp_was_written_to(case, organiser, leeds_south):
    there = directory().place("yarls-wood").gss_code
    obstacle = draft_letter(case, "detention-mp", organiser, gss_code=there).blocks["obstacle"]
    assert "[when we wrote to " in obstacle
    sent = NewPaper(Kind.US_TO_MEMBER, gss_code=leeds_south, sent_on=clock.today())
    correspondence.record_paper(case, sent, organiser)
    obstacle = draft_letter(case, "detention-mp", organiser, gss_code=there).blocks["obstacle"]
    assert "We wrote to " in obstacle


def test_a_brief_of_somebody_with_no_known_dates_asks_for_them(organiser):
    letter = draft_letter(make_case(organiser, name="Alex"), "surgery-brief", organiser)
    assert "**Dates that are near.** [a hearing, a flight" in letter.blocks["situation"]


def test_a_draft_without_a_heading_is_not_finished(case, organiser, leeds_south):
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    save_draft(letter, {**letter.blocks, "subject": " "}, {}, letter.version, organiser)
    assert "subject" in {gap.field for gap in letters.gaps(letter)}


def test_nothing_is_guessed_of_somebody_of_whom_only_a_name_is_known(organiser, leeds_south):
    case = make_case(organiser, name="Alex")
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    assert "[what ties Alex to this constituency, and since when]" in letter.blocks["opening"]
    assert not [text for text in letter.blocks.values() if " she " in text or " he " in text]


def test_a_letter_to_an_empty_seat_is_not_drafted_and_neither_is_one_to_nobody(case, organiser, monkeypatch):
    with pytest.raises(CaseworkError, match="Choose the MP"):
        draft_letter(case, URGENT, organiser)
    monkeypatch.setattr(clock, "today", lambda: date(2026, 9, 15))  # between two members for Holborn
    with pytest.raises(CaseworkError, match="Nobody sits for Holborn and St Pancras"):
        draft_letter(case, URGENT, organiser, gss_code="E14001290")


def test_a_supporter_can_sign_only_to_their_own_mp(case, organiser, leeds_south):
    friend = supporters.add_supporter(
        case, organiser, name="Łukasz Hughes", postcode="UB7 0EQ", how_known="My neighbour"
    )
    with pytest.raises(CaseworkError, match="own MP") as refused:
        draft_letter(case, "supporter-to-own-mp", organiser, gss_code=leeds_south, supporter_id=friend.id)
    assert refused.value.field == "gss_code"
    letter = draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    assert letter.facts["sender_name"] == "Łukasz Hughes"
    assert letter.blocks["opening"].startswith("My neighbour.")


def test_the_letter_that_suits_an_mp_follows_from_what_ties_the_mp_to_the_case(case, organiser, leeds_south):
    assert letter_readers.suited_to(case, leeds_south) == "home-mp-urgent"
    assert letter_readers.suited_to(case, directory().place("yarls-wood").gss_code) == "detention-mp"
    assert letter_readers.suited_to(case, "E14001063") == "supporter-to-own-mp"
    case_places.change_place(case, case.places[0].id, replace(home(), until=date(2022, 5, 1)), 1, organiser)
    case_places.add_place(case, home("UB7 0EQ", since=date(2022, 5, 2)), organiser)
    assert letter_readers.suited_to(case, leeds_south) == "friend-at-former-home"


def test_a_letter_with_a_gap_cannot_be_issued_and_stays_a_draft(case, organiser, leeds_south, authority):
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    with pytest.raises(CaseworkError, match="still says") as refused:
        issue_letter(letter, organiser)
    assert refused.value.field == "obstacle"
    assert counts() == (0, 0, 0)


def test_issuing_freezes_the_pages_puts_the_letter_into_the_file_and_opens_the_day_to_chase_it(
    case, organiser, leeds_south, authority
):
    letter = ready(case, organiser, leeds_south)
    seen = letter_pages.preview(letter)
    issue_letter(letter, organiser)
    assert letters.issued_pdf(letter) == seen
    assert len(current_instance().archive.names()) == 1
    assert counts() == (1, 1, 1)
    paper = letters.paper_of(letter)
    assert (paper.kind, paper.gss_code, paper.sent_on) == (Kind.US_TO_MEMBER, leeds_south, clock.today())
    chase = db.session.scalar(select(Deadline).where(Deadline.correspondence_id == paper.id))
    assert chase.rule_key == "mp_office_chase"
    assert letter.facts["printed"]["person"]["name"] == "Samira"
    assert letter.without_authority_because is None


def test_an_issued_letter_is_the_same_bytes_after_everything_else_has_changed(
    case, organiser, leeds_south, authority
):
    letter = issue_letter(ready(case, organiser, leeds_south), organiser)
    before = letters.issued_pdf(letter)
    cases.change_person(
        case, {"name_used": "Somebody else"}, {"home_office": "B7654321"}, case.version, organiser
    )
    assert letters.issued_pdf(letters.get_letter(case, letter.id)) == before


def test_issuing_twice_makes_one_letter(case, organiser, leeds_south, authority):
    letter = ready(case, organiser, leeds_south)
    first = issue_letter(letter, organiser).sha256
    assert issue_letter(letter, organiser).sha256 == first
    assert counts() == (1, 1, 1)


def test_of_two_people_who_issue_at_once_one_issues_and_both_see_the_same_letter(
    case, organiser, leeds_south, authority
):
    letter = ready(case, organiser, leeds_south)
    letter_pages.preview(letter)
    # Somebody else's connection issued it after this one had read the draft.
    with db.engine.begin() as other:
        other.execute(
            text(
                "UPDATE letters SET version = version + 1, issued_at = '2026-11-20 10:00:00', sha256 = 'theirs' "
                "WHERE id = :id"
            ),
            {"id": letter.id},
        )
    assert issue_letter(letter, organiser).sha256 == "theirs"
    assert counts() == (1, 0, 0)


def test_an_issued_letter_cannot_be_changed_or_thrown_away(case, organiser, leeds_south, authority):
    letter = issue_letter(ready(case, organiser, leeds_south), organiser)
    with pytest.raises(OutOfDate, match="stays as it is"):
        save_draft(letter, {"subject": "x"}, {}, letter.version, organiser)
    with pytest.raises(OutOfDate):
        letters.discard_draft(letter, organiser)


def test_a_correction_is_a_new_letter_and_ends_the_chasing_of_the_first(
    case, organiser, leeds_south, authority
):
    first = issue_letter(ready(case, organiser, leeds_south), organiser)
    draft = letters.correct_letter(first, organiser)
    assert letters.correct_letter(first, organiser).id == draft.id
    assert draft.blocks == first.blocks
    save_draft(draft, {**draft.blocks, "worth": "She is missed."}, {}, draft.version, organiser)
    second = issue_letter(draft, organiser)
    assert second.sha256 != first.sha256
    assert second.replaces_id == first.id
    assert counts() == (2, 2, 1)


def test_without_an_authority_on_record_a_reason_is_asked_for_and_kept(case, organiser, leeds_south):
    letter = ready(case, organiser, leeds_south)
    assert letter_checks.reasons_to_wait(letter) == [
        "There is no signed form of authority on record that lets this MP act for Samira."
    ]
    with pytest.raises(CaseworkError, match="Say why") as refused:
        issue_letter(letter, organiser)
    assert refused.value.field == "because"
    issue_letter(letter, organiser, because="Her flight is tonight.")
    assert letter.without_authority_because == "Her flight is tonight."


def test_an_authority_for_another_mp_does_not_let_this_letter_go(case, organiser, leeds_south):
    elsewhere = NewAuthority(signed_on=clock.today(), scope=("ask",), gss_codes=("E14001063",))
    consent.record_authority(case, elsewhere, organiser)
    assert letter_checks.reasons_to_wait(ready(case, organiser, leeds_south))


def test_the_person_s_own_letter_needs_no_other_signature(case, organiser, leeds_south):
    letter = ready(case, organiser, leeds_south, "home-mp-first-contact")
    assert letter_checks.reasons_to_wait(letter) == []
    issue_letter(letter, organiser)
    assert counts()[0] == 1


def test_somebody_who_was_not_asked_or_said_no_is_named_before_an_mp_hears_of_them(
    organiser, leeds_south, app
):
    case = make_case(organiser, home(), name="Tesfay")
    consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), organiser)
    letter = ready(case, organiser, leeds_south)
    assert "was asked before an MP hears" in letter_checks.reasons_to_wait(letter)[0]
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    assert "said no" in letter_checks.reasons_to_wait(letter)[0]


def test_a_member_known_from_one_source_is_not_printed_before_somebody_has_checked(
    case, organiser, authority
):
    seat = "E14001290"  # Holborn and St Pancras, whose member the directory knows from one source only
    member = directory().seat_on(seat, clock.today()).member
    assert not member.is_checked
    letter = ready(case, organiser, seat, "covering-letter")
    with pytest.raises(CaseworkError, match="one source only"):
        issue_letter(letter, organiser)
    db.session.add(
        MemberCheck(gss_code=seat, member_name=member.name, checked_on=clock.today(), checked_by=organiser)
    )
    db.session.commit()
    issue_letter(letter, organiser)
    assert counts()[0] == 1


def test_a_sign_that_no_font_can_draw_stops_the_letter_and_is_named(case, organiser, leeds_south, authority):
    letter = ready(case, organiser, leeds_south)
    save_draft(letter, {**letter.blocks, "worth": "Look: \U0010fffd"}, {}, letter.version, organiser)
    with pytest.raises(CaseworkError, match=r"U\+10FFFD") as refused:
        issue_letter(letter, organiser)
    assert refused.value.field == "worth"


def test_a_layout_that_cannot_be_read_aloud_in_order_is_stopped_and_the_fault_named(
    case, organiser, leeds_south, authority, tmp_path, monkeypatch
):
    letter, folder = ready(case, organiser, leeds_south), tmp_path / "letters"
    shutil.copytree(resource_dir("letters"), folder)
    page = (folder / "base.html").read_text("utf-8")
    (folder / "base.html").write_text(page.replace("<h1>", "<h3>").replace("</h1>", "</h3>"), "utf-8")
    monkeypatch.setattr(group_letters, "resource_dir", lambda name: folder)
    with pytest.raises(CaseworkError, match="skips a level"):
        issue_letter(letter, organiser)
    assert counts() == (0, 0, 0)


def test_a_brief_and_a_form_of_authority_are_made_without_entering_the_file(case, organiser, leeds_south):
    for key in ("form-of-authority", "surgery-brief"):
        letter = draft_letter(case, key, organiser, gss_code=leeds_south)
        blocks = {name: text.replace("[", "(").replace("]", ")") for name, text in letter.blocks.items()}
        save_draft(letter, blocks, {}, letter.version, organiser)
        issue_letter(letter, organiser)
        assert letters.issued_pdf(letter).startswith(b"%PDF")
    assert counts() == (2, 0, 0)


def test_a_form_of_authority_needs_no_mp_yet(case, organiser):
    letter = draft_letter(case, "form-of-authority", organiser)
    issue_letter(letter, organiser)
    assert letter.pages == 2


def test_saving_over_somebody_else_s_words_is_refused(case, organiser, leeds_south):
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    read = letter.version
    save_draft(letter, {**letter.blocks, "worth": "Theirs"}, {}, read, organiser)
    with pytest.raises(OutOfDate):
        save_draft(letter, {**letter.blocks, "worth": "Mine"}, {}, read, organiser)
    assert letter.blocks["worth"] == "Theirs"


def test_a_reply_address_typed_once_is_there_the_next_time(case, organiser, leeds_south):
    ready(case, organiser, leeds_south)
    again = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    assert again.facts["sender_address"] == "22 Example Road\nLeeds"


def test_a_draft_that_is_thrown_away_is_gone(case, organiser, leeds_south):
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    letters.discard_draft(letter, organiser)
    assert letters.list_letters(case) == []
    with pytest.raises(NotFound):
        letters.get_letter(case, letter.id)


def test_a_letter_of_another_case_is_not_found(case, organiser, leeds_south):
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    other = make_case(organiser, name="Somebody else")
    with pytest.raises(NotFound):
        letters.get_letter(other, letter.id)


def test_the_trail_says_what_happened_to_a_letter_and_never_what_it_says(
    case, organiser, leeds_south, authority
):
    issue_letter(ready(case, organiser, leeds_south), organiser)
    events = list(db.session.scalars(select(AuditEvent).where(AuditEvent.case_id == case.id)))
    assert {"letter drafted", "draft saved", "letter issued"} <= {event.action for event in events}
    assert not [event for event in events if "Samira" in str(event.facts) or "Ruth" in str(event.facts)]


def test_what_went_out_under_an_authority_is_the_letters_and_neither_form_nor_brief(
    case, authority, organiser, leeds_south
):
    issue_letter(ready(case, organiser, leeds_south, "form-of-authority"), organiser)
    issue_letter(ready(case, organiser, leeds_south, "surgery-brief"), organiser)
    letter = ready(case, organiser, leeds_south)
    issue_letter(letter, organiser)
    assert consent.told_under(authority) == [letter]


def test_a_town_at_the_end_of_one_line_is_what_a_letter_calls_the_home(organiser, leeds_south):
    case = make_case(organiser, replace(home(), address="14 Invented Road, Leeds"), name="Samira")
    letter = draft_letter(case, URGENT, organiser, gss_code=leeds_south)
    assert "Samira has lived in Leeds, in your constituency" in letter.blocks["opening"]


@pytest.mark.parametrize("text", ["x" * 9_000, "x\n" * 1_000], ids=["letters", "lines"])
def test_a_whole_file_that_was_pasted_into_a_letter_is_refused_before_anybody_waits_for_it(
    case, organiser, leeds_south, text
):
    letter = ready(case, organiser, leeds_south)
    save_draft(letter, dict.fromkeys(letter.blocks, text), {}, letter.version, organiser)
    with pytest.raises(CaseworkError, match="too long for a letter"):
        letter_pages.preview(letter)
    with pytest.raises(CaseworkError, match="too long for a letter"):
        issue_letter(letter, organiser, because="It goes now.")


def test_a_supporter_s_letter_to_their_own_mp_goes_once_any_authority_is_signed(case, organiser):
    friend = supporters.add_supporter(
        case, organiser, name="Idris", postcode="M2 5DB", address="1 Invented Row"
    )
    letter = draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    assert "no signed form of authority" in letter_checks.reasons_to_wait(letter)[0]
    for_another_mp = NewAuthority(signed_on=clock.today(), scope=("ask",), gss_codes=("E14001063",))
    consent.record_authority(case, for_another_mp, organiser)
    assert letter_checks.reasons_to_wait(letter) == []


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [("sender_email", "nonsense", "ruth@example.org"), ("sender_postcode", "ZZ", "LS11 8PG")],
)
def test_no_letter_goes_with_an_address_to_which_nobody_can_answer(
    case, authority, organiser, leeds_south, name, wrong, right
):
    letter = ready(case, organiser, leeds_south)
    save_draft(letter, letter.blocks, {**letter.facts, name: wrong}, letter.version, organiser)
    with pytest.raises(CaseworkError) as refused:
        issue_letter(letter, organiser)
    assert refused.value.field == name
    save_draft(letter, letter.blocks, {**letter.facts, name: right}, letter.version, organiser)
    assert issue_letter(letter, organiser).issued_at
