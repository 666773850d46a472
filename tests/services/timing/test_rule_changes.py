"""Changes of rules and bank holidays: taken over, counted by, taken back; and what they move."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from casework import clock
from casework.app import create_app
from casework.domain.errors import CaseworkError, SettingsError
from casework.domain.safety.accounts import Role
from casework.domain.timing.deadline_rules import How
from casework.domain.timing.settling import StatedFrom
from casework.domain.timing.triggers import Told
from casework.reference.changed_book import changed_book
from casework.reference.regions import REGIONS
from casework.reference.rule_book import rule_book as published
from casework.reference.rule_changes import Change, ChangeKind, holiday_change, rule_change
from casework.services.case import case_places, cases, moves
from casework.services.safety import audit
from casework.services.timing import counting, deadlines, diary, recounting, rule_changes, settling
from casework.services.timing.recounting import Reason
from casework.services.timing.rule_book import rule_book
from casework.services.timing.rule_changes import bring_up_to_date
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Deadline, DeadlineMove, InstanceNote, RuleChange
from tests.conftest import settings_for
from tests.factories import detained_at, home, make_case, make_user

IS_BOOK = InstanceNote.key == recounting.COUNTED_BY
REFUSED = date(2026, 11, 23)  # a Monday; day 14 is Monday 7 December
SIGNED = {"why": "It was announced.", "signed_by": "Ruth Ellery", "signed_on": date(2026, 11, 20)}
FACTS = {"title": "Day of thanks", "source": "gov.uk", "checked_on": date(2026, 11, 20)}
FILE_ENTRY = """
[[holidays]]
date = 2026-12-07
title = "Day of thanks"
divisions = ["england-and-wales"]
source = "gov.uk"
checked_on = 2026-11-20
why = "It was announced."
signed_by = "Idris Vane"
signed_on = 2026-11-20
"""


def holiday(day=date(2026, 12, 7), *divisions):
    table = {"date": day, "divisions": list(divisions or ("england-and-wales",)), **FACTS, **SIGNED}
    return holiday_change(ChangeKind.HOLIDAY, table, "a test")


def shorter(**facts):
    return rule_change("ftt_appeal_in_uk", {"length": 10, **facts, **SIGNED}, "a test")


@pytest.fixture
def case(organiser):
    return make_case(organiser, home())


@pytest.fixture
def appeal(case, organiser):
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", REFUSED, None, organiser)
    assert (row.safe_on, row.last_on) == (date(2026, 12, 7), date(2026, 12, 7))
    return row


def test_an_added_holiday_moves_an_open_date_which_says_what_it_was_and_why(appeal, organiser):
    assert rule_changes.add_change(holiday(), organiser) == 1
    assert (appeal.safe_on, appeal.last_on) == (date(2026, 12, 4), date(2026, 12, 8))
    assert (appeal.aim_on, appeal.final_on) == (appeal.safe_on, appeal.last_on)
    assert appeal.moved == (
        "Was Monday 7 December, now Tuesday 8 December 2026 (the day to aim for was Monday 7 December, now Friday "
        "4 December 2026), because Monday 7 December 2026 is a bank holiday in England and Wales (Day of thanks): "
        "It was announced."
    )
    assert diary.entry_of_deadline(appeal).moved == appeal.moved
    (move,) = appeal.moves
    assert (move.was, move.now) == (
        {"safe": "2026-12-07", "last": "2026-12-07"},
        {"safe": "2026-12-04", "last": "2026-12-08"},
    )
    assert move.rule_change_id == rule_changes.list_changes()[0].id


def test_the_days_of_the_count_name_the_holiday_and_who_added_it(appeal, organiser):
    rule_changes.add_change(holiday(), organiser)
    whys = [day["why"] for day in appeal.working["days"] if day["date"] == "2026-12-07"]
    assert whys == ["day 14 (Day of thanks, added by this group)"]


def test_the_trail_holds_who_changed_what_and_each_date_that_moved(appeal, case, organiser):
    rule_changes.add_change(holiday(), organiser)
    (moved,) = [event for event in audit.list_events(organiser, case) if event.action == "date moved"]
    assert moved.user_name == "Ruth Ellery"
    assert moved.facts["now"] == ["2026-12-04", "2026-12-08"]
    assert audit.verify().broken == ()
    (added,) = [event for event in audit.list_events(organiser) if event.action == "bank holiday added"]
    assert added.facts == {"change": rule_changes.list_changes()[0].id, "about": "2026-12-07"}


def test_a_change_that_is_taken_back_moves_the_date_back_and_says_so(appeal, organiser):
    rule_changes.add_change(holiday(), organiser)
    assert rule_changes.withdraw(rule_changes.list_changes()[0], organiser) == 1
    assert appeal.last_on == date(2026, 12, 7)
    assert "because this group took back that Monday 7 December 2026 is a bank holiday" in appeal.moved
    assert len(appeal.moves) == 2
    assert rule_changes.list_changes() == []
    (taken_back,) = rule_changes.list_changes(withdrawn=True)
    assert taken_back.withdrawn_by == "Ruth Ellery"
    with pytest.raises(CaseworkError, match="taken back already"):
        rule_changes.withdraw(taken_back, organiser)


def test_a_listed_holiday_that_is_none_moves_dates_too(case, organiser):
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", date(2026, 3, 20), None, organiser)
    assert row.last_on == date(2026, 4, 7)  # Easter Monday is closed
    table = {"date": date(2026, 4, 6), "divisions": ["england-and-wales"], "source": "gov.uk"}
    table |= {"checked_on": date(2026, 3, 1), **SIGNED}
    rule_changes.add_change(holiday_change(ChangeKind.NO_HOLIDAY, table, "a test"), organiser)
    assert row.last_on == date(2026, 4, 6)


def test_a_changed_rule_moves_what_happened_from_its_day_on_and_leaves_what_happened_before(case, organiser):
    before = deadlines.record_deadline(case, "ftt_appeal_in_uk", date(2026, 11, 20), None, organiser)
    after = deadlines.record_deadline(case, "ftt_appeal_in_uk", REFUSED, None, organiser)
    assert rule_changes.add_change(shorter(in_force_from=date(2026, 11, 21)), organiser) == 1
    assert (before.last_on, before.moved) == (date(2026, 12, 4), None)
    assert after.last_on == date(2026, 12, 3)
    assert after.moved.endswith("because this group changed this rule: It was announced.")
    assert after.working["changed"].startswith("Changed by this group. Ruth Ellery, 20 November 2026")
    later = deadlines.record_deadline(case, "ftt_appeal_in_uk", date(2026, 12, 1), None, organiser)
    assert later.last_on == date(2026, 12, 11)


def test_a_change_that_moves_no_day_still_shows_in_the_working(appeal, organiser):
    change = rule_change("ftt_appeal_in_uk", {"authority": "SI 2026/1234", **SIGNED}, "a test")
    assert rule_changes.add_change(change, organiser) == 0
    assert (appeal.working["authority"], appeal.moved, appeal.moves) == ("SI 2026/1234", None, [])


def test_the_date_that_a_lawyer_confirmed_stays_and_ours_moves_beside_it(appeal, case, organiser):
    settling.state(case, appeal.id, date(2026, 12, 2), "the lawyer, by phone", organiser)
    rule_changes.add_change(holiday(), organiser)
    assert (appeal.stated_on, appeal.final_on, appeal.last_on) == (
        date(2026, 12, 2),
        date(2026, 12, 2),
        date(2026, 12, 8),
    )


def test_a_settled_date_stays_as_it_was_and_is_counted_anew_when_it_is_opened_again(appeal, case, organiser):
    settling.settle(case, appeal.id, "sent", clock.today(), organiser)
    assert rule_changes.add_change(holiday(), organiser) == 0
    assert appeal.last_on == date(2026, 12, 7)
    settling.reopen(case, appeal.id, organiser)
    assert appeal.last_on == date(2026, 12, 8)
    assert appeal.moved.endswith("because rules or bank holidays changed while this date was settled.")


def test_a_rule_that_has_ended_leaves_its_date_to_be_worked_out_and_says_what_it_was(appeal, organiser):
    change = rule_change("ftt_appeal_in_uk", {"in_force_to": date(2026, 11, 22), **SIGNED}, "a test")
    rule_changes.add_change(change, organiser)
    assert (appeal.last_on, appeal.final_on) == (None, None)
    assert appeal.cannot_say == "This rule ended on 22 November 2026. Check the date."
    assert appeal.moved.startswith("Was Monday 7 December 2026, and cannot be worked out now, because")


def test_a_date_by_a_rule_of_the_group_survives_that_the_rule_is_taken_back(case, organiser):
    base = {
        "name": "The new form",
        "in_short": "It is in time within 5 days.",
        "kind": "hard_limit",
        "owed_by": "us",
    }
    base |= {
        "actor": "us",
        "trigger": "the form",
        "trigger_is": "event",
        "counting": "after_day",
        "length": 5,
    }
    base |= {
        "unit": "calendar_days",
        "calendar": "calendar_days",
        "end_rule": "no_roll",
        "authority": "a letter",
    }
    rule_changes.add_change(rule_change("new_form", {**base, **SIGNED}, "a test"), organiser)
    row = deadlines.record_deadline(case, "new_form", REFUSED, None, organiser)
    assert row.last_on == date(2026, 11, 28)
    rule_changes.withdraw(rule_changes.list_changes()[0], organiser)
    assert row.cannot_say == "The rule by which this was counted is no longer there."
    assert diary.entry_of_deadline(row).title == "The new form"


def test_a_posted_notice_is_taken_as_served_later_after_a_holiday_and_its_date_follows(case, organiser):
    posted = date(2026, 12, 24)
    told = Told(posted=posted, how=How.POST)
    row = deadlines.add_deadline(case, "admin_review_in_uk", posted, organiser, told=told)
    assert (row.event_on, row.last_on) == (date(2026, 12, 30), date(2027, 1, 13))
    rule_changes.add_change(holiday(date(2026, 12, 29)), organiser)
    assert (row.event_on, row.last_on) == (date(2026, 12, 31), date(2027, 1, 14))
    deemed = rule_book().rule("admin_review_in_uk").deemed_by_for(None)
    rule_changes.add_change(rule_change(deemed, {"length": 3, **SIGNED}, "a test"), organiser)
    assert (row.event_on, row.last_on) == (date(2027, 1, 4), date(2027, 1, 18))
    assert "because the rule “" in row.moved, "another rule than its own moved it"


def test_what_else_is_known_since_a_date_was_counted_is_said_among_the_reasons(appeal, case, organiser):
    case_places.add_place(case, detained_at("dungavel", since=date(2026, 11, 20)), organiser)
    rule_changes.add_change(holiday(date(2026, 12, 7), "scotland"), organiser)
    assert appeal.last_on == date(2026, 12, 8)
    assert "because it counts in another part of the UK than before" in appeal.moved
    assert "; Monday 7 December 2026 is a bank holiday in Scotland" in appeal.moved


def test_a_forecast_names_the_dates_of_one_s_own_cases_and_counts_the_others_and_changes_nothing(
    appeal, case, organiser
):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    other = make_case(idris, home(), name="Nadia")
    cases.remove_from_team(other, organiser.id, idris)
    deadlines.record_deadline(other, "ftt_appeal_in_uk", REFUSED, None, idris)
    forecast = rule_changes.foresee_change(holiday(), organiser)
    assert [(one.reference, one.person) for one in forecast.seen] == [(case.reference, "Samira A.")]
    assert forecast.elsewhere == 1
    db.session.rollback()
    assert appeal.last_on == date(2026, 12, 7)
    assert rule_changes.list_changes() == []


def test_dates_that_moved_are_listed_for_those_who_work_on_the_case_alone(appeal, organiser):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    rule_changes.add_change(holiday(), organiser)
    (moved,) = moves.list_moved(organiser)
    assert (moved.person, moved.deadline_id, moved.move.said) == ("Samira A.", appeal.id, appeal.moved)
    assert moves.list_moved(organiser, before=moved.id) == []
    assert moves.list_moved(idris) == []


def test_a_date_that_is_counted_from_other_facts_no_longer_says_how_it_moved(appeal, organiser):
    rule_changes.add_change(holiday(), organiser)
    appeal.event_on = date(2026, 11, 24)
    counting.count(appeal)
    assert appeal.moved is None


def test_a_change_that_does_not_fit_is_refused_with_its_field_and_nothing_is_kept(appeal, organiser):
    with pytest.raises(CaseworkError) as error:
        rule_changes.add_change(shorter(unit="working_days", calendar="moon"), organiser)
    assert error.value.field == "calendar"
    assert rule_changes.list_changes() == []


def test_two_programs_on_one_instance_never_count_by_an_old_book(app, instance, case, organiser):
    other = create_app(settings_for(instance))
    with other.app_context():
        assert rule_book().rule("ftt_appeal_in_uk").length == published().rule("ftt_appeal_in_uk").length
        db.session.rollback()
        with app.app_context():
            rule_changes.add_change(shorter(), db.session.merge(organiser))
        assert str(rule_book().rule("ftt_appeal_in_uk").length) == "10 calendar days"
        db.engine.dispose()


def test_what_was_not_saved_is_in_nobody_s_book(app, organiser):
    written = {
        "key": "ftt_appeal_in_uk",
        "why": "w",
        "origin": "form",
        "signed_by": "R",
        "made_at": clock.now(),
    }
    db.session.add(RuleChange(kind="rule", facts={"length": 10}, signed_on=REFUSED, **written))
    db.session.flush()
    assert str(rule_book().rule("ftt_appeal_in_uk").length) == "10 calendar days"
    db.session.rollback()
    assert str(rule_book().rule("ftt_appeal_in_uk").length) == "14 calendar days"
    rule_changes.add_change(holiday(), organiser)  # it gets the number of the one that was not saved
    assert str(rule_book().rule("ftt_appeal_in_uk").length) == "14 calendar days"
    assert date(2026, 12, 7) in rule_book().holidays.named("england-and-wales")


def test_outside_an_instance_the_book_is_the_program_s_own():
    assert rule_book() is published()


def write(instance, text):
    (instance / "rule_changes.toml").write_text(text, "utf-8")


def test_the_group_s_file_is_taken_over_at_the_start_signed_by_whom_it_names(appeal, instance):
    write(instance, FILE_ENTRY)
    deadline_id = appeal.id
    with create_app(settings_for(instance)).app_context():
        assert db.session.get(Deadline, deadline_id).last_on == date(2026, 12, 8)
        (line,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bank holiday added"))
        assert line.user_name == "Idris Vane (rule_changes.toml)"
        db.engine.dispose()
    with create_app(settings_for(instance)).app_context():
        assert len(rule_changes.list_changes()) == 1, "a second start adds nothing"
        db.engine.dispose()


def test_what_is_gone_from_the_file_is_taken_back_and_what_was_edited_replaced(app, instance, appeal):
    write(instance, FILE_ENTRY)
    assert bring_up_to_date(current_instance()) == rule_changes.Adopted(1, 0, 1)
    write(instance, FILE_ENTRY.replace("Day of thanks", "Day of peace"))
    assert bring_up_to_date(current_instance()) == rule_changes.Adopted(1, 1, 0)
    assert "Day of peace" in appeal.working["days"][-2]["why"]
    (instance / "rule_changes.toml").unlink()
    assert bring_up_to_date(current_instance()) == rule_changes.Adopted(0, 1, 1)
    assert appeal.last_on == date(2026, 12, 7)
    assert bring_up_to_date(current_instance()) == rule_changes.Adopted(0, 0, 0)


def test_a_change_that_stands_in_the_file_is_not_taken_back_by_a_page(app, instance, organiser):
    write(instance, FILE_ENTRY)
    bring_up_to_date(current_instance())
    with pytest.raises(CaseworkError, match="stands in the file"):
        rule_changes.withdraw(rule_changes.list_changes()[0], organiser)


def test_it_does_not_start_on_a_malformed_file_and_names_entry_and_field(app, instance):
    write(instance, FILE_ENTRY.replace("england-and-wales", "england"))
    with pytest.raises(SettingsError, match="holidays, entry 1, field divisions"):
        create_app(settings_for(instance))


def test_it_does_not_start_on_a_kept_change_that_no_longer_fits_and_says_the_mend(app, instance, organiser):
    rule_changes.add_change(shorter(), organiser)
    db.session.execute(update(RuleChange).values(facts={"calendar": "moon"}))
    db.session.commit()
    with pytest.raises(SettingsError, match="casework rules withdraw NUMBER --by NAME"):
        create_app(settings_for(instance))
    with create_app(settings_for(instance), count_anew=False).app_context():
        rule_changes.withdraw(rule_changes.list_changes()[0], None, "Ruth Ellery")
        db.engine.dispose()
    with create_app(settings_for(instance)).app_context():
        assert rule_book().fingerprint == published().fingerprint
        db.engine.dispose()


def test_a_newer_program_counts_every_open_date_anew_and_says_so(app, instance, appeal):
    db.session.execute(update(InstanceNote).where(IS_BOOK).values(value="the book of an older Casework"))
    db.session.execute(
        update(Deadline).values(
            safe_on=date(2026, 12, 4), last_on=date(2026, 12, 4), final_on=date(2026, 12, 4)
        )
    )
    db.session.commit()
    deadline_id = appeal.id
    with create_app(settings_for(instance)).app_context():
        row = db.session.get(Deadline, deadline_id)
        assert (row.last_on, row.final_on) == (date(2026, 12, 7), date(2026, 12, 7))
        assert row.moved.endswith(
            "because Casework’s own rules, bank holidays or way of counting were updated."
        )
        (line,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "date moved"))
        assert line.user_name == "Casework"
        db.engine.dispose()


def test_a_newer_program_puts_a_date_in_its_place_though_it_comes_out_the_same(
    app, instance, case, appeal, organiser
):
    settling.state(case, appeal.id, date(2026, 12, 14), None, organiser, stated_from=StatedFrom.LETTER)
    db.session.execute(update(InstanceNote).where(IS_BOOK).values(value="the book of an older Casework"))
    db.session.execute(update(Deadline).values(final_on=Deadline.stated_on))
    db.session.commit()
    deadline_id = appeal.id
    with create_app(settings_for(instance)).app_context():
        row = db.session.get(Deadline, deadline_id)
        assert (row.final_on, row.moved) == (date(2026, 12, 7), None)
        db.engine.dispose()


def test_an_instance_of_an_older_casework_learns_who_owes_each_date_without_a_word_of_moving(
    app, instance, case, organiser
):
    row = deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    owed = (row.owed_by, row.waiting_for)
    assert owed[0] == "them"
    db.session.execute(delete(InstanceNote).where(IS_BOOK))
    db.session.execute(update(Deadline).values(owed_by="us", waiting_for=None))
    db.session.commit()
    deadline_id = row.id
    with create_app(settings_for(instance)).app_context():
        row = db.session.get(Deadline, deadline_id)
        assert (row.owed_by, row.waiting_for, row.moved) == (*owed, None)
        db.engine.dispose()


def test_a_date_that_could_not_be_known_and_now_can_be_is_a_move(app, instance, appeal):
    unknown = {"safe_on": None, "last_on": None, "aim_on": None, "final_on": None}
    db.session.execute(update(InstanceNote).where(IS_BOOK).values(value="older"))
    db.session.execute(update(Deadline).values(cannot_say="Bank holidays are not known.", **unknown))
    db.session.commit()
    deadline_id = appeal.id
    with create_app(settings_for(instance)).app_context():
        row = db.session.get(Deadline, deadline_id)
        assert row.cannot_say is None
        assert row.moved.startswith("Could not be worked out before, now Monday 7 December 2026, because")
        db.engine.dispose()


@pytest.fixture
def dates_of_every_rule(case, organiser):
    """An open date of every rule and length, for things that happened on several days."""
    for rule in rule_book().rules.values():
        for variant in rule.variants or [None]:
            for day in (date(2026, 11, 20), date(2026, 12, 18), date(2027, 3, 24)):
                with suppress(CaseworkError):  # a rule that makes no date, or was not in force
                    deadlines.add_deadline(case, rule.key, day, organiser, variant=variant)
    db.session.commit()
    return db.session.scalars(select(Deadline)).all()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(date(2026, 11, 20), date(2027, 12, 31)), division=st.sampled_from(list(REGIONS)))
def test_an_added_holiday_never_makes_the_end_of_any_date_earlier(dates_of_every_rule, day, division):
    assert len(dates_of_every_rule) > 150
    change = Change(ChangeKind.HOLIDAY, day.isoformat(), {**FACTS, "divisions": [division]}, "w", "R", day)
    for one in recounting.foresee(changed_book([change]), [Reason(change=change)]):
        for name in ("last", "earliest"):
            assert one.now.get(name, date.max) >= one.was.get(name, date.min), (one.row.rule_key, name)
        if "safe" in one.now:
            assert one.now["safe"] <= one.now["last"]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(date(2026, 11, 20), date(2027, 12, 31)), division=st.sampled_from(list(REGIONS)))
def test_no_date_out_of_reach_of_a_holiday_would_have_moved(dates_of_every_rule, day, division):
    change = Change(ChangeKind.HOLIDAY, day.isoformat(), {**FACTS, "divisions": [division]}, "w", "R", day)
    book = changed_book([change])
    within = [one.row.id for one in recounting.foresee(book, [Reason(change=change)])]
    assert within == [one.row.id for one in recounting.foresee(book, [Reason("everything")])]


def test_moves_are_forgotten_with_their_date(appeal, organiser):
    rule_changes.add_change(holiday(), organiser)
    db.session.delete(appeal)
    db.session.commit()
    assert db.session.scalars(select(DeadlineMove)).all() == []
