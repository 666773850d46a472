"""Lists ask the database once for all their rows, and not again for each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from casework import clock
from casework.domain.campaign.ladder import Said
from casework.domain.campaign.messages import Kind as Sort
from casework.domain.campaign.messages import Means, ToWhom
from casework.domain.case.intake import TO_TAKE_ON
from casework.domain.consent.publicity import Audience, Level
from casework.domain.letters.correspondence import Kind as Paper
from casework.domain.safety.accounts import Role
from casework.services.campaign import (
    call_rounds,
    campaign_pages,
    messages,
    needs,
    plans,
    reporting_days,
    signing,
    supporters,
)
from casework.services.campaign.call_rounds import NewRound
from casework.services.campaign.messages import NewMessage
from casework.services.campaign.needs import NeedFacts
from casework.services.campaign.plans import TaskFacts
from casework.services.case import cases, finding_out, notes, task_owners
from casework.services.case.notes import NoteFacts
from casework.services.consent import campaign_consent
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.timing import deadlines, removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.database import db
from casework.storage.models import CallRound, Case, User
from tests.factories import detained_at, home, make_case, make_case_that_keeps_health_private, make_user
from tests.pages import Browser
from tests.supporters import TO_OWN_MP, campaign_of, make_supporters


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that the database is asked meanwhile, but for which group it is asked."""
    asked: list[str] = []

    def keep(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "set_config" not in statement:
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def open_one(actor: User) -> Case:
    case = make_case(actor, home(), detained_at())
    deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, actor)
    return case


def share_one(actor: User) -> None:
    """One whose tasks somebody took on, as in its first hour, and whose letter to an MP lies there after a no."""
    case = open_one(actor)
    written = NewPaper(Paper.US_TO_MEMBER, gss_code=case.places[0].gss_code, sent_on=clock.today())
    correspondence.record_paper(case, written, actor)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=actor)
    finding_out.add_open(case, ["former"])
    task_owners.share_out(case, dict.fromkeys(TO_TAKE_ON, actor.id), actor)


@pytest.mark.parametrize("path", ["/cases", "/dates", "/today", "/trail", "/who-has-what"])
def test_a_list_asks_no_more_for_many_cases_than_for_two(
    app: Flask, browser: Browser, organiser: User, path: str
) -> None:
    share_one(organiser), share_one(organiser)
    browser.get(path)
    with counted() as few:
        browser.get(path)
    for _ in range(5):
        share_one(organiser)
    with counted() as many:
        browser.get(path)
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.sqlcipher
def test_today_asks_no_more_for_many_call_lists_than_for_two(
    app: Flask, browser: Browser, organiser: User
) -> None:
    def ring_for(number: int) -> None:
        for _ in range(number):
            case = campaign_of(organiser)
            make_supporters(case, 1, reached_by=["call"], phone="07700 900555")
            call_rounds.make(case, NewRound("A vigil for Samira, on Friday at six."), organiser)

    ring_for(2)
    browser.get("/today")
    with counted() as few:
        assert "Supporters to ring" in browser.get("/today")
    ring_for(3)
    with counted() as many:
        browser.get("/today")
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.sqlcipher
def test_what_others_did_is_asked_no_more_often_for_many_cases_than_for_two(
    app: Flask, browser: Browser, organiser: User
) -> None:
    mina = make_user(Role.CASEWORKER, "Mina Castellan")

    def work_on(number: int) -> None:
        for _ in range(number):
            case = open_one(organiser)
            cases.add_to_team(case, mina.id, organiser)
            notes.add_note(case, NoteFacts("@Ruth, look"), mina)
            surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code), mina)

    def asked() -> list[int]:
        found = []
        for path in ("/since", "/today", f"/cases/{first}", f"/cases/{first}/notes"):
            browser.get(path)
            with counted() as statements:
                browser.get(path)
            found.append(len(statements))
        return found

    first = open_one(organiser).reference
    work_on(2)
    few = asked()
    work_on(5)
    assert asked() == few


def test_who_can_act_asks_no_more_for_many_mps_than_for_a_few(
    app: Flask, browser: Browser, organiser: User
) -> None:
    case = open_one(organiser)
    path = f"/cases/{case.reference}/who-can-act"
    browser.get(path)
    with counted() as few:
        browser.get(path)
    for postcode in ("UB7 0EQ", "M2 5DB", "BD1 1HY", "S1 2HH"):
        supporters.add_supporter(case, organiser, name=f"Friend of {postcode}", postcode=postcode)
    with counted() as many:
        browser.get(path)
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.sqlcipher
def test_pages_of_a_case_ask_no_more_for_many_tasks_needs_and_days_than_for_a_few(
    app: Flask, browser: Browser, organiser: User
) -> None:
    case = open_one(organiser)
    signing.save(case, {"word_by": "23:59"}, 0, organiser)
    paths = [f"/cases/{case.reference}{end}" for end in ("", "/needs", "/plan", "/ladder", "/reporting")]

    def fill(number: int) -> None:
        for at in range(number):
            plans.save_task(case, TaskFacts(f"Task {number} {at}", organiser.id), organiser)
            person = supporters.add_supporter(
                case, organiser, name=f"Friend {number} {at}", postcode="LS11 0ES", offers=["cook"]
            )
            need = needs.add_need(case, NeedFacts("cook"), organiser)
            needs.answer(case, need.id, person.id, Said.YES, organiser)
            first = clock.today() + timedelta(number + at)
            reporting_days.add_days(case, first, 0, 1, None, organiser)

    def asked() -> list[int]:
        found = []
        for path in paths:
            browser.get(path)
            with counted() as statements:
                browser.get(path)
            found.append(len(statements))
        return found

    fill(2)
    few = asked()
    fill(7)
    assert asked() == few


def test_the_page_of_a_case_asks_for_nothing_twice(browser: Browser, organiser: User) -> None:
    case = make_case_that_keeps_health_private(organiser)
    deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    removals.record_removal(case, RemovalFacts(clock.today(), departs_on=clock.today()), organiser)
    surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code), organiser)
    notes.add_note(case, NoteFacts("She rang at noon."), organiser)
    path = f"/cases/{case.reference}"
    browser.get(path)
    with counted() as asked:
        browser.get(path)
    twice = {one for one in asked if asked.count(one) > 1}
    assert not twice, "\n".join(twice)
    tables = ("authorities", "campaign_consents", "case_events", "case_notes", "removals", "surgery_visits")
    often = [name for name in tables if sum(one.startswith(f"SELECT {name}.") for one in asked) > 1]
    assert not often, "\n".join(often)
    assert len(asked) < 50


def test_what_stops_asks_no_more_for_many_messages_call_lists_and_pages_than_for_one(organiser, browser):
    case = campaign_of(organiser, level=Level.PUBLIC)
    make_supporters(case, 1, reached_by=["call"], phone="07700 900001")
    said = NewMessage(Sort.UPDATE, Means.CALL, Audience.SUPPORTERS, ToWhom.ALL, "", "A vigil for Samira.")
    row = campaign_consent.papers(case)[0]
    back = f"/cases/{case.reference}/campaign-consent/{row.id}/take-back"
    asked = []
    for number in (1, 5):
        for _ in range(number):
            messages.add(case, replace(said, means=Means.EMAIL, subject="News"), organiser)
            evening = messages.add(case, said, organiser)
            db.session.add(CallRound(case=case, message=evening, made_at=clock.now(), made_by=organiser))
            campaign_pages.open_page(case, TO_OWN_MP, "Write", "For Samira.", 28, organiser)
        browser.get(back)
        with counted() as statements:
            page = browser.post(back, 200, **{"withdrawn_on-day": "today"})
        asked.append(len(statements))
    assert "6 call lists stop" in page
    assert asked[1] <= asked[0]
