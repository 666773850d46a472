"""What the campaign pages of a case told anybody who had their address, and when they were open."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.campaign.campaign_pages import PageState, state_on
from casework.domain.consent.publicity import Kind
from casework.domain.letters.letter_values import LetterValues
from casework.services.letters import disclosure
from casework.services.letters.letter_values import person_of
from casework.storage.database import db
from casework.storage.models import CampaignPage, Case


def pages_of(case: Case) -> list[CampaignPage]:
    """Every page that was opened for this case, the newest first."""
    query = select(CampaignPage).where(CampaignPage.case_id == case.id)
    return list(db.session.scalars(query.order_by(CampaignPage.id.desc())))


def state_of(page: CampaignPage) -> PageState:
    """How a page stands now, whatever the person agreed to meanwhile."""
    return state_on(clock.now(), page.expires_at, page.closed_at)


def days_of(page: CampaignPage) -> tuple[date, date | None]:
    """Since when a page was open to anybody, and until when; None while it is."""
    ended = min(filter(None, (page.closed_at, page.expires_at)))
    until = None if state_of(page) is PageState.OPEN else clock.day_of(ended)
    return clock.day_of(page.opened_at), until


def told_by(page: CampaignPage) -> frozenset[Kind]:
    """The kinds of fact that it told while it was open; where nothing was kept, those in its heading and words."""
    return frozenset(map(Kind, page.told)) if page.told else tells(page, ())


def tells(page: CampaignPage, letter: Iterable[str]) -> frozenset[Kind]:
    """The kinds of fact in its words and in its letter's: that there is a campaign at least."""
    values = LetterValues(today=clock.today(), **person_of(page.case, clock.today()))
    typed = {"heading": page.heading, "words": page.words}
    return disclosure.told(page.case, values, "\n".join([*typed.values(), *letter]), typed) | {Kind.CASE}
