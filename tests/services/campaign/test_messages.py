"""What supporters are told: within the consent, to those who agreed, and known when less is agreed to."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.campaign.messages import Kind, Means, ToWhom
from casework.domain.consent.publicity import Audience, Level
from casework.domain.consent.publicity import Kind as Fact
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.correspondence import ResponseKind
from casework.domain.parliament.surgeries import Outcome
from casework.domain.safety.bins import LASTS
from casework.services.campaign import message_readers, messages, stopping, thanks
from casework.services.campaign.messages import NewMessage
from casework.services.consent import recall
from casework.services.consent.own_view import own_view
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.database import db
from casework.storage.models import AuditEvent, Batch, BatchLetter, Bundle, Letter, Message, Telling
from tests.reference.directory.source import YORK, tables, use_tables
from tests.services.campaign.test_supporters import everywhere
from tests.supporters import agree_to, campaign_of, make_supporters

LEEDS = "E14001323"
WORDS = "This month 40 letters for Samira were handed over. Next: a vigil on Friday."


@pytest.fixture
def case(organiser):
    return campaign_of(organiser)


def new(words=WORDS, **told):
    given = {
        "kind": Kind.UPDATE, "means": Means.EMAIL, "audience": Audience.SUPPORTERS, "to_whom": ToWhom.ALL,
        "subject": "News of this month",
    }  # fmt: skip
    return NewMessage(**{**given, "words": words, **told})


def reachable(case, number):
    rows = make_supporters(case, number, reached_by=["email"])
    for at, row in enumerate(rows):
        row.supporter.email = f"signer{at}@example.org"
    db.session.commit()
    return rows


def sent(case, organiser, **told):
    row = messages.add(case, new(**told), organiser)
    return messages.mark_sent(case, row.id, clock.today(), None, row.version, organiser)


@pytest.mark.parametrize(
    ("words", "field", "why"),
    [
        ("Samira has been moved to Yarl's Wood.", "words", "place"),
        ("Samira was born in Leeds; [say more].", "words", "Fill in"),
        ("", "words", "Write what"),
    ],
)
def test_what_is_not_agreed_to_is_named_at_its_field_and_not_let_through(case, organiser, words, field, why):
    with pytest.raises(CaseworkError, match=why) as refused:
        messages.add(case, new(words), organiser)
    assert refused.value.field == field
    db.session.rollback()
    assert db.session.scalars(select(Message)).all() == []


def test_a_subject_is_looked_through_too_and_the_public_needs_a_higher_level(case, organiser):
    with pytest.raises(CaseworkError) as refused:
        messages.add(case, new(subject="Samira at Yarl's Wood"), organiser)
    assert refused.value.field == "subject"
    with pytest.raises(CaseworkError, match="level 3"):
        messages.add(case, new(audience=Audience.PUBLIC), organiser)
    with pytest.raises(CaseworkError, match="text messages long"):
        messages.add(case, new("a" * 1_000, means=Means.TEXT), organiser)


def test_it_goes_to_those_who_agreed_to_that_means_and_the_file_tells_nothing_else_of_them(case, organiser):
    yes, asked_not, by_phone, anybody, stopped = reachable(case, 5)
    asked_not.reached_by, by_phone.reached_by, anybody.joined_how = [], ["call", "text"], "page"
    db.session.commit()
    stopping.stop(case, stopped.supporter_id, organiser)
    row = messages.add(case, new(), organiser)
    table = messages.as_csv(row, organiser).decode("utf-8-sig").splitlines()
    assert table == ['"Name","Email"', f'"{yes.supporter.name}","signer0@example.org"']
    line = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (line.action, line.facts) == ("list for a message taken out", {"message": row.id, "number": 1})
    row = messages.mark_sent(case, row.id, clock.today(), None, row.version, organiser)
    assert (row.number, row.level, row.sent_by) == (1, 2, organiser)
    assert [one.sign_up_id for one in db.session.scalars(select(Telling))] == [yes.id]
    assert message_readers.last_told(yes) is row
    assert message_readers.last_told(asked_not) is None
    with pytest.raises(OutOfDate):
        messages.mark_sent(case, row.id, clock.today(), None, row.version, organiser)
    with pytest.raises(OutOfDate):
        messages.change(case, row.id, new(), row.version, organiser)


def test_when_less_is_agreed_to_it_is_known_who_was_told_what_and_nothing_more_goes_out(case, organiser):
    reachable(case, 3)
    went, waits = sent(case, organiser), messages.add(case, new(), organiser)
    assert not recall.beyond(case).messages
    agree_to(case, organiser, Level.OFFICES)
    (out,) = recall.beyond(case).messages
    assert (out.message_id, out.number, set(out.kinds)) == (went.id, 3, {Fact.NAME, Fact.CASE})
    assert recall.beyond(case)
    with pytest.raises(CaseworkError, match="agreed to less"):
        messages.as_csv(waits, organiser)
    view = own_view(case, {}, ())
    assert any("3 supporters got an email" in line.value for line in view.went)


def test_what_went_out_before_the_yes_went_is_written_down_and_then_it_is_known_whom_to_ask(case, organiser):
    rows = reachable(case, 3)
    row = messages.add(case, new(), organiser)
    row.made_at = clock.now() - timedelta(2)
    yesterday = clock.today() - timedelta(1)
    messages.as_csv(row, organiser)
    agree_to(case, organiser, Level.OFFICES)
    assert not recall.beyond(case).messages
    row = messages.mark_sent(case, row.id, yesterday, None, row.version, organiser)
    (out,) = recall.beyond(case).messages
    assert (out.message_id, out.on, out.number) == (row.id, yesterday, 3)
    assert {Fact.NAME, Fact.CASE} == set(out.kinds)
    assert {one.id for one in message_readers.told(row)} == {one.id for one in rows}
    assert any("3 supporters got an email" in line.value for line in own_view(case, {}, ()).went)
    with pytest.raises(CaseworkError, match="agreed to less"):
        messages.as_csv(row, organiser)


def test_where_nobody_can_be_reached_any_more_somebody_types_how_many_were_told(case, organiser):
    (one,) = reachable(case, 1)
    row = messages.add(case, new(), organiser)
    stopping.stop(case, one.supporter_id, organiser)
    with pytest.raises(CaseworkError, match="how many") as refused:
        messages.mark_sent(case, row.id, clock.today(), None, row.version, organiser)
    assert refused.value.field == "number"
    assert messages.mark_sent(case, row.id, clock.today(), 17, row.version, organiser).number == 17


def test_a_fact_that_became_a_secret_after_it_was_written_is_not_handed_out(case, organiser):
    reachable(case, 1)
    row = messages.add(case, new("Come to Zebra Lane on Friday for Samira."), organiser)
    case.places[0].address = "4 Zebra Lane\nLeeds"
    db.session.commit()
    with pytest.raises(CaseworkError, match="agreed to less"):
        messages.as_csv(row, organiser)


def test_of_a_supporter_who_stops_nothing_stays_in_what_was_written_either(case, organiser):
    (person,) = reachable(case, 1)
    row = sent(case, organiser, words=f"Thank you, {person.supporter.name}, for coming with Samira.")
    name = person.supporter.name
    stopping.stop_by_link(person.supporter)
    assert [where for where, text in everywhere().items() if name in text] == []
    assert (db.session.get(Message, row.id).number, db.session.scalars(select(Telling)).all()) == (1, [])


def test_what_was_not_sent_is_thrown_away_for_thirty_days_and_forgets_who_stops_meanwhile(
    case, organiser, monkeypatch
):
    (person,) = reachable(case, 1)
    facts = VisitFacts(LEEDS, held_on=clock.today())
    visit = surgeries.record_visit(case, facts, Outcome.AGREED, [], organiser)
    row = messages.add(case, new(f"Thank you, {person.supporter.name}.", about=visit), organiser)
    assert thanks.offer_for(visit) is None
    messages.throw_away(case, row.id, row.version, organiser)
    assert thanks.offer_for(visit)
    for step in (
        lambda: messages.as_csv(row, organiser),
        lambda: messages.change(case, row.id, new(), row.version, organiser),
        lambda: messages.mark_sent(case, row.id, clock.today(), None, row.version, organiser),
    ):
        with pytest.raises(OutOfDate):
            step()
    name = person.supporter.name
    stopping.stop_by_link(person.supporter)
    assert [where for where, text in everywhere().items() if name in text] == []
    messages.bring_back(case, row.id, organiser)
    assert messages.change(case, row.id, new(), row.version, organiser).words == WORDS
    messages.throw_away(case, row.id, row.version, organiser)
    assert messages.erase_thrown_away() == 0
    later = clock.now() + LASTS + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert messages.erase_thrown_away() == 1
    assert db.session.scalars(select(Message)).all() == []


def test_the_result_is_offered_to_those_who_wrote_to_this_mp_and_to_nobody_else(case, organiser):
    wrote, elsewhere, handed, never = reachable(case, 4)
    drafted = {
        "case": case,
        "drafted_at": clock.now(),
        "drafted_by_id": organiser.id,
        "saved_at": clock.now(),
    }
    for row, gss_code in ((wrote, LEEDS), (elsewhere, "E14001469")):
        db.session.add(
            Letter(
                template="supporter-to-own-mp", blocks={}, facts={}, gss_code=gss_code, issued_at=clock.now(),
                sent_on=clock.today(), supporter_id=row.supporter_id, **drafted,
            )
        )  # fmt: skip
    batch = Batch(
        case=case, template="supporter-to-own-mp", template_sha256="x", state="done", order_by="surname",
        dated=clock.today(), made_at=clock.now(), made_by=organiser,
    )  # fmt: skip
    for at, row in enumerate((handed, never), 1):
        code = LEEDS if row is handed else "E14001469"
        db.session.add(
            BatchLetter(batch=batch, position=at, sign_up=row, signer="x", gss_code=code, state="made")
        )
    bundle = Bundle(batch=batch, gss_code=LEEDS, handed_over=1, handed_over_on=clock.today())
    db.session.add(bundle)
    db.session.commit()
    answer = NewPaper(PaperKind.MEMBER_TO_US, gss_code=LEEDS, received_on=clock.today())
    paper = correspondence.record_paper(case, answer, organiser)
    acts = {one.about: one for one in thanks.open_acts(case)}
    assert acts.keys() == {"letters", "answer"}
    found = thanks.act(case, "answer", acts["answer"].number)
    draft = messages.suggested(case, Kind.RESULT, Means.EMAIL, Audience.SUPPORTERS, found)
    assert "Samira" in draft.words
    result = new(kind=Kind.RESULT, to_whom=thanks.usual_readers(Kind.RESULT, found), about=found)
    row = messages.add(case, result, organiser)
    assert {one.id for one in message_readers.of(row)} == {wrote.id, handed.id}
    assert thanks.offer_for(paper) is None
    assert {one.about for one in thanks.open_acts(case)} == {"letters"}


@pytest.mark.parametrize(
    ("response", "hidden", "is_told"),
    [
        (ResponseKind.SUBSTANTIVE, None, True),
        (ResponseKind.SUBSTANTIVE, "health", False),
        (ResponseKind.HOLDING, None, False),
        (ResponseKind.REFUSAL, None, False),
        (ResponseKind.REMOVAL_NOTICE, None, False),
    ],
)
def test_a_decision_a_notice_and_what_is_hidden_are_not_news_for_those_who_wrote(
    case, organiser, response, hidden, is_told
):
    came = NewPaper(PaperKind.HOME_OFFICE_RESPONSE, response, received_on=clock.today(), sender="Home Office")
    paper = correspondence.record_paper(case, came, organiser)
    paper.hidden = hidden
    db.session.commit()
    assert (thanks.offer_for(paper) is not None, bool(thanks.open_acts(case))) == (is_told, is_told)


def test_a_visit_is_thanked_for_by_hand_and_an_act_of_another_case_is_not_there(case, organiser):
    visit = surgeries.record_visit(
        case, VisitFacts(LEEDS, held_on=clock.today()), Outcome.AGREED, [], organiser
    )
    (act,) = thanks.open_acts(case)
    assert (act.about, act.kind) == ("visit", Kind.THANKS)
    other = campaign_of(organiser)
    assert thanks.act(other, "visit", visit.id) is None
    thank = new(f"Thank you for going to see {visit.member_name}.", kind=Kind.THANKS, to_whom=ToWhom.BY_HAND,
                about=visit)  # fmt: skip
    row = messages.add(case, thank, organiser)
    with pytest.raises(CaseworkError, match="how many"):
        messages.mark_sent(case, row.id, clock.today(), None, row.version, organiser)
    assert messages.mark_sent(case, row.id, clock.today(), 2, row.version, organiser).number == 2
    visit.held_on = clock.today() - message_readers.OFFERED_FOR - timedelta(1)
    assert thanks.open_acts(case) == []


def test_a_thank_you_names_whoever_sat_there_when_the_letters_were_handed_over(app, instance, tmp_path):
    use_tables(app, instance, tmp_path, tables())  # a by-election in York on 5 March 2026
    before, after = (Bundle(gss_code=YORK, handed_over_on=date(2026, month, 9)) for month in (1, 4))
    assert [message_readers.member_of(row) for row in (before, after)] == ["Ben Sample", "Eve Newly"]
