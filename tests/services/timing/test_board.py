"""The board shows every running date of one's own open cases, each once, in order, and narrows it truly."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import clock
from casework.domain.safety.accounts import Role
from casework.domain.timing.board import Cursor, Filters, When, Whose
from casework.domain.timing.deadline_rules import Kind, OwedBy, WaitingFor
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.domain.timing.settling import StatedFrom
from casework.services.case import cases
from casework.services.timing import board as board_service
from casework.services.timing import settling
from casework.services.timing.board import board
from casework.storage.database import db
from casework.storage.models import Case, Deadline, FollowUp, SurgeryVisit, User
from tests.factories import make_case, make_user
from tests.running_dates import TODAY, chase, days, limit, visit
from tests.web.test_queries import counted


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser)


@pytest.fixture(params=[-1, 500], ids=["many cases", "few cases"], autouse=True)
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test holds on both ways of finding the dates: from those of everybody, and from one's own cases."""
    monkeypatch.setattr(board_service, "FEW_CASES", request.param)


def shown(entries: list[DiaryEntry]) -> list[tuple[EntrySource, int]]:
    return [(entry.source, entry.id) for entry in entries]


def of(*rows: Deadline | FollowUp | SurgeryVisit) -> list[tuple[EntrySource, int]]:
    names = {
        Deadline: EntrySource.DEADLINE,
        FollowUp: EntrySource.FOLLOW_UP,
        SurgeryVisit: EntrySource.VISIT,
    }
    return [(names[type(row)], row.id) for row in rows]


def test_deadlines_follow_ups_and_visits_stand_in_one_order(organiser: User, case: Case) -> None:
    late, soon = limit(case, 9), limit(case, 1, 3)
    promise, meeting = chase(case, 2), visit(case, -1)
    assert shown(board(organiser).dates) == of(meeting, soon, promise, late)


def test_on_one_day_the_limit_that_ends_first_comes_first_and_promises_last(
    organiser: User, case: Case
) -> None:
    promise, meeting, later, sooner = chase(case, 1), visit(case, 1), limit(case, 1, 4), limit(case, 1, 2)
    assert shown(board(organiser).dates) == of(sooner, later, meeting, promise)


def test_what_has_no_day_comes_apart_and_is_not_hidden(organiser: User, case: Case) -> None:
    unknown, meeting, known = limit(case, None), visit(case, None), limit(case, 1)
    page = board(organiser)
    assert shown(page.to_work_out) == of(unknown, meeting)
    assert shown(page.dates) == of(known)
    assert shown(board(organiser, Filters(when=When.TO_WORK_OUT)).to_work_out) == of(unknown, meeting)


def test_what_is_over_is_not_on_the_board(organiser: User, case: Case) -> None:
    limit(case, 1, settled_on=TODAY), chase(case, 1, done_on=TODAY), visit(case, 1, recorded_at=clock.now())
    closed = make_case(organiser)
    limit(closed, 1)
    cases.close_case(closed, "It ended.", organiser)
    assert board(organiser).dates == []


def test_nobody_sees_a_date_of_a_case_they_do_not_work_on(organiser: User, case: Case) -> None:
    other = make_user(Role.CASEWORKER, "Idris Vane")
    limit(case, 1), chase(case, 1), visit(case, None)
    page = board(other)
    assert (page.dates, page.to_work_out) == ([], [])
    assert board(other, Filters(cases=(case.reference,))).dates == []
    theirs = limit(case, 2, owner_id=other.id)  # from when they still worked on it
    assert board(other, Filters(whose=Whose.ME)).dates == []
    cases.add_to_team(case, other.id, organiser)
    assert shown(board(other, Filters(whose=Whose.ME)).dates) == of(theirs)


def test_mine_and_nobodys_yet(organiser: User, case: Case) -> None:
    other = make_user(Role.ORGANISER, "Idris Vane")
    mine = [limit(case, 1, owner_id=organiser.id), chase(case, 2, owner_id=organiser.id)]
    his = limit(case, 3, owner_id=other.id)
    free = [limit(case, 4), visit(case, 5)]
    assert shown(board(organiser, Filters(whose=Whose.ME)).dates) == of(*mine)
    assert shown(board(organiser, Filters(whose=Whose.NOBODY)).dates) == of(*free)
    assert [entry.owner for entry in board(organiser).dates if entry.id == his.id][-1] == "Idris Vane"


def test_overdue_is_what_the_words_say_has_gone_by(organiser: User, case: Case) -> None:
    gone = [limit(case, -5, -1), chase(case, -3), visit(case, -2)]
    limit(case, -5, 0), limit(case, 0), chase(case, 0)
    removal = {"kind": Kind.NOTICE_PERIOD, "owed_by": OwedBy.THEM, "rule_key": "removal_notice_period"}
    limit(case, -4, **removal)
    page = board(organiser, Filters(when=When.OVERDUE))
    assert shown(page.dates) == of(*gone)
    passed = [entry for entry in board(organiser).dates if entry.has_passed(TODAY)]
    assert shown(passed) == of(*gone)


def test_a_limit_whose_last_day_is_gone_is_overdue_though_a_letter_gives_a_later_day(
    organiser: User, case: Case
) -> None:
    row = limit(case, -5, -2)
    settling.state(case, row.id, days(5), None, organiser, stated_from=StatedFrom.LETTER)
    lawyers = limit(case, -5, -2)
    settling.state(case, lawyers.id, days(5), "Ms Quill", organiser, stated_from=StatedFrom.LAWYER)
    (found,) = board(organiser, Filters(when=When.OVERDUE)).dates
    assert (found.id, found.when(TODAY)) == (row.id, "our last day passed 2 days ago")
    (found,) = board(organiser, Filters(when=When.WEEK)).dates
    assert (found.id, found.final) == (lawyers.id, days(5))


@pytest.mark.parametrize(("minute", "gone"), [("16:59", False), ("17:00", True), ("23:30", True)])
def test_a_limit_that_ends_at_5_pm_is_overdue_from_that_minute(
    organiser: User, case: Case, monkeypatch: pytest.MonkeyPatch, minute: str, gone: bool
) -> None:
    at = datetime.combine(TODAY, time.fromisoformat(minute), clock.LONDON)
    monkeypatch.setattr(clock, "now", lambda: at.astimezone(UTC))
    upper = [limit(case, 0), limit(case, -2, 0), limit(case, -2, 1)]
    for row in upper:
        row.working = {"name": "Appeal", "clock": "17:00"}
    db.session.commit()
    limit(case, -1, 0)
    ends_today = of(upper[1], upper[0]) if gone else []
    assert shown(board(organiser, Filters(when=When.OVERDUE)).dates) == ends_today
    assert shown([entry for entry in board(organiser).dates if entry.has_passed(TODAY)]) == ends_today


def test_this_week_has_what_is_due_and_what_may_happen_at_any_hour(organiser: User, case: Case) -> None:
    removal = {"kind": Kind.NOTICE_PERIOD, "owed_by": OwedBy.THEM, "rule_key": "removal_notice_period"}
    due = [
        limit(case, -30, **removal),
        limit(case, -2, 0),
        limit(case, 0),
        visit(case, 6),
        limit(case, 7, 20),
    ]
    limit(case, -9, -1), chase(case, -1), chase(case, 8), limit(case, 8)
    assert shown(board(organiser, Filters(when=When.WEEK)).dates) == of(*due)


def test_grave_are_our_limits_notice_periods_and_windows(organiser: User, case: Case) -> None:
    grave = [
        limit(case, 1),
        limit(case, 2, kind=Kind.NOTICE_PERIOD, owed_by=OwedBy.THEM),
        limit(case, 3, kind=Kind.LATEST_STATE_ACT, owed_by=OwedBy.THEM),
    ]
    (
        limit(case, 1, rule_key="sar", owed_by=OwedBy.THEM),
        limit(case, 2, kind=Kind.POLICY_TARGET),
        chase(case, 3),
    )
    assert shown(board(organiser, Filters(grave=True)).dates) == of(*grave)


@pytest.mark.parametrize("waiting_for", WaitingFor)
def test_waiting_for_whom_is_what_each_date_says_of_itself(
    organiser: User, case: Case, waiting_for: WaitingFor
) -> None:
    for number, one in enumerate(WaitingFor):
        limit(case, number, waiting_for=one)
    chase(case, 6, who="The caseworker"), chase(case, 7), visit(case, 8)
    page = board(organiser, Filters(waiting_for=waiting_for))
    assert page.dates == [entry for entry in board(organiser).dates if entry.waiting_for is waiting_for]
    assert page.dates


def test_a_kind_of_date_and_the_dates_of_one_case(organiser: User, case: Case) -> None:
    other = make_case(organiser)
    there, meeting, target = limit(other, 1), visit(case, 2), limit(case, 3, kind=Kind.POLICY_TARGET)
    assert shown(board(organiser, Filters(kind=Kind.POLICY_TARGET)).dates) == of(target)
    assert shown(board(organiser, Filters(kind=EntrySource.VISIT)).dates) == of(meeting)
    assert shown(board(organiser, Filters(cases=(other.reference,))).dates) == of(there)
    assert board(organiser, Filters(kind=EntrySource.VISIT, grave=True)).dates == []
    both = Filters(kind=Kind.POLICY_TARGET, cases=(case.reference,), whose=Whose.NOBODY)
    assert shown(board(organiser, both).dates) == of(target)


def everything(actor: User, filters: Filters, most: int) -> list[tuple[EntrySource, int]]:
    """What all pages show together, turned one by one."""
    found, after = [], None
    for _ in range(100):
        page = board(actor, filters, after, most=most)
        entries = page.to_work_out if filters.when is When.TO_WORK_OUT else page.dates
        assert len(entries) <= most
        found += shown(entries)
        if page.next is None:
            return found
        after = Cursor.read(str(page.next))
    raise AssertionError("the pages never end")


Rows = list[tuple[Callable[..., Deadline | FollowUp | SurgeryVisit], int]]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.sampled_from([limit, chase, visit]), st.integers(-2, 2)), max_size=12),
    undated=st.integers(0, 4),
    most=st.integers(1, 5),
)
def test_turning_the_pages_loses_nothing_and_shows_nothing_twice(
    organiser: User, rows: Rows, undated: int, most: int
) -> None:
    case = make_case(organiser)
    made = [make(case, day) for make, day in rows]
    made_undated = [make(case, None) for make in (limit, visit) for _ in range(undated)]
    narrow = Filters(cases=(case.reference,))
    one_page = shown(board(organiser, narrow).dates)
    assert everything(organiser, narrow, most) == one_page
    assert sorted(one_page) == sorted(of(*made))
    unknown = Filters(cases=(case.reference,), when=When.TO_WORK_OUT)
    assert everything(organiser, unknown, most) == of(*made_undated)


def test_pages_hold_across_cases_where_all_fall_on_one_day(organiser: User) -> None:
    for _ in range(3):
        case = make_case(organiser)
        limit(case, 1), chase(case, 1), visit(case, 1), limit(case, 1)
    whole = shown(board(organiser).dates)
    assert len(set(whole)) == 12
    assert everything(organiser, Filters(), 5) == whole


@pytest.mark.parametrize(
    "text", ["", "x", "1_2_3", "0_0_x_1", "2026-13-01_0_1_1", "0_0_1_-1", "0_0_1_1_1", "9" * 99]
)
def test_an_address_that_names_no_place_is_none(text: str) -> None:
    assert Cursor.read(text) is None


def test_a_place_among_dates_is_none_among_what_has_no_day(organiser: User, case: Case) -> None:
    unknown, known = limit(case, None), limit(case, 1)
    assert shown(board(organiser, Filters(), Cursor(None, None, 1, 99)).dates) == of(known)
    page = board(organiser, Filters(when=When.TO_WORK_OUT), Cursor(days(1), days(1), 1, 99))
    assert shown(page.to_work_out) == of(unknown)


def steps_of(actor: User, filters: Filters, after: Cursor | None = None) -> list[list[str]]:
    """How SQLite goes about it: the steps of each part of the statement."""
    with counted() as asked:
        board(actor, filters, after)
    statement = next(text for text in asked if "WITH page" in text)
    plan = db.session.connection().exec_driver_sql(
        f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
    )
    steps: dict[int, list[str]] = {}
    for _, parent, _, words in plan:
        steps.setdefault(parent, []).append(words)
    return list(steps.values())


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(whose=Whose.ME),
        Filters(whose=Whose.NOBODY, grave=True),
        Filters(when=When.WEEK),
        Filters(when=When.OVERDUE, waiting_for=WaitingFor.HOME_OFFICE),
        Filters(kind=Kind.NOTICE_PERIOD),
        Filters(when=When.TO_WORK_OUT),
    ],
)
@pytest.mark.parametrize("after", [None, Cursor(TODAY, TODAY, 1, 7)])
@pytest.mark.parametrize("either_way", [-1], ids=["many cases"], indirect=True)
@pytest.mark.sqlcipher
def test_among_the_dates_of_everybody_the_order_is_that_of_an_index(
    organiser: User, filters: Filters, after: Cursor | None
) -> None:
    walks = 0
    for found in steps_of(organiser, filters, after):
        tables = [words for words in found if re.match("SEARCH|SCAN", words)]
        if tables and re.match(r"\w+ x ", tables[0]):
            assert re.search(r"USING INDEX ix_\w+_(open|planned)", tables[0]), found
            assert not any("TEMP B-TREE" in words for words in found), found
            walks += 1
    assert walks


@pytest.mark.parametrize("either_way", [500], ids=["few cases"], indirect=True)
@pytest.mark.sqlcipher
def test_cases_that_are_named_are_not_looked_for_among_all_of_the_group(organiser: User, case: Case) -> None:
    steps = [one for part in steps_of(organiser, Filters(cases=(case.reference,))) for one in part]
    of_cases = [one for one in steps if re.match(r"(SEARCH|SCAN) c ", one) and "rowid" not in one]
    assert of_cases
    assert all("(reference=?)" in one for one in of_cases), of_cases
