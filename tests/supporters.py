"""Invented supporters of an invented person, enough of them for a hall."""

from datetime import timedelta

from sqlalchemy import select

from casework import clock
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Kind, Level
from casework.services.campaign.supporters import add_sign_up
from casework.services.case import cases
from casework.services.consent import campaign_consent, consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.consent.consent import NewAuthority
from casework.storage.database import db
from casework.storage.models import Case, SignUp, User
from tests.factories import detained_at, home, make_case

# Postcodes of town halls and a museum, each in a constituency of its own.
POSTCODES = ("LS1 1UR", "S1 2HH", "BD1 1HY", "BL1 1RU")
TO_OWN_MP = "supporter-to-own-mp"
WORDS = ("lanterns", "marmalade", "bicycles", "trombones", "allotments", "dominoes", "kayaks", "quilts")


def campaign_of(actor: User, *items: Kind, level: Level = Level.SUPPORTERS) -> Case:
    """Samira, who is held, signed a form of authority, and agreed to letters of supporters that name her."""
    case = make_case(actor, home(), detained_at(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=actor)
    signed = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask",))
    consent.record_authority(case, signed, actor)
    agree_to(case, actor, level, *(items or (Kind.NAME,)))
    return case


def signed_up(case: Case) -> list[SignUp]:
    """Everybody who signed up to this case, in the order in which they did."""
    query = select(SignUp).where(SignUp.case_id == case.id)
    return list(db.session.scalars(query.order_by(SignUp.id)))


def agree_to(case: Case, actor: User, level: Level, *items: Kind) -> None:
    """What she agrees to have told from today on."""
    yes = NewCampaignConsent(
        given_on=clock.today(),
        level=level,
        explained_by="Ruth Ellery",
        how_given="signature",
        items=items,
        risks=tuple(RISKS),
        lawyer_asked_on=clock.today(),
        anonymity_order="no",
    )
    campaign_consent.record(case, yes, actor)


def make_supporters(case: Case, number: int, **choices: object) -> list[SignUp]:
    """So many supporters in four constituencies, at tables of ten, each with a sentence that nobody else has."""
    found = []
    for at in range(number):
        word = WORDS[at % len(WORDS)]
        details = {
            "name": f"Signer{at} Of{word.capitalize()}",
            "postcode": POSTCODES[at % len(POSTCODES)],
            "address": f"{at + 1} Invented {word.capitalize()} Row",
            "how_known": f"We mended {word} together on {at} Saturdays",
            "own_words": f"Without her nobody here would know what to do about {at} {word}",
            "table_name": f"Table {at // 10 + 1}",
            "writes": True,
            "counted": True,
            **choices,
        }
        found.append(add_sign_up(case, "hand", details))
    db.session.commit()
    return found
