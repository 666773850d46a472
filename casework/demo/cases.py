"""The demo's cases: invented people. Their postcodes are those of town halls and a museum."""

import re
from dataclasses import replace
from datetime import date, timedelta

from casework import clock
from casework.demo.plans import plan_for_nadia, plan_for_samira
from casework.demo.supporters import SUPPORTERS
from casework.domain.case.places import PlaceKind
from casework.domain.consent.publicity import Kind as Fact
from casework.domain.consent.publicity import Level
from casework.domain.letters.correspondence import Kind, Remedy, ResponseKind
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.domain.timing.triggers import Told
from casework.services.campaign import supporters
from casework.services.case import case_places, cases
from casework.services.case.case_places import NewPlace
from casework.services.consent import campaign_consent, consent
from casework.services.letters import correspondence, letter_life, letters
from casework.services.parliament import surgeries
from casework.services.timing import events, removal_plan, removals
from casework.storage.database import db
from casework.storage.models import Case, User

# How the demo's supporters agreed to be reached, in turn; one in four was not asked.
REACHED_BY: tuple[list[str], ...] = (["call", "email"], ["call", "text", "email"], ["email"], [])


def _days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def _home(address: str, postcode: str, since: int | None, until: int | None = None) -> NewPlace:
    """A home from so many days ago to so many days ago."""
    return NewPlace(
        PlaceKind.HOME,
        address=address,
        postcode=postcode,
        since=None if since is None else _days_ago(since),
        until=None if until is None else _days_ago(until),
    )


def _held(place_id: str, since: int, until: int | None = None) -> NewPlace:
    return NewPlace(
        PlaceKind.DETENTION,
        place_id=place_id,
        since=_days_ago(since),
        until=None if until is None else _days_ago(until),
    )


def _open(
    number: int, person: dict[str, object], places: list[NewPlace], actor: User, **more: object
) -> Case:
    case = cases.open_case(person, places, actor, prefix="DEMO", **more)  # type: ignore[arg-type]
    assert case.reference == f"DEMO-{number}"
    return case


def make_cases(users: dict[str, User]) -> None:
    """Open the cases of the demo, each with what happened in it so far; `users` by the names they sign in with."""
    ruth, idris, mina = users["ruth"], users["idris"], users["mina"]
    _samira(ruth, idris)
    _daniel(ruth)
    _yonas(ruth, idris)
    nadia = _open(
        4,
        {"name_used": "Nadia", "urgency": "Signs every second Thursday."},
        [NewPlace(PlaceKind.NO_FIXED_ABODE, address="Reached through friends", postcode="BL1 1RU")],
        mina,
    )
    plan_for_nadia(nadia, ruth)


def _samira(ruth: User, idris: User) -> None:
    """Detained with a removal notice: home, centre and two former homes, a visit, an authority."""
    case = _open(
        1,
        {
            "name_used": "Samira",
            "official_name": "Samira Ahmadi",
            "languages": "Dari, some English",
            "interpreter": "Dari, a woman if possible",
            "nationality": "Afghan",
            "pronouns": "she",
            "date_of_birth": date(1990, 2, 28),
            "urgency": "Notice of removal received.",
        },
        [
            _home("1 Invented Row\nLeeds", "LS11 0ES", 2000),
            _home("2 Invented Row\nSheffield", "S1 2HH", 2700, 2000),
            _home("3 Invented Row\nBradford", "BD1 1HY", 3300, 2700),
            _held("yarls-wood", 12),
        ],
        ruth,
        references={"home_office": "A1234567", "tribunal": "PA/00000/2025"},
    )
    cases.add_to_team(case, idris.id, ruth)
    cases.record_asked(
        case, asked_on=_days_ago(11), agreed=True, asked_by="Ruth, by phone with an interpreter", actor=ruth
    )
    _say_what_samira_agreed_to(case, ruth)
    _receive(case, idris)
    leeds_south = next(row.gss_code or "" for row in case.places if row.postcode == "LS11 0ES")
    _visit_office(case, leeds_south, ruth)
    _write_and_wait(case, leeds_south, ruth)
    _supporters(case, ruth)
    plan_for_samira(case, ruth, idris)


def _say_what_samira_agreed_to(case: Case, ruth: User) -> None:
    """A form of authority, and letters of supporters that name her."""
    consent.record_authority(
        case,
        consent.NewAuthority(
            signed_on=_days_ago(9),
            ends_on=clock.today() + timedelta(days=180),
            scope=("ask", "represent", "replies"),
            withheld=("health", "family"),
            how_given="paper",
            language="Dari",
            read_over_by="Ruth Ellery",
            interpreter="an interpreter of the group",
        ),
        ruth,
    )
    campaign_consent.record(
        case,
        campaign_consent.NewCampaignConsent(
            given_on=_days_ago(8),
            level=Level.SUPPORTERS,
            items=(Fact.NAME,),
            explained_by="Ruth Ellery",
            language="Dari",
            interpreter="an interpreter of the group",
            how_given="signature",
            to_ring="Idris Vane, 07700 900123",
        ),
        ruth,
    )


def _receive(case: Case, idris: User) -> None:
    """A refusal, a removal notice with a flight, and bail that was refused."""
    correspondence.record_paper(
        case,
        correspondence.NewPaper(
            Kind.HOME_OFFICE_RESPONSE,
            response=ResponseKind.DECISION,
            remedy=Remedy.APPEAL,
            sender="Home Office",
            dated=_days_ago(6),
            sent_on=_days_ago(6),
            received_on=_days_ago(6),
            received_how="email",
            summary="Refusal of the asylum claim.",
        ),
        idris,
    )
    correspondence.record_paper(
        case,
        correspondence.NewPaper(
            Kind.HOME_OFFICE_RESPONSE,
            response=ResponseKind.REMOVAL_NOTICE,
            sender="Home Office",
            dated=_days_ago(2),
            received_on=_days_ago(2),
            received_how="hand",
            summary="Notice of intention to remove.",
        ),
        idris,
    )
    _flight(case, idris)
    refused = Told(on=_days_ago(4))
    events.record_event(case, events.NewEvent("bail_refused", refused, "No ties, said the judge."), idris)


def _visit_office(case: Case, gss_code: str, ruth: User) -> None:
    """A visit at which the office promised to write."""
    surgeries.record_visit(
        case,
        surgeries.VisitFacts(
            gss_code=gss_code,
            held_on=_days_ago(4),
            held_at="Constituency office",
            who_went="Ruth and a neighbour",
            who_was_met="The MP's caseworker",
            asked="To ask the Home Office to put off the removal until the new witness statement is read.",
        ),
        Outcome.AGREED,
        [
            Promise(
                "Write to the Home Office, marked urgent", "the caseworker", clock.today() + timedelta(days=1)
            )
        ],
        ruth,
    )


def _supporters(case: Case, ruth: User) -> None:
    """A hall full of people with words of their own, and two without."""
    supporters.add_supporter(
        case,
        ruth,
        name="Łukasz Hughes",
        address="4 Invented Row\nSheffield",
        postcode="S1 2HH",
        email="lukasz@example.org",
        how_known="She lived two doors from us",
        writes=True,
        counted=True,
        notice_given_on=_days_ago(3),
    )
    for number, (name, postcode, table, how_known, own_words) in enumerate(SUPPORTERS, start=5):
        details = {
            "name": name, "address": f"{number} Invented Row", "postcode": postcode, "table_name": table,
            "writes": True, "counted": True, "notice_given_on": _days_ago(2), "phone": f"07700 9001{number:02}",
            "email": f"supporter{number}@example.org", "reached_by": REACHED_BY[number % len(REACHED_BY)],
        }  # fmt: skip
        supporters.add_sign_up(case, "stall", {**details, "how_known": how_known, "own_words": own_words})
    db.session.commit()


def _flight(case: Case, idris: User) -> None:
    """The departure details come after the notice, and the plan before the flight has its first names."""
    row = removals.running(case)
    assert row is not None
    booked = {
        "notice_given_at": "16:40", "destination": "Kabul, Afghanistan", "details_given_on": _days_ago(1),
        "departs_on": clock.today() + timedelta(days=10), "departs_at": "07:05", "carriage": "commercial",
        "flight": "XX 123", "airline": "Invented Air", "airport": "Birmingham", "route": "Istanbul",
        "booked_name": "AHMADI/SAMIRA MS",
    }  # fmt: skip
    facts = replace(removals.facts_of(row), **booked)  # type: ignore[arg-type]
    removals.change_removal(case, row.id, facts, row.version, idris)
    for step, who in zip(row.steps, ("Idris Vane", "Ruth Ellery", "Ruth Ellery"), strict=False):
        done = step.key == "authority"
        removal_plan.save_step(case, row.id, step.id, idris, who=who, was=None, done=done)


def _write_and_wait(case: Case, gss_code: str, ruth: User) -> None:
    """An issued letter to the home MP, and the MP's own letter to the Home Office that is waited for."""
    letter = letters.draft_letter(case, "home-mp-urgent", ruth, gss_code=gss_code)
    known = {
        "obstacle": "a witness has come forward, whose statement was signed after the decision was sent.",
        "worth": "Samira runs the Saturday breakfast at our hall, and people here want her home.",
    }
    words = {name: re.sub(r"\[[^]]*\]", known.get(name, ""), text) for name, text in letter.blocks.items()}
    sender = {
        "sender_address": "8 Invented Row\nLeeds",
        "sender_postcode": "LS11 0ES",
        "sender_email": "ruth@example.org",
    }
    letters.save_draft(letter, words, sender, letter.version, ruth)
    letters.issue_letter(letter, ruth)
    letter_life.mark_sent(letter, "email", clock.today(), ruth)
    ours = letters.paper_of(letter)
    correspondence.record_paper(
        case,
        correspondence.NewPaper(
            Kind.MEMBER_TO_HOME_OFFICE,
            gss_code=gss_code,
            dated=clock.today(),
            answers_id=ours.id if ours else None,
            summary="The office sent us a copy: it asks for the removal to be put off.",
        ),
        ruth,
    )


def _daniel(ruth: User) -> None:
    """Just detained in a transfer from one centre to another, home in Belfast: the postcode cannot decide."""
    case = _open(
        2,
        {"name_used": "Daniel K.", "urgency": "Taken when he signed. No lawyer yet.", "pronouns": "he"},
        [_home("5 Invented Row\nBelfast", "BT12 6BA", None), _held("larne-house", 3, 1)],
        ruth,
    )
    case_places.transfer(case, _held("dungavel", 1), ruth)


def _yonas(ruth: User, idris: User) -> None:
    """At home, refused: the Speaker's seat, a former home whose MP is known from one source only."""
    case = _open(
        3,
        {"official_name": "Yonas Tesfay", "name_used": "Yonas", "languages": "Tigrinya", "pronouns": "he"},
        [
            _home("6 Invented Row\nChorley", "PR7 1DP", 700),
            _home("7 Invented Row\nLondon", "WC1B 3DG", 1500, 700),
        ],
        ruth,
        references={"home_office": "B7654321"},
    )
    cases.add_to_team(case, idris.id, ruth)
    correspondence.record_paper(
        case,
        correspondence.NewPaper(
            Kind.REQUEST_FOR_FILE, recipient="Home Office", sent_on=_days_ago(10), received_on=_days_ago(8)
        ),
        idris,
    )
