"""What supporters did is kept with their yes alone, needs meet offers, and whoever stops leaves nothing of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework import clock
from casework.domain.campaign.ladder import Said
from casework.domain.case.hands import ThingKind
from casework.domain.consent.publicity import Kind, Level
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Role
from casework.services.campaign import ladder, needs, plans, stopping, supporters
from casework.services.campaign.needs import NeedFacts
from casework.services.campaign.plans import TaskFacts
from casework.services.case import cases
from casework.services.safety import handing_over
from casework.services.timing import loads
from casework.storage.case_exports import rows_leaving
from casework.storage.database import db
from casework.storage.models import NeedAnswer, SignUp, SupporterAct
from tests.factories import make_case, make_user
from tests.supporters import agree_to, campaign_of, make_supporters

TODAY = clock.today()


@pytest.fixture
def case(organiser):
    return campaign_of(organiser)


def add(case, actor, name="Ada", **details):
    return supporters.add_supporter(case, actor, name=name, postcode="LS11 0ES", **details)


def rows(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_nothing_that_somebody_did_is_kept_without_their_yes_and_all_goes_when_they_take_it_back(
    case, organiser
):
    ada = add(case, organiser)
    with pytest.raises(CaseworkError) as refused:
        ladder.record_act(case, ada.id, "card", TODAY, organiser)
    assert refused.value.field == "agreed"
    assert rows(SupporterAct) == 0
    ladder.record_act(case, ada.id, "card", TODAY, organiser, agreed=True)
    ladder.record_act(case, ada.id, "bring", TODAY, organiser)
    sign_up = supporters.get_sign_up(case, ada.id)
    assert [one.rung.key for one in ladder.did_of(sign_up)] == ["bring", "card"]
    assert ladder.forget_acts(case, ada.id, organiser) == 2
    assert rows(SupporterAct) == 0
    assert sign_up.acts_agreed_on is None


def test_three_that_fit_are_shown_and_none_goes_beyond_what_holds_today(organiser):
    quiet = make_case(organiser, name="Daniel")
    ada = add(quiet, organiser, languages="Dari", writes=True)
    shown = ladder.next_for(supporters.get_sign_up(quiet, ada.id))
    assert {rung.level for rung in shown} == {Level.PLANNING}
    agree_to(quiet, organiser, Level.SUPPORTERS, Kind.NAME)
    shown = ladder.next_for(supporters.get_sign_up(quiet, ada.id))
    assert [rung.key for rung in shown] == ["sign", "card", "letter"]


def test_who_came_by_the_campaign_page_is_told_no_more_than_the_public(organiser):
    case = campaign_of(organiser, Kind.NAME, Kind.PLACE_OF_DETENTION, level=Level.CHANGED_NAME)
    everything_else = [key for key in ladder.RUNGS if key != "visit"]
    for how, shown in (("hand", ["visit"]), ("page", [])):
        person = supporters.add_supporter(case, organiser, how=how, name=how, postcode="LS11 0ES")
        for key in everything_else:
            ladder.record_act(case, person.id, key, TODAY, organiser, agreed=True)
        assert [rung.key for rung in ladder.next_for(supporters.get_sign_up(case, person.id))] == shown


def test_willing_active_and_resting_are_counted_and_who_stopped_is_not(case, organiser):
    people = [row.supporter_id for row in make_supporters(case, 4)]
    for supporter_id, days in zip(people, (1, 200, 2), strict=False):
        ladder.record_act(case, supporter_id, "card", TODAY - timedelta(days), organiser, agreed=True)
    counts = ladder.counts(case)
    assert (counts.all, counts.active, counts.resting) == (4, 2, 1)
    stopping.stop(case, people[0], organiser)
    counts = ladder.counts(case)
    assert (counts.all, counts.active, counts.resting) == (3, 1, 1)
    assert next(line for line in ladder.lines(case) if line.rung.key == "card").did == 2


def test_a_need_meets_those_who_offer_just_that_in_the_language_that_is_wanted(case, organiser):
    ada = add(case, organiser, languages="English, Dari", offers=["translate"])
    add(case, organiser, "Ben", languages="French", offers=["translate"])
    add(case, organiser, "Cleo", languages="Dari", offers=["drive"])
    need = needs.add_need(case, NeedFacts("translate", "The decision", wanted=2, language="dari"), organiser)
    (match,) = needs.matches(case)
    assert [one.supporter.name for one in match.offering] == ["Ada"]
    needs.answer(case, need.id, ada.id, Said.YES, organiser)
    (match,) = needs.matches(case)
    assert ([one.sign_up.supporter.name for one in match.yes], match.lacking) == (["Ada"], 1)
    assert match.offering == ()
    assert [(name, row.words) for row, name, _ in needs.promised(case)] == [("Ada", "The decision")]
    needs.say_met(case, need.id, organiser)
    assert needs.promised(case) == needs.matches(case) == []


def test_nobody_is_asked_for_what_goes_further_than_the_person_agreed_to(organiser):
    quiet = make_case(organiser, name="Daniel")
    ada = add(quiet, organiser, offers=["card"])
    need = needs.add_need(quiet, NeedFacts("card"), organiser)
    assert needs.matches(quiet)[0].held_back
    with pytest.raises(CaseworkError, match="further than the person agreed"):
        needs.answer(quiet, need.id, ada.id, Said.ASKED, organiser)
    agree_to(quiet, organiser, Level.SUPPORTERS, Kind.NAME)
    needs.answer(quiet, need.id, ada.id, Said.ASKED, organiser)


def test_two_who_change_one_need_do_not_overwrite_each_other(case, organiser):
    need = needs.add_need(case, NeedFacts("room"), organiser)
    needs.change_need(case, need.id, NeedFacts("room", "For twelve"), 1, organiser)
    with pytest.raises(OutOfDate):
        needs.change_need(case, need.id, NeedFacts("room", "For forty"), 1, organiser)
    assert need.words == "For twelve"


@pytest.mark.parametrize(
    ("facts", "field"), [(NeedFacts("letter"), "what"), (NeedFacts("room", wanted=0), "wanted")]
)
def test_a_need_that_cannot_be_is_refused_at_its_field(case, organiser, facts, field):
    with pytest.raises(CaseworkError) as refused:
        needs.add_need(case, facts, organiser)
    assert refused.value.field == field


def test_the_load_counts_what_is_open_in_all_cases_and_follows_whoever_takes_over(case, organiser):
    mina, other = make_user(Role.VOLUNTEER, "Mina"), make_case(organiser, name="Daniel")
    for one in (case, other):
        cases.add_to_team(one, mina.id, organiser)
        plans.save_task(one, TaskFacts("Book the hall", mina.id), organiser)
    done = plans.save_task(case, TaskFacts("Ring", mina.id), organiser)
    plans.tick_task(case, done.id, organiser, done=True)
    of_mina = next(one for one in loads.of_team(case) if one.name == "Mina")
    assert (of_mina.here[ThingKind.TASK], of_mina.elsewhere) == (1, 1)
    idris = make_user(Role.CASEWORKER, "Idris")
    (hand,) = handing_over.in_hand(mina, case)
    assert hand.open[ThingKind.TASK] == 1
    with pytest.raises(CaseworkError, match="cannot see to this: 1 task"):
        handing_over.hand_over([hand], mina, make_user(Role.READER, "Vera"), organiser)
    handing_over.hand_over([hand], mina, idris, organiser)
    assert {one.name: one.here[ThingKind.TASK] for one in loads.of_team(case)}["Idris"] == 1
    cases.remove_from_team(other, mina.id, organiser)
    assert [plans.whose(row) for row in plans.list_tasks(other)] == [""]


def test_whoever_stops_leaves_no_act_no_answer_and_no_name_in_plan_or_need(case, organiser):
    ada = add(case, organiser, "Zebulon Quill", offers=["room"])
    ladder.record_act(case, ada.id, "card", TODAY, organiser, agreed=True)
    need = needs.add_need(case, NeedFacts("room", words="As big as Zebulon Quill’s"), organiser)
    needs.answer(case, need.id, ada.id, Said.YES, organiser)
    task = plans.save_task(case, TaskFacts("Open Zebulon Quill’s room", who="zebulon quill"), organiser)
    both = plans.save_task(case, TaskFacts("Shut it", who="Zebulon  Quill and Ben"), organiser)
    plans.save_part(case, "notes", "Thank Zebulon Quill.", 0, organiser)
    stopping.stop(case, ada.id, organiser)
    assert needs.promised(case) == []
    assert not needs.matches(case)[0].yes
    # While the undo runs nothing of them leaves with the case either.
    leaving = rows_leaving(case.id).rows
    assert leaving["supporter_acts"] == leaving["need_answers"] == leaving["sign_ups"] == []
    row = db.session.scalars(select(SignUp), execution_options={"even_stopped": True}).one()
    stopping.erase([row], None, stopping.BY_LINK)
    assert rows(SupporterAct) == rows(NeedAnswer) == 0
    db.session.expire_all()
    assert (task.what, task.who, both.who) == ("Open [a name]’s room", None, "[a name] and Ben")
    assert need.words == "As big as [a name]’s"
    assert plans.parts_of(case)["notes"].text == "Thank [a name]."


def test_rows_of_another_case_are_not_there(case, organiser):
    other = campaign_of(organiser)
    ada = add(other, organiser)
    act = ladder.record_act(other, ada.id, "card", TODAY, organiser, agreed=True)
    need = needs.add_need(other, NeedFacts("room"), organiser)
    for ask in (
        lambda: ladder.remove_act(case, act.id, organiser),
        lambda: needs.say_met(case, need.id, organiser),
        lambda: needs.answer(
            other, needs.add_need(case, NeedFacts("room"), organiser).id, ada.id, Said.YES, organiser
        ),
    ):
        with pytest.raises(NotFound):
            ask()
