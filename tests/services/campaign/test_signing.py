"""The plan for reporting days: word that comes or does not, who may see it, and the card."""

from datetime import timedelta

import pytest

from casework import clock
from casework.domain.campaign.signing import Standing
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Role
from casework.domain.safety.bins import BinKind
from casework.services.campaign import plans, reporting_days, signing
from casework.services.case import cases
from casework.services.consent import need_to_know
from casework.services.letters import letter_pages
from casework.services.safety import bins, groups
from casework.storage.asking import asking_for
from casework.storage.database import db
from tests.factories import make_case, make_user

TODAY = clock.today()


@pytest.fixture
def case(organiser):
    return make_case(organiser)


def plan(case, actor, **facts):
    return signing.save(case, {"place": "The reporting centre", "word_by": "00:01", **facts}, 0, actor)


def test_a_day_without_a_word_asks_for_it_until_word_comes(case, organiser):
    plan(case, organiser)
    assert reporting_days.add_days(case, TODAY, 1, 3, "10 am", organiser) == 3
    assert reporting_days.add_days(case, TODAY, 1, 4, "10 am", organiser) == 1
    (line,) = reporting_days.to_check(organiser)
    assert line.standing in (Standing.NO_WORD, Standing.TODAY)
    assert reporting_days.open_in(case).row is line.row
    reporting_days.hear(case, line.row.id, organiser)
    assert reporting_days.to_check(organiser) == []
    assert reporting_days.open_in(case).row.on == TODAY + timedelta(7)
    reporting_days.hear(case, line.row.id, organiser, heard=False)
    assert len(reporting_days.to_check(organiser)) == 1


def test_nobody_says_that_word_came_before_the_day(case, organiser):
    plan(case, organiser)
    reporting_days.add_days(case, TODAY + timedelta(1), 0, 1, None, organiser)
    with pytest.raises(CaseworkError, match="not come yet"):
        reporting_days.hear(case, signing.plan_of(case).days[0].id, organiser)


def test_it_is_no_business_of_a_volunteer_nor_of_whoever_is_not_on_the_case(case, organiser):
    plan(case, organiser)
    reporting_days.add_days(case, TODAY, 0, 1, None, organiser)
    mina, idris = make_user(Role.VOLUNTEER, "Mina"), make_user(Role.CASEWORKER, "Idris")
    cases.add_to_team(case, mina.id, organiser)
    assert reporting_days.to_check(mina) == reporting_days.to_check(idris) == []


def test_a_hidden_plan_is_not_there_for_those_from_whom_it_is_hidden_and_cannot_be_made_twice(
    case, organiser
):
    idris = make_user(Role.CASEWORKER, "Idris")
    cases.add_to_team(case, idris.id, organiser)
    need_to_know.let_see(case, idris.id, [], organiser)
    row = plan(case, organiser, hidden="address")
    reporting_days.add_days(case, TODAY, 0, 1, None, organiser)
    day_id = row.days[0].id
    with asking_for(groups.asking_of(idris)):
        assert signing.plan_of(case) is None
        assert reporting_days.to_check(idris) == []
        assert reporting_days.open_in(case) is None
        assert need_to_know.left_out(case)["plan"] == "1 plan for reporting days is hidden from you."
        with pytest.raises(CaseworkError, match="hidden from you"):
            plan(case, idris)
        with pytest.raises(NotFound):
            reporting_days.hear(case, day_id, idris)
    with asking_for(groups.asking_of(organiser)):
        assert len(reporting_days.to_check(organiser)) == 1


def test_two_who_change_the_plan_do_not_overwrite_each_other(case, organiser):
    row = plan(case, organiser, friend="Ada")
    signing.save(case, {"friend": "Ben"}, row.version, organiser)
    with pytest.raises(OutOfDate):
        signing.save(case, {"friend": "Cleo"}, 1, organiser)
    assert signing.plan_of(case).friend == "Ben"


def test_those_to_ring_are_rung_in_the_order_that_was_chosen(case, organiser):
    plan(case, organiser)
    for name in ("The school", "Ada"):
        signing.add_contact(case, name, "07700 900123", None, organiser, on_card=False)
    ada = signing.plan_of(case).contacts[-1]
    signing.move_up(case, ada.id, organiser)
    signing.move_up(case, ada.id, organiser)
    assert [one.name for one in signing.plan_of(case).contacts] == ["Ada", "The school"]


def test_nothing_is_printed_that_was_not_agreed_to_on_a_day(case, organiser):
    row = plan(case, organiser, on_card=["name", "nonsense"])
    assert not signing.may_be_printed(row, "name")
    signing.save(case, {"on_card": ["name"], "agreed_on": TODAY}, row.version, organiser)
    assert signing.may_be_printed(row, "name")
    assert not signing.may_be_printed(row, "lawyer")


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"word_by": "half past"}, "word_by"), ({"agreed_on": TODAY + timedelta(1)}, "agreed_on")],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_made(case, organiser, facts, field):
    with pytest.raises(CaseworkError) as refused:
        plan(case, organiser, **facts)
    assert refused.value.field == field
    assert signing.plan_of(case) is None


def test_the_person_is_shown_their_own_plan_and_how_much_is_planned_for_them(case, organiser):
    plan(case, organiser, friend="Ada", friend_phone="07700 900123", hidden="address")
    reporting_days.add_days(case, TODAY, 1, 7, None, organiser)
    plans.save_part(case, "objective", "A fresh decision", 0, organiser)
    held = {line.label: line.value for line in letter_pages.own_view_of(case).held}
    assert held["Where you report"] == "The reporting centre"
    assert held["Who waits for word"] == "Ada, 07700 900123"
    assert held["The days"].endswith(" and more")
    assert held["The plan of the campaign"].startswith("1 part of it: ask")


def test_what_is_taken_out_lies_in_the_bin_and_of_a_hidden_plan_only_for_those_who_see_it(case, organiser):
    idris = make_user(Role.CASEWORKER, "Idris")
    cases.add_to_team(case, idris.id, organiser)
    need_to_know.let_see(case, idris.id, [], organiser)
    plan(case, organiser)
    signing.add_contact(case, "The school", "0113 496 0000", None, organiser, on_card=False)
    reporting_days.add_days(case, TODAY, 0, 1, None, organiser)
    row = signing.plan_of(case)
    signing.remove_contact(case, row.contacts[0].id, organiser)
    signing.save(
        case, {"hidden": "address"}, row.version, organiser
    )  # what lies in the bin already goes with it
    reporting_days.remove_day(case, row.days[0].id, organiser)
    db.session.expire_all()
    with asking_for(groups.asking_of(idris)):
        assert bins.list_bin(case) == []
    thrown = {one.kind: one for one in bins.list_bin(case)}
    assert thrown[BinKind.CONTACT].tells == "The school"
    bins.bring_back(case, BinKind.CONTACT, thrown[BinKind.CONTACT].id, organiser)
    assert [one.name for one in signing.plan_of(case).contacts] == ["The school"]
