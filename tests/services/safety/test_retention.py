"""What goes by itself: when, told of before, and never because a clock was wrong."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from casework import clock
from casework.app import create_app
from casework.domain.errors import CaseworkError
from casework.domain.safety.retention import Kept
from casework.domain.timing.counting import add_months
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letters, papers
from casework.services.safety import audit, case_bins, erasing, retention_choices, retention_coming, sweeping
from casework.services.safety import retention as retention_module
from casework.services.safety.retention_reports import reports
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import (
    Authority,
    Case,
    CaseNote,
    CasePlace,
    InstanceNote,
    Letter,
    Supporter,
    User,
)
from tests.factories import add_note, home, make_case

On = Callable[[datetime], None]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """Goes to a day, with a sweep every 27 days on the way: somebody opens a page now and then."""

    def go(then: datetime) -> None:
        day = clock.now()
        while day < then:
            day = min(day + timedelta(days=27), then)
            monkeypatch.setattr(clock, "now", lambda now=day: now)
            sweeping.sweep()
        db.session.expire_all()

    return go


def in_months(months: int, days: int = 0) -> datetime:
    """Noon of the day that comes so many months and days after today."""
    day = add_months(clock.today(), months) + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.now().tzinfo)


def announced(actor: User) -> list[tuple[str, Kept, int]]:
    return [(one.case.reference, one.kind, one.number) for one in retention_coming.coming_for(actor)]


def test_a_closed_case_is_announced_for_a_month_and_goes_after_six(organiser: User, on: On) -> None:
    case = make_case(organiser, home())
    reference, before, day = case.reference, in_months(6, -1), in_months(6)
    cases.close_case(case, "She may stay.", organiser)
    on(in_months(4))
    assert announced(organiser) == []
    on(before)
    assert announced(organiser) == [(reference, Kept.FACTS, 1)]
    assert db.session.query(Case).count() == 1
    on(day)
    assert db.session.query(Case).count() == 0
    assert (clock.today(), "cases, for good", 1) in reports()
    assert audit.verify().broken == ()


def test_anything_that_somebody_records_postpones_it_and_a_look_does_not(organiser: User, on: On) -> None:
    case = make_case(organiser, home())
    day = in_months(6)
    cases.close_case(case, "She may stay.", organiser)
    on(in_months(5, 15))
    audit.record_look(organiser, case, "cases.show")
    assert announced(organiser)
    add_note(case, "Her sister rang.", organiser)
    assert announced(organiser) == []
    on(day)
    assert db.session.query(CaseNote).count() == 1


def test_what_was_signed_stays_as_proof_after_the_facts_are_gone(organiser: User, on: On) -> None:
    case = make_case(organiser, home(), name="Samira", nationality="Afghan", safe_contact="Text first")
    emptied, gone = in_months(6), in_months(24)
    scan, other = papers.keep(case, b"the scan"), papers.keep(case, b"another paper")
    consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), organiser)
    db.session.query(Authority).one().scan_sha256 = scan
    add_note(case, "A note.", organiser)
    cases.close_case(case, "She may stay.", organiser)
    on(emptied)
    assert (case.name_used, case.nationality, case.safe_contact, case.closed_because) == (
        "Samira", None, None, None,
    )  # fmt: skip
    assert case.emptied_on == clock.today()
    assert db.session.query(CaseNote).count() == db.session.query(CasePlace).count() == 0
    assert cases.get_case(case.reference, organiser).team
    assert papers.read(case, scan) == b"the scan"
    assert other
    on(gone - timedelta(days=1))
    assert [kind for _, kind, _ in announced(organiser)] == [Kept.AUTHORITY]
    on(gone)
    assert db.session.query(Case).count() == db.session.query(Authority).count() == 0


def test_a_draft_goes_ninety_days_after_it_was_last_saved(organiser: User, on: On) -> None:
    case = make_case(organiser, home())
    old = letters.draft_letter(case, "covering-letter", organiser, gss_code="E14001318")
    new = letters.draft_letter(case, "covering-letter", organiser, gss_code="E14001318")
    day = clock.now() + timedelta(days=90)
    on(clock.now() + timedelta(days=61))
    assert announced(organiser) == [(case.reference, Kept.DRAFT, 2)]
    letters.save_draft(new, {**new.blocks}, {**new.facts, "given_to": "Her sister"}, new.version, organiser)
    on(day)
    assert [row.id for row in db.session.query(Letter)] == [new.id]
    assert old


def test_a_shorter_time_counts_a_month_after_it_was_chosen(organiser: User, on: On) -> None:
    case = make_case(organiser, home())
    letters.draft_letter(case, "covering-letter", organiser, gss_code="E14001318")
    on(clock.now() + timedelta(days=50))
    retention_choices.choose({Kept.DRAFT: 30}, organiser)
    assert announced(organiser) == [(case.reference, Kept.DRAFT, 1)]
    chosen_at = clock.now()
    on(chosen_at + timedelta(days=29))
    assert db.session.query(Letter).count() == 1
    on(chosen_at + timedelta(days=30))
    assert db.session.query(Letter).count() == 0


@pytest.mark.parametrize("length", [0, 37])
def test_a_length_outside_its_bounds_is_refused(organiser: User, length: int) -> None:
    with pytest.raises(CaseworkError, match="from 1 month to 36 months"):
        retention_choices.choose({Kept.DRAFT: 60, Kept.FACTS: length}, organiser)
    assert retention_choices.chosen(Kept.DRAFT).length == 90


def test_a_clock_that_jumps_ahead_erases_nothing_before_a_month_of_warning(
    organiser: User, on: On, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(organiser, home())
    letters.draft_letter(case, "covering-letter", organiser, gss_code="E14001318")
    cases.close_case(case, "She may stay.", organiser)
    supporters.add_supporter(make_case(organiser, home()), organiser, name="Ada", postcode="S1 2HH")
    on(clock.now() + timedelta(days=31))
    far, back = clock.now() + timedelta(days=4000), clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: far)
    sweeping.sweep()
    left = [db.session.query(table).count() for table in (Case, Letter, Supporter)]
    assert left == [2, 1, 1]
    assert {kind for _, kind, _ in announced(organiser)} == {Kept.FACTS, Kept.DRAFT, Kept.SUPPORTER}
    monkeypatch.setattr(clock, "now", lambda: back)
    sweeping.sweep()
    assert db.session.query(Case).count() == 2
    on(back + timedelta(days=200))
    assert db.session.query(Case).count() == 1


def test_supporters_let_go_of_stand_in_the_report(organiser: User, on: On) -> None:
    supporters.add_supporter(make_case(organiser, home()), organiser, name="Ada", postcode="S1 2HH")
    day = in_months(12)
    on(day)
    assert (1, "supporters") in [(number, what) for _, what, number in reports()]


def test_a_step_of_the_sweep_that_fails_stops_no_other_and_is_tried_again_that_day(
    organiser: User, on: On, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(organiser, home())
    cases.close_case(case, "She may stay.", organiser)
    day = in_months(6)
    on(day - timedelta(days=1))
    half = current_instance().settings.instance / ".scratch-half"
    half.mkdir()
    monkeypatch.setattr(clock, "now", lambda: day)
    with monkeypatch.context() as away:
        away.setattr(papers, "take_away_noted", _refused)
        away.setattr(retention_module, "let_go", _refused)
        sweeping.sweep()
        assert not half.exists()
        assert db.session.query(Case).count() == 1
        create_app(current_instance().settings)
    sweeping.sweep()
    assert db.session.query(Case).count() == 1, "it waits a little before it asks again"
    monkeypatch.setattr(clock, "now", lambda: day + timedelta(hours=1))
    sweeping.sweep()
    assert db.session.query(Case).count() == 0
    assert db.session.get(InstanceNote, sweeping.AGAIN) is None


def _refused(*_: object) -> None:
    raise OSError("The storage refused: InternalError")


def test_one_case_of_the_bin_that_cannot_be_erased_keeps_no_other_there(
    organiser: User, on: On, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_case(organiser, home()), make_case(organiser, home())
    number = first.id
    for case in (first, second):
        case_bins.put_away(case, organiser)
    erase = erasing.erase_case

    def not_the_first(case: Case, *given: User) -> object:
        return _refused() if case.id == number else erase(case, *given)

    monkeypatch.setattr(erasing, "erase_case", not_the_first)
    on(clock.now() + timedelta(days=31))
    assert [case.id for case in db.session.query(Case)] == [number]
