"""A page that only looks reads each list once; what it shows is the same, and what was written meanwhile is seen."""

import pytest
from sqlalchemy import text, update

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.campaign import needs, plans, reporting_days, supporters
from casework.services.case import cases, finding_out, first_pack, notes, task_owners
from casework.services.case.notes import NoteFacts
from casework.services.consent import campaign_consent, consent, need_to_know
from casework.services.letters import correspondence
from casework.services.parliament import next_contacts, surgeries
from casework.services.safety import groups, retention_coming
from casework.services.timing import deadlines, events, removals
from casework.storage.asking import asking_for
from casework.storage.database import db
from casework.storage.models import CampaignConsent, CaseNote, CasePlace, User
from casework.storage.one_look import has_none, one_look
from tests.factories import home, make_case, make_user
from tests.full_case import full_case
from tests.web.test_queries import counted

OF_A_CASE = {
    "all its places": need_to_know.all_places,
    "its authorities": consent.list_authorities,
    "its campaign consents": campaign_consent.papers,
    "its letters": correspondence.list_papers,
    "its visits": surgeries.list_visits,
    "its removals": removals.list_removals,
    "the removal that may happen": removals.running,
    "its events": events.list_events,
    "its notes": notes.all_notes,
    "its first pack": first_pack.has_one,
    "its plan": plans.list_tasks,
    "what supporters promised": needs.promised,
    "its next reporting day": reporting_days.open_in,
    "what is to be found out": finding_out.in_case,
    "who took its tasks on": task_owners.chosen,
    "how many supporters it has": supporters.count_of,
    "where they live": lambda case: supporters.by_constituency(case, 3),
    "whose constituency is open": lambda case: supporters.to_settle(case, 3),
    "its dates": deadlines.for_case,
    "the next contact with supporters": next_contacts.of_case,
    "what goes soon": retention_coming.coming_in,
}


@pytest.fixture
def volunteer(organiser: User) -> User:
    """Somebody on the team who sees nothing that is hidden."""
    return make_user(Role.VOLUNTEER, "Noor Fielding")


@pytest.mark.parametrize("read", OF_A_CASE.values(), ids=OF_A_CASE)
@pytest.mark.parametrize("full", [True, False], ids=["a case that has everything", "a case that has nothing"])
def test_a_look_finds_the_same_as_a_question_of_its_own(organiser, volunteer, read, full):
    case = full_case(organiser, "Samira").case if full else make_case(organiser)
    cases.add_to_team(case, volunteer.id, organiser)
    for who in (organiser, volunteer):
        with asking_for(groups.asking_of(who)):
            db.session.expire_all()
            alone = read(case)
            with one_look():
                assert [read(case), read(case)] == [alone, alone]


def test_what_a_case_has_is_asked_once_and_its_empty_tables_never(organiser):
    case = make_case(organiser, home())
    with asking_for(groups.asking_of(organiser)), one_look():
        db.session.refresh(case)
        with counted() as asked:
            for _ in range(3):
                need_to_know.all_places(case), campaign_consent.papers(case), notes.all_notes(case)
        assert len(asked) == 2, asked
        assert has_none(case, CampaignConsent)


def test_what_is_written_in_a_look_is_seen_in_it(organiser):
    case = make_case(organiser, home())
    with asking_for(groups.asking_of(organiser)), one_look():
        assert notes.all_notes(case) == []
        note = notes.add_note(case, NoteFacts("He is at the centre"), organiser)
        assert notes.all_notes(case) == [note]
        (place,) = need_to_know.all_places(case)
        db.session.execute(
            update(CasePlace).values(kind="former"), execution_options={"synchronize_session": False}
        )
        assert [one.kind for one in need_to_know.all_places(case)] == [place.kind]
        db.session.add(
            CaseNote(case_id=case.id, at=clock.now(), text="Not saved yet", author_id=organiser.id)
        )
        assert len(notes.all_notes(case)) == 2


def test_what_is_given_up_in_a_look_was_never_there(organiser):
    case = make_case(organiser, home())
    with asking_for(groups.asking_of(organiser)), one_look():
        step = db.session.begin_nested()
        db.session.add(CaseNote(case_id=case.id, at=clock.now(), text="Not kept", author_id=organiser.id))
        db.session.flush()
        assert not has_none(case, CaseNote)
        step.rollback()
        assert has_none(case, CaseNote)
        db.session.execute(text("UPDATE case_places SET kind = 'former'"))
        db.session.expire_all()
        assert [one.kind for one in need_to_know.all_places(case)] == ["former"]


def test_a_list_that_somebody_sorts_or_empties_is_their_own(organiser):
    case = make_case(organiser, home())
    with asking_for(groups.asking_of(organiser)), one_look():
        need_to_know.all_places(case).clear()
        assert len(need_to_know.all_places(case)) == 1
