"""An instance with something in every room: the demo, and what the demo leaves out."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from casework import clock, demo
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Audience, Level
from casework.domain.letters.packs import PackKind
from casework.domain.safety.accounts import Role
from casework.services.campaign import batches, campaign_pages, imports, supporters
from casework.services.campaign.batch_choice import Choice
from casework.services.consent import campaign_consent, own_view_links
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import letter_wordings, letters, packs
from casework.services.safety import accounts, one_time_links
from casework.services.safety.one_time_links import Purpose
from casework.storage.database import db
from casework.storage.models import Case, User
from tests.full_case import full_member

LETTER = "home-mp-urgent"
IN_PUBLIC = NewCampaignConsent(
    clock.today(), Level.CHANGED_NAME, "Ruth Ellery", "signature", changed_name="Leila", risks=tuple(RISKS),
    anonymity_order="no",
)  # fmt: skip
LIST = b"Name,Postcode,Email\nIda,LS11 0ES,ida@example.org\nJo,LS99 9ZZ,no mail\nIda,LS11 0ES,\n"


@dataclass(frozen=True)
class House:
    """Who runs it, and the addresses that a stranger could have been sent."""

    organiser: int
    public: tuple[str, ...]
    inside: tuple[str, ...] = ("/cases/DEMO-1", "/you", "/cases", "/")


def fill() -> House:
    """Fill the instance of this app, and say what there is for whom."""
    demo.make_demo()
    ruth = accounts.find_user("ruth")
    assert ruth
    samira, yonas = (_case(reference) for reference in ("DEMO-1", "DEMO-3"))
    letters.draft_letter(samira, LETTER, ruth, gss_code=_seat(samira))
    letters.issue_letter(letters.draft_letter(samira, "own-view", ruth), ruth)
    packs.make(samira, PackKind.PACK, Audience.LAWYER, "Papers", ["contacts"], ruth)
    standing = letter_wordings.wording_of(LETTER)
    letter_wordings.save_wording(
        replace(standing, words={**standing.words, "ask": "Please ask today."}), 0, ruth
    )
    batches.start_batch(samira, Choice("supporter-to-own-mp"), ruth)
    imports.upload(samira, LIST, ruth)
    full_member(ruth, "Invented ")
    sheet = imports.upload(samira, LIST + b"Kit,S1 2HH,\n", ruth)
    imports.take_rows(samira, sheet.id, 0, {}, None, ruth)
    return House(ruth.id, tuple(_public(samira, yonas, ruth)))


def _public(samira: Case, yonas: Case, ruth: User) -> list[str]:
    campaign_consent.record(yonas, IN_PUBLIC, ruth)
    words = ("Write to your MP for Leila", "Leila is our neighbour.")
    page = campaign_pages.open_page(yonas, "supporter-to-own-mp", *words, 28, ruth)
    first = supporters.list_sign_ups(samira)[0].supporter
    stop = supporters.make_stop_link(samira, first.id, ruth)
    _, join = accounts.add_user("Somebody New", "new@example.org", Role.VOLUNTEER, ruth)
    begin = one_time_links.make(Purpose.FIRST_ORGANISER, None)
    db.session.commit()
    return [
        "/", "/about", "/leave", "/sign-in", "/sign-in?next=/cases", f"/c/{page}", f"/stop/{stop}",
        f"/yours/{own_view_links.make(samira, 7, ruth)}", f"/join/{join}", f"/first/{begin}",
    ]  # fmt: skip


def _case(reference: str) -> Case:
    return db.session.scalars(select(Case).where(Case.reference == reference)).one()


def _seat(case: Case) -> str:
    return next(row.gss_code for row in case.places if row.gss_code)
