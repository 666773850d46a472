"""What the person can see of themselves, and the link at which they read it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from casework import clock
from casework.domain.case.places import PLACE_WORDS
from casework.domain.consent.own_view import RIGHTS
from casework.domain.consent.publicity import Kind, Level
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.correspondence import ResponseKind
from casework.domain.timing.diary import DiaryEntry
from casework.services.campaign import call_rounds, calls, stopping, supporter_list, supporters
from casework.services.campaign.call_rounds import NewRound
from casework.services.campaign.supporter_list import Wanted
from casework.services.consent import campaign_consent, consent, own_view_links, subject_access
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.consent.own_view import SAID
from casework.services.language import languages
from casework.services.letters import correspondence, letter_pages, letters
from casework.services.letters.correspondence import NewPaper
from casework.services.safety import audit
from casework.services.safety.tries import TooManyTries
from casework.services.timing import deadlines, diary
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, OwnViewLink, User
from tests.factories import add_note, detained_at, home, make_case, make_user
from tests.supporters import agree_to, signed_up

HERE = "192.0.2.7"


@pytest.fixture
def case(app, organiser):
    """Samira, of whom something of each sort is held."""
    case = make_case(organiser, home(), detained_at(), name="Samira", official_name="Samira Ahmadi")
    supporters.add_supporter(
        case, organiser, name="Łukasz Hughes", postcode="S1 2HH", address="2 Row\nSheffield"
    )
    add_note(case, "Her cousin rang.", organiser)
    return case


def said(rows) -> str:
    return "\n".join(f"{row.group} | {row.label} | {row.value}" for row in rows)


def test_the_view_holds_the_values_themselves(case):
    held = said(letter_pages.own_view_of(case).held)
    assert "About you | Full name, as the Home Office has it | Samira Ahmadi" in held
    assert "1 Invented Street, Leeds" in held
    assert "LS11 0ES" in held
    assert "Place of detention | Yarl" in held


def test_every_fixed_text_of_it_is_one_of_the_papers_languages(case, organiser):
    case.limits_on_mps, case.asked_about_mps_on, case.agreed_to_mps = (
        "Nothing of my brother",
        clock.today(),
        True,
    )
    campaign_consent.record(
        case, NewCampaignConsent(clock.today(), Level.OFFICES, "Ruth Ellery", "signature"), organiser
    )
    view, french = letter_pages.own_view_of(case), languages.get_catalogue("fr")
    values = {"What has happened", "Dates that we watch"}
    named = {one.label for one in (*view.held, *view.agreed) if one.group not in values}
    named |= {words.partition(":")[0].partition(",")[0] for words in PLACE_WORDS.values()}
    fixed = {one.group for one in (*view.held, *view.agreed)} | named | set(RIGHTS)
    assert {one for one in fixed if "own-view" not in french.text(one).papers} == {
        spoken(clock.today(), weekday=True)  # the label of what was said on that day
    }


def test_of_notes_and_supporters_it_says_how_many_and_nobody_else_is_named(case):
    view = letter_pages.own_view_of(case)
    everything = said((*view.held, *view.agreed, *view.went, *view.looked))
    assert "Our own notes | 1 note: ask, and we read them with you" in everything
    assert "Supporters who offered to write | 0 of 1 person on the list" in everything
    assert "cousin" not in everything
    assert "Hughes" not in everything


def test_it_says_what_was_agreed_and_what_is_over(case, organiser):
    assert letter_pages.own_view_of(case).agreed == ()
    first = NewCampaignConsent(
        clock.today() - timedelta(9), Level.SUPPORTERS, "Ruth Ellery", "signature", items=(Kind.NAME,)
    )
    campaign_consent.record(case, first, organiser)
    less = NewCampaignConsent(clock.today(), Level.OFFICES, "Ruth Ellery", "signature")
    campaign_consent.record(case, less, organiser)
    agreed = said(letter_pages.own_view_of(case).agreed)
    assert "Who may know | Also your MP’s office and the Home Office (level 1)" in agreed
    assert agreed.count("| Today | in force\n") == 1
    assert agreed.count("| Today | not in force any more") == 1


def test_of_two_papers_that_say_the_same_the_newer_is_in_force(case, organiser):
    same = NewCampaignConsent(clock.today(), Level.SUPPORTERS, "Ruth", "signature")
    older = campaign_consent.record(case, same, organiser)
    newer = campaign_consent.record(case, same, organiser)
    assert newer.id != older.id
    assert campaign_consent.in_force_id(case, clock.today()) == newer.id
    agreed = said(letter_pages.own_view_of(case).agreed)
    assert agreed.count("| Today | in force\n") == 1


def test_it_speaks_to_the_person_and_not_about_them(case, organiser):
    paper = consent.NewAuthority(signed_on=clock.today(), scope=("ask", "file", "place"))
    consent.record_authority(case, paper, organiser)
    yes = NewCampaignConsent(
        clock.today(), Level.SUPPORTERS, "Ruth", "signature", items=(Kind.COUNTRY, Kind.PLACE_OF_DETENTION)
    )
    campaign_consent.record(case, yes, organiser)
    agreed = said(letter_pages.own_view_of(case).agreed)
    assert "ask the Home Office about you; speak to the place where you are held; ask for your file" in agreed
    assert "Country you come from; Place where you are held" in agreed


def test_it_says_what_went_to_whom_and_when(case, organiser):
    friend = signed_up(case)[0].supporter
    consent = NewCampaignConsent(
        clock.today(), Level.SUPPORTERS, "Ruth", "signature", items=(Kind.NAME, Kind.PLACE_OF_DETENTION)
    )
    campaign_consent.record(case, consent, organiser)
    letter = letters.draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    assert letter_pages.own_view_of(case).went == ()
    blocks = {
        name: "She sings with us in the choir." if "[" in text else text
        for name, text in letter.blocks.items()
    }
    letters.save_draft(letter, blocks, letter.facts, letter.version, organiser)
    letters.issue_letter(letter, organiser, because="She asked.")
    (line,) = letter_pages.own_view_of(case).went
    assert line.label.endswith(str(clock.today().year))
    assert f"to {letter.member_name}; signed by Łukasz Hughes; it tells: " in line.value
    assert "name" in line.value


def test_it_names_everybody_in_the_trail_with_the_days(case, organiser):
    idris = make_user(name="Idris Vane")
    audit.record_look(idris, case, "cases.show")
    looked = letter_pages.own_view_of(case).looked
    assert [line.label for line in looked] == ["Idris, organiser", "Ruth, organiser"]
    day = spoken(clock.today(), weekday=True)
    assert [line.value for line in looked] == [f"looked on {day}", f"changed something on {day}"]


def test_whoever_made_a_copy_took_a_list_out_or_read_a_number_is_not_said_to_have_changed_something(
    case, organiser
):
    day = spoken(clock.today(), weekday=True)
    callers = [make_user(name=name) for name in ("Ben Okri", "Idris Vane")]
    subject_access.make_zip(case, None, encrypted=False, signed="whoever sits at the machine")
    supporter_list.as_csv(case, Wanted(), callers[1])
    (sign_up,) = signed_up(case)
    sign_up.reached_by, sign_up.supporter.phone = ["call"], "0113 496 0000"
    agree_to(case, organiser, Level.SUPPORTERS, Kind.NAME)
    calls.take(call_rounds.make(case, NewRound("Please come on Friday."), organiser), callers[0])
    looked = {line.label: line.value for line in letter_pages.own_view_of(case).looked}
    assert looked["whoever sits at the machine"] == f"made your copy on {day}"
    assert looked["Idris, organiser"] == f"took out a file on {day}"
    assert looked["Ben, organiser"] == f"looked on {day}"


def test_every_line_that_it_says_in_other_words_is_one_that_is_written():
    sources = [path for path in Path("casework").rglob("*.py") if not path.match("consent/own_view.py")]
    written = "\n".join(path.read_text("utf-8") for path in sources)
    assert [action for action in SAID if f'"{action}"' not in written] == []


def test_a_supporter_who_stopped_by_their_link_is_not_taken_for_the_person(case, organiser):
    stopping.stop_by_link(signed_up(case)[0].supporter, None)
    labels = [line.label for line in letter_pages.own_view_of(case).looked]
    assert "Whoever had a supporter’s link" in labels
    assert not any(label.startswith("You,") for label in labels)


def test_it_gives_no_whole_name_of_the_team_away_and_tells_two_of_one_name_apart(case, organiser):
    for name in ("Ruth Vane", "Idris Vane"):
        audit.record_look(make_user(name=name), case, "cases.show")
    looked = letter_pages.own_view_of(case).looked
    assert [line.label for line in looked] == ["Idris, organiser", "Ruth V., organiser", "Ruth E., organiser"]


def test_the_paper_holds_what_the_page_holds(case, organiser):
    letter = letters.draft_letter(case, "own-view", organiser)
    text = " ".join(letter_pages.text_of(letter).split())
    for line in letter_pages.own_view_of(case).held:
        assert " ".join(line.value.split()) in text.replace("\u2068", "").replace("\u2069", "")
    issued = letters.issue_letter(letter, organiser)
    assert letters.issued_pdf(issued).startswith(b"%PDF")


def test_the_paper_is_in_the_first_language_that_the_person_speaks_beside_english(case, organiser):
    case.languages = "Tigrinya, some English"
    letter = letters.draft_letter(case, "own-view", organiser)
    text, said = letter_pages.text_of(letter), languages.get_catalogue("ti").text
    for english in ("What we keep about you", "Nationality", "Nobody yet."):
        assert said(english).said
    assert said("What you agreed to").said in text
    assert "Samira Ahmadi" in text
    with pytest.raises(NotFound, match="no form"):
        letter_pages.to_fill_in(letter)


def test_no_other_paper_is_given_the_view(case, organiser):
    letter = letters.draft_letter(case, "form-of-authority", organiser)
    assert letter_pages.values_of(letter).own_held == ()


def test_a_link_is_read_as_often_as_they_like_until_it_is_too_old(case, organiser, monkeypatch):
    token = own_view_links.make(case, 3, organiser)
    for _ in range(40):
        assert own_view_links.read(token, HERE) is case
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(NotFound, match="has ended"):
        own_view_links.read(token, HERE)


def test_only_a_hash_of_it_is_kept_and_making_and_reading_stand_in_the_trail(case, organiser):
    token = own_view_links.make(case, 3, organiser)
    own_view_links.read(token, HERE)
    link = db.session.scalar(db.select(OwnViewLink))
    assert token not in (link.token_hash, str(link.id))
    rows = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.case_id == case.id).order_by(AuditEvent.id)
    ).all()
    assert [(row.action, row.user_name) for row in rows[-2:]] == [
        ("own view: link made", "Ruth Ellery"),
        ("own view: read by its link", "Whoever had the link"),
    ]
    assert token not in str([row.facts for row in rows])


def test_a_new_link_and_a_stop_end_the_one_before(case, organiser):
    first = own_view_links.make(case, 3, organiser)
    second = own_view_links.make(case, 3, organiser)
    with pytest.raises(NotFound):
        own_view_links.read(first, HERE)
    own_view_links.stop(case, organiser)
    with pytest.raises(NotFound):
        own_view_links.read(second, HERE)


def test_a_link_lasts_only_as_long_as_is_offered(case, organiser):
    with pytest.raises(CaseworkError, match="how long"):
        own_view_links.make(case, 365, organiser)


def test_many_wrong_links_from_one_address_have_to_wait_and_others_do_not(case, organiser):
    token = own_view_links.make(case, 3, organiser)
    for number in range(30):
        with pytest.raises(NotFound):
            own_view_links.read(f"wrong{number}", HERE)
    with pytest.raises(TooManyTries, match="open the link again"):
        own_view_links.read(token, HERE)
    assert own_view_links.read(token, "192.0.2.8") is case


def notice_that_gives(case: Case, stated_on: date, actor: User) -> DiaryEntry:
    """The date of a removal notice handed over today, whose paper gives this day."""
    notice = NewPaper(
        PaperKind.HOME_OFFICE_RESPONSE, ResponseKind.REMOVAL_NOTICE, dated=clock.today(),
        received_on=clock.today(), received_how="hand", stated_on=stated_on,
    )  # fmt: skip
    correspondence.record_paper(case, notice, actor)
    (entry,) = [one for one in diary.open_entries_of(case) if one.is_removal]
    return entry


def test_of_a_removal_it_says_the_first_day_on_which_they_may_act_and_what_the_paper_gives(case, organiser):
    given = clock.today() + timedelta(days=30)
    entry = notice_that_gives(case, given, organiser)
    first, last = spoken(entry.aim, weekday=True), spoken(given, weekday=True)
    held = said(letter_pages.own_view_of(case).held)
    assert f"they may act from {first}; the paper gives {last}" in held


def test_of_a_removal_that_the_paper_gives_sooner_than_we_counted_it_says_both_days(case, organiser):
    given = clock.today() + timedelta(days=1)
    entry = notice_that_gives(case, given, organiser)
    first, ours = spoken(given, weekday=True), spoken(entry.earliest_on, weekday=True)
    held = said(letter_pages.own_view_of(case).held)
    assert f"they may act from {first}; the paper gives {first}, and we counted {ours}" in held
    assert "Leaves" not in held


def test_of_a_recovery_period_it_says_that_it_may_end_later(case, organiser):
    deadlines.record_deadline(case, "nrm_recovery_period", clock.today(), None, organiser)
    held = said(letter_pages.own_view_of(case).held)
    assert "unless the conclusive decision comes later, they may act from" in held


def test_of_a_limit_it_says_the_day_to_aim_for_and_the_last_moment(case, organiser):
    sent = clock.today() - timedelta(days=2)
    refusal = NewPaper(
        PaperKind.HOME_OFFICE_RESPONSE, ResponseKind.REFUSAL, remedy="appeal", dated=sent, sent_on=sent,
        received_on=sent, received_how="email",
    )  # fmt: skip
    correspondence.record_paper(case, refusal, organiser)
    assert re.search(
        r"we aim for \w+day .*; the last moment is \w+day ", said(letter_pages.own_view_of(case).held)
    )
