"""When the person agrees to less: what stops, what went out before, who holds it, and the letters that ask it back."""

from contextvars import copy_context
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import event

from casework import clock
from casework.domain.campaign.messages import Kind as Sort
from casework.domain.campaign.messages import Means, ToWhom
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import ITEMS, Agreement, Audience, Kind, Level
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.packs import PackKind
from casework.services.campaign import call_rounds, calls, messages, supporters
from casework.services.campaign.call_rounds import NewRound
from casework.services.campaign.messages import NewMessage
from casework.services.case import cases
from casework.services.consent import agreements, campaign_consent, consent, recall
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import (
    correspondence,
    letter_life,
    letter_pages,
    letter_prints,
    letters,
    packs,
)
from casework.services.letters.letters import draft_letter, issue_letter, save_draft
from casework.services.timing import removal_plan, removals
from casework.storage.database import db
from casework.storage.models import Case, Letter, User
from tests.factories import home, make_case
from tests.supporters import campaign_of, make_supporters

LEEDS_SOUTH = "E14001322"
YES = NewCampaignConsent(
    given_on=clock.today() - timedelta(30),
    level=Level.SUPPORTERS,
    explained_by="Ruth Ellery",
    how_given="signature",
    items=(Kind.NAME, Kind.HEALTH),
)


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, of Leeds, who agreed to letters of supporters that name her and speak of her health."""
    case = make_case(organiser, home(), name="Samira", official_name="Samira Ahmadi")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), organiser)
    campaign_consent.record(case, YES, organiser)
    return case


@pytest.fixture
def friend(case, organiser):
    """Łukasz, who signs to his own MP."""
    return supporters.add_supporter(
        case, organiser, name="Łukasz Hughes", address="2 Row\nSheffield", postcode="S1 2HH"
    )


def ready(case: Case, actor: User, friend, words: str = "She was ill in bed in March.") -> Letter:
    """A supporter's letter with every gap filled in."""
    letter = draft_letter(
        case, "supporter-to-own-mp", actor, gss_code=friend.gss_code, supporter_id=friend.id
    )
    blocks = {name: words if "[" in text else text for name, text in letter.blocks.items()}
    save_draft(letter, blocks, letter.facts, letter.version, actor)
    return letter


def sent(case: Case, actor: User, friend) -> Letter:
    """The same, issued, and somebody said that it was sent."""
    return letter_life.mark_sent(
        issue_letter(ready(case, actor, friend), actor), "post", clock.today(), actor
    )


def message(words: str) -> NewMessage:
    return NewMessage(Sort.UPDATE, Means.EMAIL, Audience.SUPPORTERS, ToWhom.ALL, "News", words)


def less(case: Case, actor: User, **changes: object) -> None:
    campaign_consent.record(case, replace(YES, given_on=clock.today(), **changes), actor)  # type: ignore[arg-type]


def test_a_letter_keeps_which_kinds_of_fact_it_told_when_it_was_issued(case, organiser, friend):
    letter = issue_letter(ready(case, organiser, friend), organiser)
    assert {Kind.NAME, Kind.HEALTH, Kind.CASE} <= set(letter.facts["told"])
    assert Kind.COUNTRY not in letter.facts["told"]
    assert Kind.IDENTITY not in letter.facts["told"]


def test_the_postcode_of_a_neighbour_who_signs_is_not_the_person_s_address(case, organiser):
    """Samira lives at LS11 0ES too; nothing that the letter says of her tells where."""
    neighbour = supporters.add_supporter(
        case, organiser, name="Chidi Dale", address="7 Invented Row\nLeeds", postcode="LS11 0ES"
    )
    letter = issue_letter(ready(case, organiser, neighbour), organiser)
    assert Kind.ADDRESS not in letter.facts["told"]
    assert not recall.told_beyond(letter)
    assert recall.copy_of(letter).startswith(b"%PDF")
    assert not recall.beyond(case).gone_out


def test_a_supporter_s_letter_that_tells_where_the_person_lives_is_refused_before_it_is_issued(
    case, organiser, friend
):
    street = home().address.splitlines()[0]
    letter = ready(case, organiser, friend, f"She lives at {street}.")
    with pytest.raises(CaseworkError, match="no consent to say this: address"):
        issue_letter(letter, organiser)


@pytest.mark.parametrize("name", ["Samira Ahmadi", "Sami"])
def test_the_address_of_the_person_is_theirs_where_they_sign_by_any_of_their_names(
    case, organiser, friend, name
):
    case.other_names = "Sami, Samira of Leeds"
    letter = ready(case, organiser, friend)
    signs = {"sender_name": name, "sender_address": home().address, "sender_postcode": home().postcode}
    save_draft(letter, letter.blocks, {**letter.facts, **signs}, letter.version, organiser)
    with pytest.raises(CaseworkError, match=r"no consent to say this: .*address"):
        issue_letter(letter, organiser)


def test_what_went_out_is_within_the_consent_until_the_person_agrees_to_less(case, organiser, friend):
    letter = sent(case, organiser, friend)
    assert not recall.beyond(case)
    less(case, organiser, items=(Kind.NAME,))
    (paper,) = recall.beyond(case).gone_out
    assert (paper.letter_id, paper.kinds, paper.on) == (letter.id, (Kind.HEALTH,), clock.today())
    assert [(holder.name, holder.what) for holder in paper.holders][1] == (
        "Łukasz Hughes",
        "supporter who signed it",
    )
    assert paper.holders[0].what.startswith("MP for ")


def test_under_the_level_of_its_readers_everything_that_a_letter_told_is_too_much(case, organiser, friend):
    letter = sent(case, organiser, friend)
    less(case, organiser, level=Level.OFFICES)
    (paper,) = recall.beyond(case).gone_out
    assert set(paper.kinds) == set(letter.facts["told"])


def test_a_letter_to_an_office_goes_no_further_than_an_authority_lets_it(case, organiser):
    letter = draft_letter(case, "covering-letter", organiser, gss_code=LEEDS_SOUTH)
    blocks = {name: "Nothing." if "[" in text else text for name, text in letter.blocks.items()}
    sender = {"sender_name": "Ruth", "sender_address": "1 Row\nLeeds", "sender_postcode": "LS11 8PG"}
    save_draft(letter, blocks, sender, letter.version, organiser)
    issue_letter(letter, organiser)
    row = campaign_consent.papers(case)[0]
    campaign_consent.withdraw(case, row.id, clock.today(), "by phone", organiser)
    assert not recall.beyond(case).gone_out


def test_a_draft_stops_as_soon_as_the_consent_it_needs_is_taken_back(case, organiser, friend):
    letter = ready(case, organiser, friend)
    row = campaign_consent.papers(case)[0]
    under = campaign_consent.in_force_without(case, clock.today(), row, clock.today())
    foreseen = recall.beyond(case, agreements.agreement_under(case, clock.today(), under))
    assert [one.letter_id for one in foreseen.stops] == [letter.id]
    assert not recall.beyond(case).stops  # to look is not to do
    campaign_consent.withdraw(case, row.id, clock.today(), None, organiser)
    with pytest.raises(CaseworkError, match="no consent to say this"):
        issue_letter(letter, organiser)


def test_one_letter_that_asks_back_is_drafted_for_each_holder_and_never_twice(case, organiser, friend):
    first = sent(case, organiser, friend)
    second = sent(case, organiser, friend)
    less(case, organiser, level=Level.PLANNING)
    drafts = recall.draft_recalls(case, organiser)
    assert [draft.facts["recalls"] for draft in drafts] == [[second.id, first.id]] * 2
    assert drafts[1].member_name == "Łukasz Hughes"
    assert drafts[1].facts["recall_address"].endswith("Sheffield S1 2HH")
    assert recall.draft_recalls(case, organiser) == []
    papers = recall.beyond(case).gone_out
    assert [len(paper.recalls) for paper in papers] == [2, 2]


def test_a_letter_that_asks_back_names_nobody_and_goes_out_without_any_consent(case, organiser, friend):
    sent(case, organiser, friend)
    less(case, organiser, level=Level.PLANNING)
    consent.withdraw_authority(case, consent.list_authorities(case)[0].id, clock.today(), None, organiser)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    for draft in recall.draft_recalls(case, organiser):
        facts = {**draft.facts, "sender_address": "1 Row\nLeeds", "sender_postcode": "LS11 8PG"}
        save_draft(draft, draft.blocks, facts, draft.version, organiser)
        text = letter_pages.text_of(draft)
        assert "Samira" not in text
        assert "Ahmadi" not in text
        assert "signed by Łukasz Hughes" in text
        issued = issue_letter(draft, organiser)
        assert not recall.told_beyond(issued)
        assert letters.paper_of(issued).recipient == draft.member_name


def test_nobody_is_asked_for_a_letter_of_which_nobody_said_that_it_was_sent(case, organiser, friend):
    """The MP who never got one would learn of Samira by being asked for it."""
    letter = issue_letter(ready(case, organiser, friend), organiser)
    less(case, organiser, level=Level.PLANNING)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    found = recall.beyond(case)
    assert [one.letter_id for one in found.unsaid] == [letter.id]
    assert found
    assert (found.gone_out, found.went_out, found.to_recall) == ((), 0, {})
    assert recall.draft_recalls(case, organiser) == []
    assert recall.to_ask_back(case) == 0


def test_a_letter_that_went_before_a_no_is_asked_back_once_somebody_says_that_it_was_sent(
    case, organiser, friend
):
    letter = issue_letter(ready(case, organiser, friend), organiser)
    less(case, organiser, level=Level.PLANNING)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    letter_life.mark_sent(letter, "post", clock.today(), organiser)
    found = recall.beyond(case)
    assert ([one.letter_id for one in found.gone_out], found.unsaid) == ([letter.id], ())
    assert recall.to_ask_back(case) == 1
    assert [draft.facts["recalls"] for draft in recall.draft_recalls(case, organiser)] == [[letter.id]] * 2


def test_a_letter_that_was_made_void_before_it_went_is_asked_for_no_more(case, organiser, friend):
    letter = issue_letter(ready(case, organiser, friend), organiser)
    less(case, organiser, level=Level.PLANNING)
    letter_life.void_letter(letter, "It never went.", organiser)
    assert not recall.beyond(case)


def test_to_agree_to_less_shows_a_letter_first_of_which_nobody_said_that_it_was_sent(case, organiser, friend):
    issue_letter(ready(case, organiser, friend), organiser)
    before = recall.beyond(case).fingerprint
    under = Agreement(Level.OFFICES, frozenset({Kind.NAME}))
    assert recall.beyond(case, under).unsaid
    assert recall.beyond(case, under).fingerprint != before


def test_no_new_copy_of_a_letter_goes_out_once_the_person_agrees_to_less(case, organiser, friend):
    letter = issue_letter(ready(case, organiser, friend), organiser)
    assert recall.copy_of(letter) == letter_prints.print_letter(letter.template, case.reference, None).pdf
    less(case, organiser, level=Level.OFFICES)
    with pytest.raises(CaseworkError, match="agreed to less"):
        recall.copy_of(letter)
    with pytest.raises(CaseworkError, match="agreed to less"):
        letter_prints.print_letter(letter.template, case.reference, None)


def test_a_paper_that_was_sent_and_not_made_here_is_listed_as_unknown(case, organiser):
    sent = correspondence.NewPaper(PaperKind.OTHER_OUT, recipient="The Echo", sent_on=clock.today())
    row = correspondence.record_paper(case, sent, organiser)
    assert [(one.paper_id, one.to) for one in recall.beyond(case).elsewhere] == [(row.id, "The Echo")]


def test_the_airline_sheet_waits_for_the_third_step(case, organiser):
    facts = removals.RemovalFacts(departs_on=clock.today() + timedelta(9), departs_at="07:05")
    row = removals.record_removal(case, facts, organiser)

    def held_back() -> str:
        return next(line.held_back for line in removal_plan.plan_of(row).lines if line.key == "airline")

    assert "consent" in held_back()
    less(case, organiser, level=Level.CHANGED_NAME, risks=tuple(RISKS), anonymity_order="no", items=ITEMS)
    assert held_back() == ""


def test_a_pack_that_tells_more_than_is_agreed_to_is_listed_too(case, organiser, friend):
    letter = issue_letter(ready(case, organiser, friend), organiser)
    row = packs.make(
        case, PackKind.PACK, Audience.SUPPORTERS, "For the choir", [f"letter_{letter.id}"], organiser
    )
    assert not recall.beyond(case).packs
    less(case, organiser, items=(Kind.NAME,))
    (pack,) = recall.beyond(case).packs
    assert (pack.pack_id, pack.kinds) == (row.id, (Kind.HEALTH,))
    assert recall.beyond(case)


@pytest.fixture
def told(case, organiser, friend) -> recall.Beyond:
    """A pack and a message that tell more than Samira agrees to by now, and were asked back from nobody."""
    letter = issue_letter(ready(case, organiser, friend), organiser)
    packs.make(case, PackKind.PACK, Audience.SUPPORTERS, "For the choir", [f"letter_{letter.id}"], organiser)
    row = messages.add(case, message("A vigil for Samira."), organiser)
    messages.mark_sent(case, row.id, clock.today(), 12, row.version, organiser)
    less(case, organiser, level=Level.PLANNING)
    return recall.beyond(case)


def test_what_no_letter_asks_back_is_ticked_off_with_the_day_and_waits_for_nobody_then(case, organiser, told):
    assert {key.partition("-")[0] for key in told.by_word} == {"pack", "message"}
    assert recall.to_ask_back(case) == 2
    recall.keep_asked(case, told.by_word, clock.today(), organiser)
    after = recall.beyond(case)
    assert {one.asked_on for one in after.by_word.values()} == {clock.today()}
    assert recall.to_ask_back(case) == 0
    assert after.went_out == told.went_out, "the list stays as it is"
    recall.keep_asked(case, (), None, organiser, not_yet=[next(iter(after.by_word))])
    assert recall.to_ask_back(case) == 1


@pytest.mark.parametrize(("days", "words"), [(1, "has not come yet"), (-1, "before it went out")])
def test_nothing_is_asked_back_tomorrow_or_before_it_went_out(case, organiser, told, days, words):
    with pytest.raises(CaseworkError, match=words) as refused:
        recall.keep_asked(case, told.by_word, clock.today() + timedelta(days), organiser)
    assert refused.value.field == "on"
    assert recall.to_ask_back(case) == 2


def test_what_went_out_of_another_case_is_not_ticked_off_here(organiser, told):
    with pytest.raises(NotFound):
        recall.keep_asked(make_case(organiser), told.by_word, clock.today(), organiser)


def test_when_somebody_agrees_to_less_while_a_letter_is_being_issued_no_copy_of_it_goes_out(
    app, case, organiser, friend
):
    letter = ready(case, organiser, friend)
    numbers = case.id, organiser.id

    def agree_to_less() -> None:
        with app.app_context():
            less(
                db.session.get_one(Case, numbers[0]), db.session.get_one(User, numbers[1]), items=(Kind.NAME,)
            )

    def at_the_same_moment(*_: object) -> None:
        somebody = Thread(target=copy_context().run, args=(agree_to_less,))
        somebody.start()
        somebody.join()

    event.listen(db.session, "before_flush", at_the_same_moment, once=True)
    issue_letter(letter, organiser)
    db.session.expire_all()
    assert Kind.HEALTH in letter.facts["told"]
    assert [paper.kinds for paper in recall.beyond(case).unsaid] == [(Kind.HEALTH,)]
    with pytest.raises(CaseworkError, match="agreed to less since"):
        recall.copy_of(letter)


def test_before_less_is_agreed_to_the_messages_and_call_lists_that_stop_are_named_with_who_is_ringing(
    organiser,
):
    case = campaign_of(organiser, Kind.NAME, Kind.COUNTRY)
    case.nationality = "Afghanistan"
    for row in make_supporters(case, 2, reached_by=["call", "email"], email="one@example.org"):
        row.supporter.phone = f"07700 90000{row.id}"
    db.session.commit()
    draft = messages.add(case, message("She is from Afghanistan."), organiser)
    messages.add(case, message("A vigil on Friday."), organiser)
    round_ = call_rounds.make(case, NewRound("She is from Afghanistan."), organiser)
    calls.take(round_, organiser)
    under = replace(agreements.agreement_on(case, clock.today()), items=frozenset({Kind.NAME}))
    foreseen = recall.beyond(case, under)
    assert [(one.message_id, one.subject, one.kinds) for one in foreseen.unsent] == [
        (draft.id, "News", (Kind.COUNTRY,))
    ]
    (evening,) = foreseen.calls
    assert (evening.round_id, evening.waiting, evening.ringing) == (round_.id, 1, (organiser.name,))
    assert evening.kinds == (Kind.COUNTRY,)
    assert foreseen
    assert not foreseen.went_out
    assert not recall.beyond(case)


def test_who_goes_on_ringing_changes_nothing_of_what_was_seen_to_stop(organiser):
    case = campaign_of(organiser)
    for row in make_supporters(case, 2, reached_by=["call"]):
        row.supporter.phone = f"07700 90000{row.id}"
    db.session.commit()
    round_ = call_rounds.make(case, NewRound("A vigil for Samira."), organiser)
    before = recall.beyond(case, Agreement()).fingerprint
    calls.take(round_, organiser)
    assert recall.beyond(case, Agreement()).fingerprint == before
