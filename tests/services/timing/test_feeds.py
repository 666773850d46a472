"""What a calendar program reads: parsed by another library than the one that wrote it."""

import re
from datetime import date, timedelta

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus
from sqlalchemy import JSON, String, Text, update

from casework import clock
from casework.domain.errors import NotFound
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.domain.timing.feeds import REMOVAL
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import accounts
from casework.services.timing import deadlines, diary, feeds, settling
from casework.storage.database import db
from casework.storage.models import CalendarFeed, Case, Deadline, FollowUp
from tests.factories import add_note, detained_at, home, make_case, make_user

REFUSED = date(2026, 3, 20)  # a Friday; day 14 is Good Friday


def read(content: bytes) -> list[Event]:
    """The days of a file, in their order, as another program understands them."""
    return sorted(
        IcsCalendarStream.calendar_from_ics(content.decode()).events,
        key=lambda event: (event.dtstart, event.summary),
    )


def unfolded(content: bytes) -> str:
    return content.decode().replace("\r\n ", "")


@pytest.fixture(autouse=True)
def _monday_after(monkeypatch) -> None:
    """It is Monday 23 March 2026, three days after the refusal."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 23))


@pytest.fixture
def case(organiser) -> Case:
    return make_case(organiser, home())


@pytest.fixture
def limit(case, organiser) -> Deadline:
    return deadlines.record_deadline(case, "ftt_appeal_in_uk", REFUSED, None, organiser)


def test_a_limit_is_two_whole_days_that_end_where_the_next_day_begins(organiser, limit):
    aim, last = read(feeds.read(feeds.make(organiser, None)))
    assert (aim.dtstart, aim.dtend) == (date(2026, 4, 2), date(2026, 4, 3))
    assert (last.dtstart, last.dtend) == (date(2026, 4, 7), date(2026, 4, 8))
    assert last.summary == (
        "Limit: last moment, midnight – Appeal to the First-tier Tribunal, person in the UK (detained or not)"
    )


def test_the_days_are_private_take_no_time_and_ring_in_the_morning(organiser, limit):
    _, last = read(feeds.read(feeds.make(organiser, None)))
    assert (last.classification, last.transparency, last.status) == (
        "PRIVATE",
        "TRANSPARENT",
        EventStatus.CONFIRMED,
    )
    nine = timedelta(hours=9)
    assert [alarm.trigger for alarm in last.alarm] == [nine - timedelta(days=days) for days in (3, 1, 0)]
    assert [alarm.action for alarm in last.alarm] == ["DISPLAY"] * 3
    assert last.alarm[1].description == f"Tomorrow: {last.summary}"


def test_a_calendar_is_asked_to_read_again_each_hour_and_has_a_name_that_tells_nothing(organiser, limit):
    text = unfolded(feeds.read(feeds.make(organiser, None)))
    for line in ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H", "X-WR-CALNAME:Casework"):
        assert f"\r\n{line}\r\n" in text
    assert "METHOD" not in text


def test_lines_are_no_longer_than_a_calendar_takes_and_end_as_it_wants(organiser, limit):
    content = feeds.read(feeds.make(organiser, None))
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def test_a_day_that_moves_is_the_same_event_in_a_later_revision(organiser, limit, monkeypatch):
    token = feeds.make(organiser, None)
    _, before = read(feeds.read(token))
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    settling.state(limit.case, limit.id, date(2026, 4, 1), "page 2", organiser)
    (after,) = read(feeds.read(token))
    assert after.uid == before.uid
    assert (before.dtstart, after.dtstart) == (date(2026, 4, 7), date(2026, 4, 1))
    assert after.sequence > before.sequence
    assert after.last_modified == after.dtstamp == later.replace(microsecond=0)


def test_what_did_not_change_reads_the_same_every_time(organiser, limit):
    token = feeds.make(organiser, None)
    assert feeds.read(token) == feeds.read(token)


def test_a_promise_put_off_is_the_same_event_on_another_day(organiser, case):
    row = FollowUp(case=case, what="To write", due_on=date(2026, 12, 1))
    db.session.add(row)
    db.session.commit()
    token = feeds.make(organiser, None)
    (before,) = read(feeds.read(token))
    surgeries.move_follow_up(case, row.id, date(2026, 12, 8), None, organiser)
    (after,) = read(feeds.read(token))
    assert (after.uid, after.dtstart) == (before.uid, date(2026, 12, 8))
    assert after.summary == "A promise to chase"


def test_no_two_days_share_an_id_and_no_id_tells_its_row(organiser, case, limit):
    for _ in range(5):
        deadlines.record_deadline(case, "ftt_appeal_in_uk", REFUSED, None, organiser)
    ids = [event.uid for event in read(feeds.read(feeds.make(organiser, None)))]
    assert len(set(ids)) == len(ids) == 12
    assert all(len(one) == 36 and "final" not in one for one in ids)


def test_a_settled_date_is_gone(organiser, limit):
    token = feeds.make(organiser, None)
    settling.settle(limit.case, limit.id, "The lawyer sent the appeal", clock.today(), organiser)
    assert read(feeds.read(token)) == []


def test_a_feed_holds_the_open_cases_of_its_person_and_no_others(organiser, case, limit):
    other = make_user(name="Idris")
    token = feeds.make(other, None)
    assert read(feeds.read(token)) == []
    cases.add_to_team(case, other.id, organiser)
    assert len(read(feeds.read(token))) == 2
    cases.close_case(case, "She is home", organiser)
    assert read(feeds.read(token)) == []


def test_only_a_hash_of_an_address_is_kept_and_a_read_is_noted(organiser, limit):
    token = feeds.make(organiser, "my phone")
    assert len(token) >= 43  # 32 random bytes
    row = feeds.feed_of(organiser)
    assert token not in (row.token_hash, row.label)
    assert row.last_read_at is None
    feeds.read(token)
    assert feeds.feed_of(organiser).last_read_at.date() == clock.now().date()


def test_a_new_address_ends_the_older_one_and_stopping_ends_the_last(organiser, limit):
    first = feeds.make(organiser, None)
    second = feeds.make(organiser, None)
    with pytest.raises(NotFound):
        feeds.read(first)
    assert feeds.read(second)
    feeds.stop(organiser)
    with pytest.raises(NotFound):
        feeds.read(second)
    assert feeds.feed_of(organiser) is None


def test_an_account_that_is_switched_off_has_no_calendar(organiser, limit):
    other = make_user(name="Idris")
    token = feeds.make(other, None)
    accounts.switch_off(other, organiser)
    with pytest.raises(NotFound):
        feeds.read(token)


def test_the_hash_itself_opens_nothing(organiser, limit):
    feeds.make(organiser, None)
    with pytest.raises(NotFound):
        feeds.read(CalendarFeed.query.one().token_hash)


def test_the_file_of_a_case_holds_the_same_events_as_the_feed(organiser, case, limit):
    make_case(organiser, home())
    assert read(feeds.file_of(case)) == read(feeds.read(feeds.make(organiser, None)))


def test_a_day_that_is_a_month_past_is_in_no_feed_and_still_in_the_file_of_its_case(
    organiser, case, limit, monkeypatch
):
    token = feeds.make(organiser, None)
    monkeypatch.setattr(clock, "today", lambda: date(2026, 5, 7))
    assert len(read(feeds.read(token))) == 2
    monkeypatch.setattr(clock, "today", lambda: date(2026, 5, 8))
    assert read(feeds.read(token)) == []
    assert len(read(feeds.file_of(case))) == 2


def test_a_feed_of_very_many_dates_holds_the_soonest(organiser, case, limit):
    days = [date(2026, 4, 1) + timedelta(days=number) for number in range(feeds.MOST + 5)]
    db.session.add_all(FollowUp(case=case, what="To write", due_on=day) for day in days)
    db.session.commit()
    shown = read(feeds.read(feeds.make(organiser, None)))
    assert {event.dtstart for event in shown} == set(days[: feeds.MOST - 1])


# Columns that hold one of the program's own words, a hash or an id, and so nothing that somebody typed.
OUR_OWN_WORDS = {
    "cases.reference",  # typed by nobody, and searched for by itself
    *("users.role", "users.password_hash", "calendar_feeds.token_hash"),
    *("case_places.kind", "case_places.place_id", "case_places.gss_code", "case_places.gss_basis"),
    *("supporters.gss_code", "supporters.gss_basis", "surgery_visits.gss_code", "surgery_visits.outcome"),
    *("correspondence.kind", "correspondence.response_kind", "correspondence.gss_code"),
    *("deadlines.rule_key", "deadlines.variant", "deadlines.region", "deadlines.kind", "deadlines.owed_by"),
    *("deadlines.waiting_for", "case_references.kind"),
}
LEFT_ALONE = {"audit_events", "instance_notes"}
MARK = "Zebulon"


def one_of_everything(actor) -> Case:
    person = {"name_used": "Samira", "official_name": "Samira Ahmadi"}
    case = cases.open_case(person, [home(), detained_at()], actor, references={"home_office": "A1234567"})
    supporters.add_supporter(case, actor, name="Ada", postcode="S1 2HH", address="1 Row\nTown")
    add_note(case, "Her sister rang.", actor)
    today = clock.today()
    consent.record_authority(case, NewAuthority(signed_on=today - timedelta(1), scope=("ask",)), actor)
    for response in (ResponseKind.REMOVAL_NOTICE, ResponseKind.OTHER):
        paper = NewPaper(
            Kind.HOME_OFFICE_RESPONSE, response=response, dated=today, received_on=today, received_how="hand"
        )
        correspondence.record_paper(case, paper, actor)
    seat = case.places[0].gss_code
    surgeries.plan_visit(case, VisitFacts(seat, today + timedelta(days=3)), actor)
    surgeries.record_visit(
        case, VisitFacts(seat, today), Outcome.AGREED, [Promise("To write", "The MP", None)], actor
    )
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", today, None, actor)
    settling.state(case, row.id, today + timedelta(days=40), "the lawyer", actor)
    return case


def plant() -> int:
    """Put the mark into every text that somebody could have typed; say into how many kinds of them."""
    planted = 0
    for table in db.metadata.sorted_tables:
        free = [
            column
            for column in table.columns
            if isinstance(column.type, String | Text | JSON)
            and f"{table.name}.{column.name}" not in OUR_OWN_WORDS
            and not column.foreign_keys
        ]
        if table.name in LEFT_ALONE or not free:
            continue
        for row_id in db.session.scalars(db.select(table.c.id)) if "id" in table.c else ():
            values = {column.name: f"{MARK} {row_id}" for column in free if not isinstance(column.type, JSON)}
            values |= {
                column.name: dict.fromkeys(("name", "about", "condition", "in_short", "clock"), MARK)
                for column in free
                if isinstance(column.type, JSON)
            }
            db.session.execute(update(table).where(table.c.id == row_id).values(values))
            planted += len(values)
    db.session.commit()
    return planted


UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.sqlcipher  # the mark is longer than some columns, and PostgreSQL refuses it there
def test_nothing_that_anybody_typed_is_in_a_calendar(organiser):
    case = one_of_everything(organiser)
    token = feeds.make(organiser, "the phone")
    members = {entry.title for entry in diary.open_entries(organiser) if entry.title.startswith("Surgery")}
    assert plant() > 60
    db.session.expire_all()
    shown = feeds.read(token), feeds.file_of(db.session.get(Case, case.id))
    for content in shown:
        kinds = {event.summary.split(" – ")[0] for event in read(content)}
        assert kinds >= {"Limit: aim for this day", REMOVAL, "A visit", "A promise to chase"}
        text = UUID.sub("", unfolded(content))  # a hash may hold "c-1" by chance
        for told in (
            *(MARK, case.reference, "Samira", "Ahmadi", "A1234567", "LS11", "Leeds", "Yarl", "yarls-wood"),
            *(title.removeprefix("Surgery visit: ") for title in members),
            *("Invented", organiser.sign_in_name, token),
        ):
            assert told.lower() not in text.lower(), told


def test_a_rule_that_a_group_wrote_itself_is_not_named(organiser, limit):
    limit.rule_key = "our_own_rule_for_samira"
    db.session.commit()
    _, last = read(feeds.read(feeds.make(organiser, None)))
    assert last.summary == "Limit: last moment, midnight"
