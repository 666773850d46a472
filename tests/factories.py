"""Invented people and cases, made through the services. Each test shows the facts it turns on."""

from datetime import date, timedelta
from itertools import count

from casework import clock
from casework.domain.case.places import PlaceKind
from casework.domain.consent.need_to_know import Hidden
from casework.domain.safety.accounts import Role
from casework.services.case import cases, notes
from casework.services.case.case_places import NewPlace
from casework.services.case.notes import NoteFacts
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.safety import sessions
from casework.storage.database import db
from casework.storage.models import Case, CaseNote, User

_numbers = count(1)


def make_user(role: Role = Role.ORGANISER, name: str = "Ruth Ellery") -> User:
    """Somebody with an account; the password is set only through the door of the accounts room."""
    number = next(_numbers)
    user = User(
        name=name,
        sign_in_name=f"person{number}@example.org",
        role=role,
        active=True,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.commit()
    return user


def on_team(case: Case, organiser: User, role: Role, name: str) -> User:
    """Somebody new who works on this case."""
    user = make_user(role, name)
    cases.add_to_team(case, user.id, organiser)
    return user


def signed_in(user: User) -> str:
    """What the cookie of a new sign-in of this person carries."""
    sessions.add(user, "")
    db.session.commit()
    return user.session_token


def home(
    postcode: str = "LS11 0ES", since: date | None = date(2021, 5, 1), until: date | None = None
) -> NewPlace:
    """A home, in Leeds South unless said otherwise."""
    return NewPlace(
        PlaceKind.HOME, address="1 Invented Street\nLeeds", postcode=postcode, since=since, until=until
    )


def detained_at(place_id: str = "yarls-wood", since: date | None = date(2026, 3, 3)) -> NewPlace:
    """A stay in a place of detention from the directory."""
    return NewPlace(PlaceKind.DETENTION, place_id=place_id, since=since)


def make_case(actor: User, *places: NewPlace, name: str = "Samira A.", **person: object) -> Case:
    """A case of an invented person, with the places given."""
    return cases.open_case({"name_used": name, **person}, places, actor)


def make_case_that_keeps_health_private(actor: User) -> Case:
    """Samira, who said yes to MPs and signed a form of authority, and does not want her health told."""
    case = make_case(actor, home(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=actor)
    signed = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask",), withheld=("health",))
    consent.record_authority(case, signed, actor)
    return case


def add_note(
    case: Case, text: str, actor: User, gss_code: str | None = None, hidden: Hidden | None = None
) -> CaseNote:
    """A note on the case that asks nobody to read it."""
    return notes.add_note(case, NoteFacts(text, (), gss_code, hidden), actor)
