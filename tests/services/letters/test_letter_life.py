"""The life of a letter: read, issued, sent, answered, void, and a mistake taken back."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework import clock
from casework.domain.case.tasks import TaskState
from casework.domain.consent.publicity import Audience, Level
from casework.domain.consent.publicity import Kind as ConsentKind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.domain.letters.packs import PackKind
from casework.domain.timing.diary import DiaryEntry
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.case.tasks import tasks_of
from casework.services.consent import campaign_consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import correspondence, letter_checks, letter_life, letter_pages, letters, packs
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.letter_prints import print_letter
from casework.services.letters.letters import draft_letter, issue_letter, save_draft
from casework.services.parliament import members
from casework.services.safety import audit
from casework.services.timing import board, deadlines, diary, digest, feeds
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, Correspondence, Deadline, Letter, User
from tests.factories import detained_at, home, make_case

BEFORE_YESTERDAY = timedelta(days=2)
REACHES_THE_OFFICES = NewCampaignConsent(
    given_on=clock.today(),
    level=Level.SUPPORTERS,
    explained_by="Ruth Ellery",
    how_given="signature",
    items=(ConsentKind.NAME,),
)


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, of Leeds, held at Yarl's Wood, who writes to her own MP herself."""
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    return case


@pytest.fixture
def draft(case, organiser) -> Letter:
    """Her first letter, with every gap filled in."""
    return filled(case, organiser)


def filled(case: Case, actor: User) -> Letter:
    letter = draft_letter(case, "home-mp-first-contact", actor, gss_code=case.places[0].gss_code)
    words = {name: text.replace("[", "").replace("]", "") for name, text in letter.blocks.items()}
    save_draft(letter, words, {"sender_address": "1 Invented Street\nLeeds"}, letter.version, actor)
    return letter


def issued_days_ago(letter: Letter, actor: User, days: int, monkeypatch) -> Letter:
    then = clock.now() - timedelta(days=days)
    with monkeypatch.context() as earlier:
        earlier.setattr(clock, "now", lambda: then)
        return issue_letter(letter, actor)


def chase_of(letter: Letter) -> Deadline:
    paper = letters.paper_of(letter)
    return db.session.scalar(select(Deadline).where(Deadline.correspondence_id == paper.id))


def undo(letter: Letter, what: str, actor: User, was: object = None) -> None:
    letter_life.take_back(letter, {"what": what, "was": was, "version": letter.version}, actor)


def done(letter: Letter) -> list[str]:
    return [step.key for step in letter_life.steps(letter) if step.done]


def test_a_reading_counts_for_the_words_that_were_read_and_for_no_others(draft, organiser):
    today = clock.today()
    letter_life.record_reading(draft, "lawyer", "Imran Qureshi", today, draft.version, organiser)
    assert letter_life.is_read(draft)
    assert done(draft) == ["drafted", "read"]
    save_draft(draft, {**draft.blocks, "worth": "She is missed."}, {}, draft.version, organiser)
    assert not letter_life.is_read(draft)
    said = next(step for step in letter_life.steps(draft) if step.key == "read").said[0]
    assert said.startswith("An earlier draft was read by Imran Qureshi, their lawyer")
    letter_life.record_reading(draft, "person", None, today, draft.version, organiser)
    assert [one.name for one in draft.readings] == ["Imran Qureshi", "Samira"]
    assert letter_life.is_read(draft)


def test_a_draft_says_the_same_to_the_end_of_a_look_although_its_case_changes_meanwhile(
    case, draft, organiser
):
    beside = filled(case, organiser)
    with letter_pages.standing_still(draft):
        case.name_used = "Amina"
        assert letter_pages.values_of(draft).person.name == "Samira"
        assert letter_pages.sayable(draft).values.person.name == "Samira"
        assert letter_pages.values_of(beside).person.name == "Amina"
    assert letter_pages.values_of(draft).person.name == "Amina"


def test_a_form_without_words_of_ours_is_not_to_be_read_first(case, organiser):
    form = draft_letter(case, "form-of-authority", organiser)
    assert [step.key for step in letter_life.steps(form)] == ["drafted", "issued", "sent"]
    assert letter_life.is_read(form)


def test_a_reading_is_not_kept_for_words_that_were_changed_meanwhile(draft, organiser):
    seen = draft.version
    save_draft(draft, {**draft.blocks, "worth": "Other words."}, {}, seen, organiser)
    with pytest.raises(OutOfDate, match="changed meanwhile"):
        letter_life.record_reading(draft, "person", None, clock.today(), seen, organiser)


@pytest.mark.parametrize(
    ("who", "name", "days", "field"),
    [("neighbour", "Ada", 0, "who"), ("lawyer", None, 0, "name"), ("person", None, 1, "read_on")],
)
def test_a_reading_that_cannot_be_is_refused_at_its_field(draft, organiser, who, name, days, field):
    on = clock.today() + timedelta(days=days)
    with pytest.raises(CaseworkError) as refused:
        letter_life.record_reading(draft, who, name, on, draft.version, organiser)
    assert refused.value.field == field


def test_the_day_to_ring_the_office_is_counted_from_the_day_the_letter_went(draft, organiser, monkeypatch):
    letter = issued_days_ago(draft, organiser, 5, monkeypatch)
    first = chase_of(letter).last_on
    went = clock.today() - BEFORE_YESTERDAY
    letter_life.mark_sent(letter, "post", went, organiser)
    assert letters.paper_of(letter).sent_on == went
    assert chase_of(letter).event_on == went
    assert chase_of(letter).last_on > first
    assert done(letter) == ["drafted", "issued", "sent"]


@pytest.mark.parametrize(
    ("days_ago", "how", "field"), [(9, "post", "sent_on"), (-1, "post", "sent_on"), (1, "x", "sent_how")]
)
def test_a_letter_goes_out_between_the_day_it_is_issued_and_today(
    draft, organiser, monkeypatch, days_ago, how, field
):
    letter = issued_days_ago(draft, organiser, 5, monkeypatch)
    with pytest.raises(CaseworkError) as refused:
        letter_life.mark_sent(letter, how, clock.today() - timedelta(days=days_ago), organiser)
    assert refused.value.field == field


def test_a_letter_cannot_have_gone_after_its_answer_came(draft, organiser, monkeypatch):
    letter = issued_days_ago(draft, organiser, 5, monkeypatch)
    day = clock.today() - timedelta(days=3)
    answer = NewPaper(
        Kind.MEMBER_TO_US, gss_code=letter.gss_code, received_on=day, answers_id=letters.paper_of(letter).id
    )
    correspondence.record_paper(letter.case, answer, organiser)
    assert "answered" in done(letter)
    with pytest.raises(CaseworkError, match="Its answer came before this day"):
        letter_life.mark_sent(letter, "post", clock.today(), organiser)


def test_a_draft_can_be_neither_sent_nor_made_void(draft, organiser):
    with pytest.raises(CaseworkError, match="Issue it first"):
        letter_life.mark_sent(draft, "post", clock.today(), organiser)
    with pytest.raises(CaseworkError, match="Issue it first"):
        letter_life.void_letter(draft, "A mistake", organiser)


def test_a_void_letter_stays_byte_for_byte_and_nothing_is_waited_for(draft, organiser):
    letter = issue_letter(draft, organiser)
    before = letters.issued_pdf(letter)
    with pytest.raises(CaseworkError, match="Say why"):
        letter_life.void_letter(letter, None, organiser)
    letter_life.void_letter(letter, "The date is wrong.", organiser)
    assert letters.issued_pdf(letter) == before
    assert chase_of(letter).settled_how == letter_life.VOIDED
    assert correspondence.chain_of(letters.paper_of(letter)).waiting == ()
    assert "(void)" in correspondence.as_paper(letters.paper_of(letter)).words
    with pytest.raises(OutOfDate):
        letter_life.mark_sent(letter, "post", clock.today(), organiser)
    with pytest.raises(OutOfDate):
        letter_life.void_letter(letter, "Twice", organiser)


def test_a_void_letter_is_not_said_to_have_been_written(case, draft, organiser):
    there = case.places[1].gss_code
    issue_letter(draft, organiser)
    assert "We wrote to" in draft_letter(case, "detention-mp", organiser, gss_code=there).blocks["obstacle"]
    letter_life.void_letter(draft, "The date is wrong.", organiser)
    obstacle = draft_letter(case, "detention-mp", organiser, gss_code=there).blocks["obstacle"]
    assert "[when we wrote to " in obstacle


def test_the_terminal_prints_no_void_letter(case, draft, organiser):
    letter = issue_letter(draft, organiser)
    letter_life.void_letter(letter, "The name is wrong.", organiser)
    printed = print_letter(letter.template, case.reference, None, with_gaps=True)
    assert printed.words != "as it was issued"


def test_what_was_made_void_before_it_went_is_in_nobody_s_hands(draft, organiser):
    letter = issue_letter(draft, organiser)
    assert letter.may_have_gone_out
    letter_life.void_letter(letter, "The date is wrong.", organiser)
    assert not letter.may_have_gone_out
    undo(letter, "void", organiser)
    letter_life.mark_sent(letter, "hand", clock.today(), organiser)
    letter_life.void_letter(letter, "The date is wrong.", organiser)
    assert letter.may_have_gone_out


def test_an_issue_that_is_undone_leaves_the_draft_and_no_entry_in_the_file(case, draft, organiser):
    blocks, facts, dates = dict(draft.blocks), dict(draft.facts), deadlines.for_case(case)
    first = issue_letter(draft, organiser).sha256
    undo(draft, "issued", organiser)
    assert (draft.issued_at, draft.sha256, draft.pages) == (None, None, None)
    assert (draft.blocks, draft.facts) == (blocks, facts)
    assert db.session.scalar(select(func.count()).select_from(Correspondence)) == 0
    assert deadlines.for_case(case) == dates
    assert issue_letter(draft, organiser).sha256 == first
    assert len(deadlines.for_case(case)) == len(dates) + 1


def test_what_they_wrote_to_their_mp_themselves_stands_among_what_went_out(case, draft, organiser):
    letter = issue_letter(draft, organiser)
    said = letter_pages.own_view_of(case).went[0].value
    assert "First letter to the home MP" in said
    assert said.endswith("nobody wrote down whether it went")
    letter_life.mark_sent(letter, "post", clock.today(), organiser)
    assert "nobody wrote down" not in letter_pages.own_view_of(case).went[0].value


def test_the_undone_issue_of_a_correction_opens_the_chasing_of_the_first_again(draft, organiser):
    first = issue_letter(draft, organiser)
    second = letters.correct_letter(first, organiser)
    issue_letter(second, organiser)
    assert chase_of(first).settled_on
    undo(second, "issued", organiser)
    assert chase_of(first).settled_on is None


def test_an_issue_is_not_undone_when_somebody_went_on_from_it(case, draft, organiser):
    letter = issue_letter(draft, organiser)
    offered = letter.version
    letter_life.mark_sent(letter, "post", clock.today(), organiser)
    with pytest.raises(OutOfDate, match="went on from it"):
        letter_life.take_back(letter, {"what": "issued", "version": offered}, organiser)
    other = issue_letter(filled(case, organiser), organiser)
    letters.correct_letter(other, organiser)
    with pytest.raises(OutOfDate, match="went on from it"):
        undo(other, "issued", organiser)


def test_an_issue_is_not_undone_when_its_day_to_ring_was_taken_up(draft, organiser):
    letter = issue_letter(draft, organiser)
    chase_of(letter).owner_id = organiser.id
    db.session.commit()
    with pytest.raises(OutOfDate):
        undo(letter, "issued", organiser)
    assert letter.issued_at


@pytest.mark.parametrize("page", letter_life.DOWNLOADS)
def test_an_issue_is_not_undone_when_somebody_may_have_it_on_paper(app, draft, organiser, page):
    assert page in app.view_functions
    letter = issue_letter(draft, organiser)
    audit.record_look(organiser, letter.case, page)
    with pytest.raises(OutOfDate, match="Make it void instead"):
        undo(letter, "issued", organiser)


def test_an_issue_is_not_undone_when_it_was_bound_into_a_pack(case, draft, organiser):
    letter = issue_letter(draft, organiser)
    packs.make(case, PackKind.PACK, Audience.LAWYER, "Hers", [f"letter_{letter.id}"], organiser)
    with pytest.raises(OutOfDate, match="Make it void instead"):
        undo(letter, "issued", organiser)


def test_a_letter_printed_at_the_machine_is_not_undone_and_a_void_one_is_not_printed(case, draft, organiser):
    letter = issue_letter(draft, organiser)
    print_letter(letter.template, case.reference, None)
    with pytest.raises(OutOfDate, match="Make it void instead"):
        undo(letter, "issued", organiser)
    letter_life.void_letter(letter, "The date is wrong.", organiser)
    assert print_letter(letter.template, case.reference, None, with_gaps=True).words != "as it was issued"


def test_what_was_said_of_how_it_went_is_put_back_as_it_was(draft, organiser, monkeypatch):
    letter = issued_days_ago(draft, organiser, 5, monkeypatch)
    went = clock.today() - BEFORE_YESTERDAY
    letter_life.mark_sent(letter, "post", went, organiser)
    letter_life.mark_sent(letter, "hand", clock.today(), organiser)
    undo(letter, "sent", organiser, [went.isoformat(), "post"])
    assert (letter.sent_on, letter.sent_how, chase_of(letter).event_on) == (went, "post", went)
    undo(letter, "sent", organiser)
    assert (letter.sent_on, letter.sent_how) == (None, None)
    assert chase_of(letter).event_on == clock.today() - timedelta(days=5)


def test_a_void_that_is_undone_is_waited_for_again(draft, organiser):
    letter = issue_letter(draft, organiser)
    letter_life.void_letter(letter, "A mistake", organiser)
    undo(letter, "void", organiser)
    assert chase_of(letter).settled_on is None
    assert letter.voided_because is None


def test_a_draft_that_was_thrown_away_comes_back_with_its_words(case, draft, organiser):
    blocks = dict(draft.blocks)
    letters.discard_draft(draft, organiser)
    undo(draft, "discarded", organiser)
    assert letters.get_letter(case, draft.id).blocks == blocks


def test_a_reading_kept_by_mistake_is_gone(draft, organiser):
    row = letter_life.record_reading(draft, "person", None, clock.today(), draft.version, organiser)
    undo(draft, "read", organiser, row.id)
    assert draft.readings == []


def test_nothing_of_another_case_and_nothing_unknown_is_undone(draft, organiser):
    other = make_case(organiser, name="Somebody else")
    with pytest.raises(NotFound):
        letters.get_letter(other, draft.id, even_gone=True)
    with pytest.raises(OutOfDate):
        undo(draft, "everything", organiser)


def test_the_trail_keeps_each_step_and_no_word_of_the_letter(case, draft, organiser):
    letter_life.record_reading(draft, "lawyer", "Imran Qureshi", clock.today(), draft.version, organiser)
    letter = issue_letter(draft, organiser)
    letter_life.mark_sent(letter, "post", clock.today(), organiser)
    letter_life.void_letter(letter, "The date is wrong.", organiser)
    undo(letter, "void", organiser)
    lines = list(db.session.scalars(select(AuditEvent).where(AuditEvent.case_id == case.id)))
    assert {"draft read", "letter sent", "letter made void", "undone"} <= {line.action for line in lines}
    assert not [line for line in lines if "Imran" in str(line.facts) or "wrong" in str(line.facts)]


def test_nobody_is_rung_about_a_letter_on_the_day_on_which_it_was_posted(draft, organiser):
    letter = issue_letter(draft, organiser)
    today = clock.today()
    assert chase_of(letter).last_on == today
    letter_life.mark_sent(letter, "post", today, organiser)
    assert chase_of(letter).last_on > today
    letter_life.mark_sent(letter, "email", today, organiser)
    assert chase_of(letter).last_on == today


def test_a_first_letter_says_that_it_comes_too_late_for_somebody_who_is_detained(draft, organiser):
    assert "detained" in letter_checks.too_late_for(draft)
    free = make_case(organiser, home(), name="Daniel")
    assert letter_checks.too_late_for(filled(free, organiser)) == ""


def test_a_letter_that_was_only_issued_waits_to_be_sent_and_for_no_answer(case, draft, organiser):
    issue_letter(draft, organiser, because="It cannot wait.")
    today = clock.today()

    def lines() -> list[str]:
        who = members.who_can_act(case, today)
        found = tasks_of(case, today, who, letters.list_letters(case))
        return [task.what for task in found if task.state is not TaskState.DONE]

    to_send = f"Print, sign and send the letter to {draft.member_name}"
    assert to_send in lines()
    assert "The answer to our letter" not in lines()
    due = [entry.title for entry in diary.open_entries_of(case)]
    assert f"Print, sign and send the letter, then ring: {draft.member_name}" in due
    letter_life.mark_sent(draft, "post", today, organiser)
    assert to_send not in lines()
    assert "The answer to our letter" in lines()
    assert f"Chase the MP's office: {draft.member_name}" in [one.title for one in diary.open_entries_of(case)]


def says(case: Case, actor: User) -> dict[str, list[str]]:
    """What each list that speaks of letters says of them, with the reason where it stands beside."""
    today = clock.today()
    who = members.who_can_act(case, today)
    found = [
        task
        for task in tasks_of(case, today, who, letters.list_letters(case))
        if task.key in ("to_send", "letter") and task.state is not TaskState.DONE
    ]
    only_chases = {"rule_key": diary.CHASE_RULE}
    feed = feeds.read(feeds.make(actor, None)).decode().replace("\r\n ", "")
    return {
        "tasks": [f"{task.what}: {task.words} {task.why}" for task in found],
        "case": titles(diary.open_entries_of(case), **only_chases),
        "today": titles(digest.digest_for(actor).due_today, **only_chases),
        "board": titles(board.board(actor).dates, **only_chases),
        "calendar": re.findall(r"SUMMARY:(.*(?:[Ss]end|Chase).*)\r", feed),
    }


def titles(entries: Iterable[DiaryEntry], rule_key: str) -> list[str]:
    return [entry.title for entry in entries if entry.rule_key == rule_key]


def test_after_a_no_to_mps_every_list_says_that_the_letter_is_not_sent_and_why(case, draft, organiser):
    """A campaign consent that reaches the offices counts on, and the no is said all the same."""
    campaign_consent.record(case, REACHES_THE_OFFICES, organiser)
    issue_letter(draft, organiser, because="It cannot wait.")
    before = says(case, organiser)
    assert "Print, sign and send" in before["tasks"][0]
    assert "Print, sign and send" in before["board"][0]
    assert "Chase" in before["calendar"][0]
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    now = says(case, organiser)
    line = f"Do not send the letter to {draft.member_name}: they said no to MPs, or not yet"
    assert now["tasks"] == [f"{line} Make it void, so that nobody sends it. If it is on paper, destroy it."]
    assert now["case"] == now["today"] == now["board"] == [line]
    assert now["calendar"] == ["Send nothing and do not ring"]
    letter_life.void_letter(draft, "They said no.", organiser)
    assert set(map(tuple, says(case, organiser).values())) == {()}


def test_nobody_is_told_to_ring_about_a_letter_that_had_gone_before_the_no(case, draft, organiser):
    issue_letter(draft, organiser, because="It cannot wait.")
    letter_life.mark_sent(draft, "email", clock.today(), organiser)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    now = says(case, organiser)
    line = f"Do not ring the office of {draft.member_name}: they said no to MPs, or not yet"
    assert now["case"] == now["today"] == now["board"] == [line]
    (task,) = now["tasks"]
    assert task.endswith("Do not ring or write about it: they said no to MPs, or not yet.")
    assert draft.member_name in deadlines.started_by(letters.paper_of(draft))[0].title
    assert "Do not ring" in deadlines.started_by(letters.paper_of(draft))[0].title


def test_a_letter_that_tells_more_than_is_agreed_to_since_is_not_sent(case, organiser):
    """Nothing was said of MPs: less was agreed to of what supporters may tell."""
    campaign_consent.record(case, REACHES_THE_OFFICES, organiser)
    friend = supporters.add_supporter(
        case, organiser, name="Chidi Dale", address="7 Row", postcode="LS11 8PG"
    )
    letter = draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    words = {
        name: "She helped me to learn English when I came to Leeds." if "[" in text else text
        for name, text in letter.blocks.items()
    }
    save_draft(letter, words, letter.facts, letter.version, organiser)
    issue_letter(letter, organiser, because="It cannot wait.")
    campaign_consent.record(case, replace(REACHES_THE_OFFICES, level=Level.OFFICES), organiser)
    now = says(case, organiser)
    line = f"Do not send the letter to {letter.member_name}: they have agreed to less since"
    assert now["case"] == now["today"] == now["board"] == [line]
    assert now["tasks"][0].startswith(line)


def test_of_many_letters_that_may_not_go_one_line_says_so(case, organiser):
    for _ in range(4):
        issue_letter(filled(case, organiser), organiser, because="It cannot wait.")
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    assert not says(case, organiser)["tasks"]
    found = tasks_of(case, clock.today(), members.who_can_act(case, clock.today()), [])
    assert [task.what for task in found if "send" in task.what] == ["Do not send 4 letters"]
