"""What happens in a case: recorded with the dates it starts and ends, seen before it is saved, and taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind, Remedy, ResponseKind
from casework.domain.timing.deadline_rules import How
from casework.domain.timing.removals import Ending
from casework.domain.timing.triggers import Told
from casework.services.case import whereabouts
from casework.services.case.timeline import timeline
from casework.services.case.whereabouts import left_on
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.timing import deadlines, events, removal_ends, removals, settling
from casework.services.timing.effects import Answers
from casework.storage.database import db
from casework.storage.models import AuditEvent, CaseEvent
from tests.factories import detained_at, home, make_case
from tests.happenings import GRANTED, HELD_SINCE, REFUSED, of_rule, open_rules, seen, settled_rules

# A refusal of bail, and what follows


def test_a_refusal_of_bail_opens_the_28_days_that_begin_with_it(held, record):
    row = record(held, "bail_refused", REFUSED, note="The judge said: no ties.")
    (entry,) = events.started_by(row)
    assert (entry.rule_key, entry.earliest_on) == ("bail_repeat_28_days", date(2026, 12, 1))
    assert row.note == "The judge said: no ties."


def test_bail_that_is_granted_ends_the_28_days_and_says_so(held, record):
    record(held, "bail_refused", REFUSED)
    granted = record(held, "bail_granted", GRANTED)
    (entry,) = events.ended_by(granted)
    assert (entry.rule_key, entry.settled_on) == ("bail_repeat_28_days", GRANTED)
    assert entry.settled_how == "bail was granted"


def test_a_second_refusal_starts_the_28_days_anew(held, record):
    record(held, "bail_refused", REFUSED)
    record(held, "bail_refused", GRANTED)
    assert of_rule(held, "bail_repeat_28_days").earliest_on == date(2026, 12, 16)
    assert settled_rules(held) == ["bail_repeat_28_days"]


def test_what_happened_before_a_date_began_does_not_end_it(held, record):
    record(held, "bail_refused", GRANTED)
    record(held, "bail_granted", REFUSED)
    assert "bail_repeat_28_days" in open_rules(held)


def test_a_review_asked_for_before_the_posted_decision_counts_as_served_ends_its_time(organiser, record):
    case = make_case(organiser, home())
    refusal = NewPaper(
        Kind.HOME_OFFICE_RESPONSE,
        response=ResponseKind.REFUSAL,
        remedy=Remedy.REVIEW,
        dated=GRANTED,
        received_how="post",
    )
    correspondence.record_paper(case, refusal, organiser)
    assert of_rule(case, "admin_review_in_uk").event_on == GRANTED + timedelta(2)
    record(case, "review_asked", GRANTED + timedelta(1))
    assert open_rules(case) == []


def test_an_event_of_one_case_ends_nothing_in_another(held, organiser, record):
    other = make_case(organiser, detained_at(since=HELD_SINCE))
    record(other, "bail_refused", REFUSED)
    record(held, "bail_granted", GRANTED)
    assert "bail_repeat_28_days" in open_rules(other)


def test_a_refusal_of_bail_for_somebody_not_known_to_be_held_opens_nothing_and_says_why(organiser, record):
    free = make_case(organiser, home())
    (left_out,) = seen(free, organiser, "bail_refused", REFUSED).left_out
    assert "has no place of detention for 3 November 2026" in left_out.why
    record(free, "bail_refused", REFUSED)
    assert open_rules(free) == []


# Seen before it is saved


def test_what_will_change_is_shown_and_nothing_is_kept(held, organiser, record):
    record(held, "bail_refused", REFUSED)
    before = (CaseEvent.query.count(), AuditEvent.query.count(), open_rules(held))
    changes = seen(held, organiser, "bail_refused", GRANTED)
    assert [one.entry.earliest_on for one in changes.opens] == [date(2026, 12, 16)]
    assert [entry.earliest_on for entry in changes.ends] == [date(2026, 12, 1)]
    assert [entry.rule_key for entry in changes.stays] == ["detention_monthly_reasons"]
    assert [offer.key for offer in changes.offers] == ["bail_auto_referral:"]
    assert (CaseEvent.query.count(), AuditEvent.query.count(), open_rules(held)) == before


def test_what_is_shown_is_what_is_then_saved(held, organiser, record):
    changes = seen(held, organiser, "bail_refused", REFUSED)
    row = record(held, "bail_refused", REFUSED)
    assert [(one.entry.title, one.entry.aim) for one in changes.opens] == [
        (one.title, one.aim) for one in events.started_by(row)
    ]


def test_two_looks_at_the_same_thing_say_the_same_until_something_changed(held, organiser, record):
    first = seen(held, organiser, "bail_granted", GRANTED).fingerprint
    assert seen(held, organiser, "bail_granted", GRANTED).fingerprint == first
    record(held, "bail_refused", REFUSED)
    assert seen(held, organiser, "bail_granted", GRANTED).fingerprint != first


def test_a_date_that_fits_only_some_is_offered_and_opens_when_somebody_says_so(held, record):
    record(held, "bail_refused", REFUSED)
    assert "bail_auto_referral" not in open_rules(held)
    record(held, "bail_refused", GRANTED, Answers(offers=frozenset({"bail_auto_referral:"})))
    assert of_rule(held, "bail_auto_referral").last_on == date(2027, 3, 18)


def test_an_offer_that_was_running_already_is_ticked_when_it_starts_anew(held, organiser, record):
    record(held, "bail_refused", REFUSED, Answers(offers=frozenset({"bail_auto_referral:"})))
    (offer,) = seen(held, organiser, "bail_refused", GRANTED).offers
    assert offer.ticked
    record(held, "bail_refused", GRANTED)
    assert of_rule(held, "bail_auto_referral").event_on == GRANTED


def test_a_date_that_somebody_says_goes_on_is_not_ended(held, record):
    record(held, "bail_refused", REFUSED)
    record(held, "bail_granted", GRANTED, Answers(ends=frozenset()))
    assert "bail_repeat_28_days" in open_rules(held)


def test_where_two_lengths_may_apply_both_are_offered_and_the_sooner_is_ticked(organiser, record):
    case = make_case(organiser, home())
    offers = seen(case, organiser, "accommodation_notice", REFUSED).offers
    assert [(offer.length, offer.ticked) for offer in offers] == [
        ("28 days", True),
        ("56 days, for listed vulnerable groups", False),
    ]
    record(case, "accommodation_notice", REFUSED)
    assert of_rule(case, "asylum_support_move_on").variant == "standard"


def test_the_length_follows_from_where_the_person_is_and_how_the_notice_came(organiser, held, record):
    record(held, "upper_appeal_dismissed", sent=REFUSED, how=How.EMAIL)
    assert of_rule(held, "ut_pta_court_of_appeal").variant == "detained_electronic_or_by_hand"
    free = make_case(organiser, home())
    record(free, "upper_appeal_dismissed", sent=REFUSED, how=How.POST)
    assert of_rule(free, "ut_pta_court_of_appeal").variant == "in_uk_posted"


def test_who_was_held_on_the_day_of_the_decision_has_the_shorter_time_although_it_came_after_the_release(
    organiser,
):
    stay = replace(detained_at(since=date(2026, 10, 1)), until=date(2026, 11, 20))
    case = make_case(organiser, home(), stay)
    paper = NewPaper(
        Kind.HOME_OFFICE_RESPONSE, response=ResponseKind.REFUSAL, remedy=Remedy.REVIEW,
        dated=date(2026, 11, 18), received_on=date(2026, 11, 23), received_how="hand",
    )  # fmt: skip
    (entry,) = deadlines.started_by(correspondence.record_paper(case, paper, organiser))
    assert entry.rule_key == "admin_review_detained"
    assert (entry.aim, entry.last_on) == (date(2026, 11, 27), date(2026, 11, 30))


# Days that cannot be


@pytest.mark.parametrize(
    ("name", "told", "field", "says"),
    [
        ("bail_refused", {"on": None}, "on", "Type the day"),
        ("bail_refused", {"on": clock.today() + timedelta(1)}, "on", "has not come yet"),
        ("support_refused", {"sent": None}, "sent", "Type the day"),
        ("support_refused", {"sent": REFUSED}, "received", "Give that day"),
        ("reasons_sent", {"received": REFUSED}, "sent", "Give that day"),
        ("reasons_sent", {"sent": GRANTED, "received": REFUSED}, "received", "before it was sent"),
    ],
    ids=["no day", "to come", "no day of a notice", "not received", "not sent", "backwards"],
)
def test_a_day_that_cannot_be_or_is_lacking_is_answered_at_its_field(held, record, name, told, field, says):
    with pytest.raises(CaseworkError, match=says) as error:
        record(held, name, **told)
    assert error.value.field == field
    db.session.rollback()
    assert events.list_events(held) == []


@pytest.mark.parametrize("name", ["decision_sent", "transfer", "surgery_visit", "a_birthday"])
def test_what_is_recorded_elsewhere_or_unknown_is_not_recorded_as_an_event(held, record, name):
    with pytest.raises(NotFound):
        record(held, name, REFUSED)


def test_a_notice_that_was_posted_counts_from_the_day_it_is_taken_as_served(organiser):
    case = make_case(organiser, home())
    paper = NewPaper(
        Kind.HOME_OFFICE_RESPONSE,
        response=ResponseKind.REFUSAL,
        remedy=Remedy.REVIEW,
        dated=REFUSED,
        received_how="post",
    )
    (entry,) = deadlines.started_by(correspondence.record_paper(case, paper, organiser))
    row = of_rule(case, "admin_review_in_uk")
    assert row.event_on == date(2026, 11, 5)  # the second working day after a Tuesday
    assert entry.last_on == date(2026, 11, 19)
    assert Told.read(row.told) == Told(sent=REFUSED, how=How.POST, known_by=clock.today())


# Leaving the UK


def test_what_a_person_in_the_uk_may_do_is_not_opened_for_somebody_who_left(organiser, record):
    case = make_case(organiser, home())
    record(case, "departure", REFUSED)
    assert left_on(case, GRANTED) == REFUSED
    paper = NewPaper(
        Kind.HOME_OFFICE_RESPONSE,
        response=ResponseKind.REFUSAL,
        remedy=Remedy.APPEAL,
        dated=GRANTED,
        received_on=GRANTED,
        received_how="email",
    )
    correspondence.record_paper(case, paper, organiser)
    assert open_rules(case) == ["ftt_appeal_out_of_uk_receipt"]


def test_the_appeal_from_abroad_is_offered_on_departure_and_not_opened_by_itself(organiser):
    case = make_case(organiser, home())
    (offer,) = seen(case, organiser, "departure", REFUSED).offers
    assert offer.key == "ftt_appeal_after_departure:"
    assert "only after leaving the UK" in offer.for_whom
    assert not offer.ticked


def test_who_leaves_the_uk_is_not_held_any_more_and_no_removal_runs(held, organiser, record):
    notice = NewPaper(
        Kind.HOME_OFFICE_RESPONSE, response=ResponseKind.REMOVAL_NOTICE, dated=REFUSED, received_on=REFUSED
    )
    correspondence.record_paper(held, notice, organiser)
    record(held, "departure", GRANTED)
    assert open_rules(held) == []
    assert not whereabouts.is_detained(held, GRANTED + timedelta(1))


# An attempt to remove the person


def start_clock(case, actor, given=REFUSED):
    return removals.record_removal(case, removals.RemovalFacts(notice_given_on=given), actor)


@pytest.mark.parametrize(
    ("name", "ended_as"),
    [
        ("removal_cancelled", Ending.CANCELLED),
        ("leave_granted", Ending.CANCELLED),
        ("removal_failed", Ending.FAILED),
        ("departure", Ending.REMOVED),
    ],
)
def test_what_ends_an_attempt_to_remove_somebody_stops_the_clock_and_taken_back_starts_it_again(
    organiser, record, name, ended_as
):
    case = make_case(organiser, home())
    attempt = start_clock(case, organiser)
    told = {"sent": GRANTED} if name == "leave_granted" else {"on": GRANTED}
    row = record(case, name, **told)
    assert attempt.ended_as == ended_as
    assert open_rules(case) == []
    events.take_back(case, row.id, organiser)
    assert attempt.ended_as is None
    assert open_rules(case) == ["removal_notice_period"]


def test_an_attempt_whose_notice_came_later_goes_on(organiser, record):
    case = make_case(organiser, home())
    attempt = start_clock(case, organiser, given=GRANTED)
    record(case, "removal_cancelled", REFUSED)
    assert attempt.ended_as is None


def test_an_attempt_that_ended_with_a_removal_takes_the_person_abroad_and_back_when_it_was_a_mistake(
    held, organiser
):
    attempt = start_clock(held, organiser)
    removal_ends.end_removal(held, attempt.id, Ending.REMOVED, GRANTED, None, organiser)
    assert left_on(held, GRANTED) == GRANTED
    assert open_rules(held) == []
    assert not whereabouts.is_detained(held, clock.today())
    removal_ends.reopen_removal(held, attempt.id, organiser)
    assert left_on(held, GRANTED) is None
    assert whereabouts.is_detained(held, clock.today())
    assert set(open_rules(held)) == {"removal_notice_period", "detention_monthly_reasons"}


def test_an_end_is_told_once_in_what_has_happened(organiser, record):
    case = make_case(organiser, home())
    start_clock(case, organiser)
    record(case, "removal_cancelled", GRANTED)
    told = [event.words for event in timeline(case) if event.on == GRANTED]
    assert told == ["The removal was cancelled, or its notice withdrawn"]


# Taken back


def test_an_event_that_was_taken_back_withdraws_its_open_dates_and_opens_those_it_had_ended(
    held, organiser, record
):
    first = record(held, "bail_refused", REFUSED)
    second = record(held, "bail_refused", GRANTED)
    events.take_back(held, second.id, organiser)
    assert of_rule(held, "bail_repeat_28_days").event_id == first.id
    (withdrawn,) = [row for row in events.started_by(second) if row.settled_on]
    assert withdrawn.settled_how == "it was recorded by mistake"
    assert events.list_events(held) == [first]


def test_a_date_that_somebody_settled_since_stays_settled_when_the_event_is_taken_back(
    held, organiser, record
):
    row = record(held, "bail_refused", REFUSED)
    date_ = of_rule(held, "bail_repeat_28_days")
    settling.settle(held, date_.id, "A new application went in.", clock.today(), organiser)
    events.take_back(held, row.id, organiser)
    assert [entry.settled_how for entry in events.started_by(row)] == ["A new application went in."]


def test_who_takes_it_back_second_is_told_and_nothing_is_done_twice(held, organiser, record):
    row = record(held, "bail_refused", REFUSED)
    events.take_back(held, row.id, organiser)
    with pytest.raises(OutOfDate):
        events.take_back(held, row.id, organiser)


def test_an_event_of_another_case_is_not_there(held, organiser, record):
    row = record(held, "bail_refused", REFUSED)
    other = make_case(organiser)
    with pytest.raises(NotFound):
        events.take_back(other, row.id, organiser)


def test_the_trail_keeps_what_was_recorded_and_how_many_dates_it_moved(held, record):
    record(held, "bail_refused", REFUSED)
    line = AuditEvent.query.filter_by(action="event recorded").order_by(AuditEvent.id.desc()).first()
    assert {**line.facts, "event": 0} == {"event": 0, "what": "bail_refused", "opened": 1, "ended": 0}
