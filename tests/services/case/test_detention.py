"""Detention begins, moves and ends, as the places of a case tell of it, and its dates with it."""

from datetime import date, timedelta

from casework import clock
from casework.domain.case.places import PlaceKind
from casework.domain.timing.deadline_rules import How
from casework.services.case import case_places, whereabouts
from casework.services.case.case_places import NewPlace
from casework.services.timing import deadlines, events, settling
from casework.services.timing.effects import Answers, foreseen
from tests.factories import detained_at, home, make_case
from tests.happenings import GRANTED, HELD_SINCE, REFUSED, of_rule, open_rules


def test_a_case_opened_for_somebody_held_has_the_next_written_reasons_only(held):
    (entry,) = deadlines.for_case(held)
    assert (entry.rule_key, entry.final) == ("detention_monthly_reasons", date(2026, 12, 3))


def test_a_review_that_was_met_comes_again_counted_from_the_start(organiser):
    case = make_case(organiser, detained_at(since=date(2026, 10, 31)))
    row = of_rule(case, "detention_monthly_reasons")
    assert row.last_on == date(2026, 11, 30)
    settling.settle(case, row.id, "The reasons came.", clock.today(), organiser)
    following = of_rule(case, "detention_monthly_reasons")
    assert (following.turn, following.last_on) == (2, date(2026, 12, 31))


def test_a_turn_of_a_review_that_is_opened_again_withdraws_the_next(organiser):
    case = make_case(organiser, detained_at(since=date(2026, 10, 31)))
    first = of_rule(case, "detention_monthly_reasons")
    settling.settle(case, first.id, "The reasons came.", clock.today(), organiser)
    settling.reopen(case, first.id, organiser)
    assert of_rule(case, "detention_monthly_reasons").turn == 1


def test_a_detention_whose_first_day_nobody_knows_starts_nothing(organiser):
    assert open_rules(make_case(organiser, detained_at(since=None))) == []


def test_a_prison_gives_no_monthly_reasons_until_the_person_is_moved_to_a_removal_centre(organiser):
    case = make_case(organiser, detained_at("prison-addiewell", since=HELD_SINCE))
    assert open_rules(case) == []
    case_places.transfer(case, detained_at("brook-house", since=REFUSED), organiser)
    assert of_rule(case, "detention_monthly_reasons").event_on == HELD_SINCE


def test_a_transfer_leaves_the_dates_of_the_detention_as_they_are(held, organiser):
    before = deadlines.for_case(held)
    case_places.transfer(held, detained_at("brook-house", since=REFUSED), organiser)
    assert [entry.id for entry in deadlines.for_case(held)] == [entry.id for entry in before]


def test_a_transfer_offers_what_a_new_arrival_may_start(held, organiser):
    place = detained_at("brook-house", since=clock.today())
    changes = foreseen(held, organiser, lambda effects: case_places.move(held, place, organiser, effects))
    assert [offer.key for offer in changes.offers] == ["detention_medical_24h:"]
    assert [place.until for place in held.places] == [None, None]


def test_a_release_ends_the_stay_and_the_dates_of_the_detention(held, organiser, record):
    record(held, "bail_refused", REFUSED)
    record(held, "release", GRANTED)
    assert open_rules(held) == []
    assert not whereabouts.is_detained(held, GRANTED + timedelta(1))


def test_after_a_release_another_home_starts_no_detention(held, organiser, record):
    record(held, "release", clock.today())
    case_places.add_place(held, home("S1 2HH"), organiser)
    assert open_rules(held) == []


def test_a_release_that_was_taken_back_puts_the_person_and_the_dates_back(held, organiser, record):
    row = record(held, "release", GRANTED)
    events.take_back(held, row.id, organiser)
    assert open_rules(held) == ["detention_monthly_reasons"]
    assert whereabouts.is_detained(held, clock.today())


def test_a_last_day_typed_for_the_place_ends_the_dates_of_the_detention_too(held, organiser):
    (place,) = [place for place in held.places if place.kind == PlaceKind.DETENTION]
    over = NewPlace(PlaceKind.DETENTION, place_id="yarls-wood", since=HELD_SINCE, until=GRANTED)
    case_places.change_place(held, place.id, over, place.version, organiser)
    assert open_rules(held) == []
    (entry,) = deadlines.settled_in(held)
    assert entry.settled_how == "the person was released, or is no longer held"


def test_a_first_day_that_is_put_right_counts_the_dates_of_the_detention_from_there(held, organiser):
    (place,) = [place for place in held.places if place.kind == PlaceKind.DETENTION]
    earlier = NewPlace(PlaceKind.DETENTION, place_id="yarls-wood", since=date(2026, 9, 10))
    case_places.change_place(held, place.id, earlier, place.version, organiser)
    assert of_rule(held, "detention_monthly_reasons").last_on == date(2026, 12, 10)


def test_a_place_of_detention_that_was_a_mistake_takes_its_dates_with_it(held, organiser):
    (place,) = [place for place in held.places if place.kind == PlaceKind.DETENTION]
    case_places.remove_place(held, place.id, organiser)
    assert open_rules(held) == []
    assert [entry.settled_how for entry in deadlines.settled_in(held)] == ["it was recorded by mistake"]


def test_who_is_detained_again_after_a_release_begins_anew(held, organiser, record):
    record(held, "release", REFUSED)
    case_places.add_place(held, detained_at("brook-house", since=GRANTED), organiser)
    assert of_rule(held, "detention_monthly_reasons").event_on == GRANTED


def test_who_is_held_again_on_the_day_after_the_release_is_detained_anew(held, organiser, record):
    record(held, "release", REFUSED)
    case_places.add_place(held, detained_at("brook-house", since=REFUSED + timedelta(1)), organiser)
    case_places.add_place(held, home("S1 2HH"), organiser)
    assert of_rule(held, "detention_monthly_reasons").event_on == REFUSED + timedelta(1)


def test_a_move_that_was_a_mistake_takes_its_dates_with_it(held, organiser):
    answers = Answers(offers=frozenset({"detention_medical_24h:"}))
    moved = case_places.transfer(held, detained_at("brook-house", since=clock.today()), organiser, answers)
    assert "detention_medical_24h" in open_rules(held)
    case_places.remove_place(held, moved.id, organiser)
    assert "detention_medical_24h" not in open_rules(held)


def test_a_transfer_that_was_a_mistake_and_is_put_right_leaves_the_dates_of_the_detention(held, organiser):
    moved = case_places.transfer(held, detained_at("brook-house", since=REFUSED), organiser)
    case_places.remove_place(held, moved.id, organiser)  # the stay before it still ends on that day
    assert open_rules(held) == []
    (place,) = [place for place in held.places if place.kind == PlaceKind.DETENTION]
    still = NewPlace(PlaceKind.DETENTION, place_id="yarls-wood", since=HELD_SINCE)
    case_places.change_place(held, place.id, still, place.version, organiser)
    assert open_rules(held) == ["detention_monthly_reasons"]


def test_who_is_detained_while_a_limit_runs_is_shown_the_shorter_one_beside_it(organiser, record):
    case = make_case(organiser, home())
    record(case, "upper_appeal_dismissed", sent=date(2026, 11, 9), how=How.EMAIL)
    (longer,) = deadlines.for_case(case)
    assert longer.final == date(2026, 11, 23)
    case_places.add_place(case, detained_at(since=date(2026, 11, 12)), organiser)
    found = [entry for entry in deadlines.for_case(case) if entry.rule_key == longer.rule_key]
    assert [entry.final for entry in found] == [date(2026, 11, 16), date(2026, 11, 23)]
    assert "keep to the earlier date" in found[0].condition
    case_places.add_place(case, detained_at(since=date(2026, 11, 14)), organiser)  # a transfer opens no third
    assert open_rules(case).count(longer.rule_key) == 2
