"""Letters to others than MPs, drafted from a case: to ministers, lawyers, callers, the press, and on cards."""

from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.consent.publicity import Kind, Level
from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import Kind as Paper
from casework.domain.letters.correspondence import ResponseKind
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.consent import campaign_consent, consent, recall
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import correspondence, letter_life, letter_pages, letters
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.letters import draft_letter, issue_letter, save_draft
from casework.services.parliament import ministers, surgeries
from casework.services.parliament.directory import directory
from casework.services.timing import removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.models import Case, Letter
from tests.factories import detained_at, home, make_case

RISKS = ("return", "family", "known", "children", "evidence", "hostile", "forever")
SIGNED = {
    "sender_name": "Ruth Ellery",
    "sender_address": "22 Example Road\nLeeds",
    "sender_postcode": "LS11 8PG",
}


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, of Leeds, held at Yarl's Wood, who was asked and signed a form of authority."""
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she", nationality="Afghan")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    signed = consent.NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask", "complain"))
    consent.record_authority(case, signed, organiser)
    return case


def agree(case: Case, organiser, level: Level, *items: Kind, changed_name: str | None = None) -> None:
    new = NewCampaignConsent(
        clock.today(), level, "Ruth", "signature", items, changed_name, risks=RISKS, anonymity_order="no"
    )
    campaign_consent.record(case, new, organiser)


def finished(letter: Letter, organiser, **facts: str) -> Letter:
    """The draft with words of its own in place of every gap."""
    words = {}
    for name, text in letter.blocks.items():
        while "[" in text:
            text = (
                text[: text.index("[")]
                + "something of ours that we alone could say"
                + text[text.index("]") + 1 :]
            )
        words[name] = text
    save_draft(letter, words, SIGNED | facts, letter.version, organiser)
    return letter


def a_minister() -> ministers.PostHeld:
    return ministers.ministers(clock.today())[0]


def test_the_ministers_are_those_the_directory_names_with_the_day_of_its_list(app):
    found = ministers.ministers(date(2026, 6, 27))
    assert "Asylum" in found[0].post
    assert found[1].post == ministers.HOME_SECRETARY
    assert all(one.post in one.words and one.fact.when in one.words for one in found)
    assert not [one for one in found if "(HO)" in one.post]


def test_a_letter_to_a_minister_goes_to_the_home_office_and_nowhere_else(case, organiser, leeds_south):
    with pytest.raises(CaseworkError, match="Choose the minister"):
        draft_letter(case, "supporter-to-minister", organiser)
    with pytest.raises(CaseworkError, match="as a minister in the Home Office"):
        draft_letter(case, "supporter-to-minister", organiser, gss_code=leeds_south)
    held = a_minister()
    letter = draft_letter(case, "supporter-to-minister", organiser, gss_code=held.gss_code)
    member = letter_pages.values_of(letter).member
    assert member.name == held.member.name
    assert member.office_lines[:2] == (held.post, "Home Office")


def test_a_letter_to_a_minister_starts_no_day_to_ring_an_mp_and_stands_in_the_file(case, organiser):
    agree(case, organiser, Level.SUPPORTERS, Kind.NAME, Kind.PLACE_OF_DETENTION)
    letter = draft_letter(case, "supporter-to-minister", organiser, gss_code=a_minister().gss_code)
    finished(letter, organiser)
    with pytest.raises(CaseworkError, match="who looked that this is still the minister"):
        issue_letter(letter, organiser)
    finished(letter, organiser, minister_checked="Ruth, on gov.uk, today")
    issue_letter(letter, organiser)
    paper = letters.paper_of(letter)
    assert paper is not None
    assert (paper.kind, paper.gss_code, paper.recipient) == (Paper.OTHER_OUT, None, a_minister().member.name)


def test_a_minister_is_the_writer_s_own_mp_only_where_their_postcode_says_so(case, organiser):
    letter = draft_letter(case, "supporter-to-minister", organiser, gss_code=a_minister().gss_code)
    save_draft(letter, {}, {"sender_postcode": "LS11 0ES"}, letter.version, organiser)
    assert not letter_pages.values_of(letter).minister.is_own_member
    home_secretary = next(
        one for one in ministers.ministers(clock.today()) if one.post == ministers.HOME_SECRETARY
    )
    seat = directory().constituency(home_secretary.gss_code)
    assert seat.name == "Birmingham Ladywood"
    friend = supporters.add_supporter(
        case, organiser, name="Ada", postcode="B1 1BB", how_known="My neighbour"
    )
    own = draft_letter(
        case, "supporter-to-minister", organiser, gss_code=home_secretary.gss_code, supporter_id=friend.id
    )
    assert "You are also my own Member of Parliament: I live in Birmingham Ladywood" in own.blocks["opening"]


def test_the_lawyer_is_asked_before_anybody_agreed_to_anything(organiser):
    case = make_case(
        organiser,
        home(),
        name="Samira",
        representative_name="N. Okafor",
        representative_contact="07700 900789",
    )
    letter = finished(draft_letter(case, "question-to-lawyer", organiser), organiser)
    assert letter_pages.taken_out(letter) == set()
    issue_letter(letter, organiser)
    paper = letters.paper_of(letter)
    assert paper is not None
    assert paper.kind == Paper.OTHER_OUT


def test_without_a_lawyer_on_record_the_question_names_who_is_missing(case, organiser):
    letter = finished(draft_letter(case, "question-to-lawyer", organiser), organiser)
    assert [gap.field for gap in letters.gaps(letter)] == ["representative"]


def test_a_letter_of_support_needs_the_second_level(case, organiser):
    letter = finished(draft_letter(case, "letter-of-support", organiser), organiser)
    assert letter_pages.taken_out(letter)
    agree(case, organiser, Level.SUPPORTERS, Kind.NAME, Kind.PLACE_OF_DETENTION)
    assert letter_pages.taken_out(letter) == set()


def test_thanks_and_reminders_know_the_days_of_the_file(case, organiser, leeds_south):
    today = clock.today()
    visit = surgeries.VisitFacts(
        gss_code=leeds_south, held_on=today - timedelta(9), who_was_met="the caseworker"
    )
    promise = Promise("Write to the Home Office", "the caseworker", today - timedelta(5))
    surgeries.record_visit(case, visit, Outcome.AGREED, [promise], organiser)
    ours = NewPaper(Paper.US_TO_MEMBER, gss_code=leeds_south, sent_on=today - timedelta(8))
    correspondence.record_paper(case, ours, organiser)
    theirs = NewPaper(Paper.MEMBER_TO_HOME_OFFICE, gss_code=leeds_south, dated=today - timedelta(5))
    asked = correspondence.record_paper(case, theirs, organiser)
    thanks = draft_letter(case, "member-thanks", organiser, gss_code=leeds_south)
    assert "– The caseworker: Write to the Home Office (in our diary for" in thanks.blocks["opening"]
    assert "[" not in thanks.blocks["ask"] + thanks.blocks["opening"]
    file = letter_pages.values_of(thanks).on_file
    assert (file.met_on, file.written_on) == (today - timedelta(9), today - timedelta(8))
    assert file.asked_home_office_on == today - timedelta(5)
    assert file.home_office_aims_at is not None
    assert file.home_office_answered_on is None
    told = NewPaper(
        Paper.HOME_OFFICE_RESPONSE,
        ResponseKind.HOLDING,
        received_on=today - timedelta(1),
        answers_id=asked.id,
    )
    correspondence.record_paper(case, told, organiser)
    assert letter_pages.values_of(thanks).on_file.home_office_answered_on is None
    answer = NewPaper(
        Paper.HOME_OFFICE_RESPONSE, ResponseKind.SUBSTANTIVE, received_on=today, answers_id=asked.id
    )
    correspondence.record_paper(case, answer, organiser)
    assert letter_pages.values_of(thanks).on_file.home_office_answered_on == today


def test_the_file_of_one_office_is_not_that_of_another(case, organiser, leeds_south):
    ours = NewPaper(Paper.US_TO_MEMBER, gss_code=leeds_south, sent_on=clock.today())
    correspondence.record_paper(case, ours, organiser)
    there = directory().place("yarls-wood").gss_code
    assert not letter_pages.values_of(
        draft_letter(case, "member-chase", organiser, gss_code=there)
    ).on_file.known


def test_an_airline_sheet_takes_the_booking_from_the_clock_and_needs_the_third_level_and_the_name(
    case, organiser
):
    facts = RemovalFacts(
        departs_on=clock.today() + timedelta(9), departs_at="07:05", flight="XX 123", airline="Invented Air",
        airport="Birmingham", route="Istanbul", carriage="commercial", booked_name="AHMADI/SAMIRA MISS",
    )  # fmt: skip
    removals.record_removal(case, facts, organiser)
    early = draft_letter(case, "airline-sheet", organiser)
    words = " ".join(early.blocks.values())
    assert not [told for told in ("XX 123", "07:05", "07.05", "AHMADI", "Istanbul") if told in words]
    agree(case, organiser, Level.CHANGED_NAME)
    letter = finished(draft_letter(case, "airline-sheet", organiser), organiser)
    assert "XX 123" in letter.blocks["calm"]
    agree(case, organiser, Level.SUPPORTERS)
    assert letters.gaps(letter) == []
    assert {Kind.NAME, Kind.TRAVEL} <= letter_pages.taken_out(letter)
    agree(case, organiser, Level.CHANGED_NAME)
    assert letter_pages.taken_out(letter) == {Kind.NAME}
    agree(case, organiser, Level.CHANGED_NAME, Kind.NAME)
    assert letter_pages.taken_out(letter) == set()
    assert "people here miss her" not in letter.blocks["worth"]
    issue_letter(letter, organiser)
    assert letters.paper_of(letter) is None


def test_a_line_for_the_press_is_refused_below_its_level_even_if_it_says_no_name(case, organiser):
    agree(case, organiser, Level.SUPPORTERS, Kind.NAME)
    letter = draft_letter(case, "press-line", organiser)
    said = dict.fromkeys(letter.blocks, "We want our neighbour home.")
    save_draft(letter, said, {}, letter.version, organiser)
    assert Kind.CASE in letter_pages.taken_out(letter)
    with pytest.raises(CaseworkError, match="no consent to say this"):
        issue_letter(letter, organiser)


def test_in_public_the_person_goes_by_the_name_they_chose_for_it(case, organiser):
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    letter = draft_letter(case, "press-line", organiser)
    assert letter.blocks["subject"].startswith("Leila: detained since ")
    assert "Samira" not in " ".join(letter.blocks.values())
    issue_letter(finished(letter, organiser), organiser, because="She heard it on the phone.")


def test_what_is_public_waits_until_the_person_has_read_it(case, organiser):
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    letter = finished(draft_letter(case, "press-line", organiser), organiser)
    letter_life.record_reading(letter, "lawyer", "N. Okafor", clock.today(), letter.version, organiser)
    with pytest.raises(CaseworkError, match="Say why"):
        issue_letter(letter, organiser)
    letter_life.record_reading(letter, "person", None, clock.today(), letter.version, organiser)
    issue_letter(letter, organiser)
    assert letter.without_authority_because is None


def test_below_its_level_a_line_for_the_press_prints_that_it_is_not_agreed(case, organiser):
    letter = finished(draft_letter(case, "press-line", organiser), organiser)
    agree(case, organiser, Level.OFFICES)
    printed = letter_pages.text_of(letter)
    assert "Not agreed: none of this may be printed." in printed
    assert "a changed one stands above" not in printed
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    printed = letter_pages.text_of(letter)
    assert "This may be printed as it stands." in printed
    assert "a changed one stands above" in printed


@pytest.mark.parametrize(
    "told", ["She comes from Afghanistan.", "She is from Kabul.", "She speaks Dari.", "She is Iranian."]
)
def test_a_public_line_tells_no_country_town_or_tongue_though_the_file_knows_none(case, organiser, told):
    case.nationality = case.languages = None
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    letter = finished(draft_letter(case, "press-line", organiser), organiser)
    save_draft(letter, {**letter.blocks, "worth": told}, {}, letter.version, organiser)
    assert Kind.COUNTRY in letter_pages.told_by(letter) | letter_pages.taken_out(letter)
    with pytest.raises(CaseworkError, match="no consent to say this: country"):
        issue_letter(letter, organiser, because="It cannot wait.")


def test_without_a_changed_name_a_public_draft_asks_for_a_name_and_prints_none(case, organiser):
    letter = draft_letter(case, "press-line", organiser)
    assert letter.blocks["subject"].startswith("[the person’s name]")


def test_postcards_are_for_the_mp_of_whoever_writes_them(case, organiser, leeds_south):
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    with pytest.raises(CaseworkError, match="Choose the MP"):
        draft_letter(case, "postcards", organiser)
    letter = draft_letter(case, "postcards", organiser, gss_code=leeds_south)
    issue_letter(letter, organiser, because="She chose the words.")
    assert letter.pages == 1


def test_the_person_can_take_it_back_whatever_is_on_record(organiser):
    case = make_case(organiser, name="Alex")
    letter = draft_letter(case, "withdrawal-notice", organiser)
    issue_letter(letter, organiser)
    assert letter.pages == 1


def test_what_a_minister_holds_is_asked_back_at_the_home_office(case, organiser):
    agree(case, organiser, Level.SUPPORTERS, Kind.NAME, Kind.PLACE_OF_DETENTION)
    letter = draft_letter(case, "supporter-to-minister", organiser, gss_code=a_minister().gss_code)
    issue_letter(finished(letter, organiser, minister_checked="Ruth, today"), organiser)
    letter_life.mark_sent(letter, "post", clock.today(), organiser)
    agree(case, organiser, Level.OFFICES)
    (paper,) = recall.beyond(case).gone_out
    (holder,) = paper.holders
    assert (holder.what, holder.gss_code) == (a_minister().post, None)
    assert holder.lines[1] == "Home Office"


def test_cards_are_asked_back_from_the_mp_and_from_whoever_was_given_one(case, organiser, leeds_south):
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    card = draft_letter(case, "postcards", organiser, gss_code=leeds_south)
    issue_letter(card, organiser, because="She chose the words.")
    letter_life.mark_sent(card, "hand", clock.today(), organiser)
    agree(case, organiser, Level.OFFICES)
    (paper,) = recall.beyond(case).gone_out
    assert paper.holders[0].what == "MP for Leeds South"
    assert "whoever was given it" in paper.holders[1].what


def test_a_card_that_runs_over_its_quarter_is_not_issued_and_so_never_cut_off(case, organiser, leeds_south):
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    letter = draft_letter(case, "postcards", organiser, gss_code=leeds_south)
    letter.blocks = {**letter.blocks, "worth": "She is a good neighbour to all of us. " * 30}
    with pytest.raises(CaseworkError, match="too long"):
        issue_letter(letter, organiser, because="She chose the words.")
    assert letter.issued_at is None


def test_a_member_chosen_on_the_way_to_a_paper_that_goes_to_none_is_not_kept(case, organiser, leeds_south):
    assert draft_letter(case, "question-to-lawyer", organiser, gss_code=leeds_south).gss_code is None
    assert draft_letter(case, "press-line", organiser, gss_code=leeds_south).member_name is None


@pytest.mark.parametrize(
    "key", ["supporter-to-own-mp", "friend-at-former-home", "supporter-to-minister", "letter-of-support"]
)
def test_the_words_for_supporters_leave_out_where_the_person_is_held(case, organiser, leeds_south, key):
    agree(case, organiser, Level.SUPPORTERS, Kind.NAME)
    seat = a_minister().gss_code if key == "supporter-to-minister" else leeds_south
    letter = draft_letter(case, key, organiser, gss_code=seat)
    assert "detained" in " ".join(letter.blocks.values())
    assert letter_pages.taken_out(letter) == frozenset()


def test_a_public_paper_is_asked_back_from_whoever_was_given_it(case, organiser):
    agree(case, organiser, Level.CHANGED_NAME, changed_name="Leila")
    draft = finished(draft_letter(case, "press-line", organiser), organiser)
    letter = issue_letter(draft, organiser, because="she read it on the phone")
    given = {"given_to": "Alex Reporter", "copies": "1"}
    letter_life.mark_sent(letter, "hand", clock.today(), organiser, given=given)
    agree(case, organiser, Level.OFFICES)
    (paper,) = recall.beyond(case).gone_out
    assert [holder.name for holder in paper.holders] == ["Alex Reporter"]


def test_thanks_speak_of_a_lawyer_only_where_one_is_known(case, organiser):
    case.representative_name = case.representative_firm = None
    seat = case.places[0].gss_code
    assert "lawyer" not in draft_letter(case, "member-thanks", organiser, gss_code=seat).blocks["can"]
    case.representative_name = "Imran Qureshi"
    assert "lawyer" in draft_letter(case, "member-thanks", organiser, gss_code=seat).blocks["can"]
