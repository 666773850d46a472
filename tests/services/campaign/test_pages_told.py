"""What a campaign page told anybody: known while it is open and afterwards, whatever the person agrees to by then."""

from datetime import timedelta

import pytest

from casework import clock
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Kind, Level
from casework.domain.dates import spoken
from casework.services.campaign import campaign_pages, pages_told
from casework.services.consent import campaign_consent, recall
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.consent.own_view import own_view
from casework.services.letters import disclosure
from casework.storage.database import db
from tests.supporters import TO_OWN_MP, agree_to, campaign_of

WORDS = "Please write for Samira from Afghanistan."


@pytest.fixture
def case(organiser):
    """Samira, who agreed to everything that a page of these words tells."""
    case = campaign_of(organiser, Kind.NAME, Kind.COUNTRY, level=Level.PUBLIC)
    case.nationality = "Afghanistan"
    db.session.commit()
    return case


def open_page(case, organiser, words=WORDS):
    campaign_pages.open_page(case, TO_OWN_MP, "Write with us", words, 28, organiser)
    return pages_told.pages_of(case)[0]


def told_to_them(case):
    return [line.value for line in own_view(case, {}, ()).went]


def test_the_person_reads_what_their_page_tells_while_it_is_open_and_what_it_told_afterwards(case, organiser):
    page = open_page(case, organiser)
    (line,) = told_to_them(case)
    assert "open to anybody now: Write with us; it tells: " in line
    assert "name" in line
    assert "country" in line
    page.opened_at = clock.now() - timedelta(2)
    campaign_pages.close_page(case, organiser)
    (line,) = told_to_them(case)
    assert f"open to anybody until {spoken(clock.today(), weekday=True)}: Write with us; it tells: " in line
    assert "country" in line


def test_whoever_looks_before_less_is_agreed_to_reads_every_kind_of_fact_that_the_page_tells(case, organiser):
    page = open_page(case, organiser)
    assert not recall.beyond(case)
    foreseen = recall.beyond(case, disclosure.Agreement(Level.SUPPORTERS, frozenset({Kind.NAME})))
    (stops,) = foreseen.pages
    assert {Kind.NAME, Kind.COUNTRY, Kind.CASE} == set(stops.kinds)
    agree_to(case, organiser, Level.SUPPORTERS, Kind.NAME)
    assert recall.take_down_pages(case, organiser) == 1
    (out,) = recall.beyond(case).pages_out
    assert (out.page_id, out.since, out.until) == (page.id, clock.today(), clock.today())
    assert {Kind.NAME, Kind.COUNTRY, Kind.CASE} == set(out.kinds)


def test_a_fact_that_is_learned_while_a_page_tells_it_is_known_to_have_been_told(case, organiser):
    page = open_page(case, organiser, "Please write for Samira, who sings of Zebra Lane.")
    assert Kind.ADDRESS not in pages_told.told_by(page)
    case.places[0].address = "4 Zebra Lane\nLeeds"
    db.session.commit()
    assert recall.take_down_pages(case, organiser) == 1
    (out,) = recall.beyond(case).pages_out
    assert out.kinds == (Kind.ADDRESS,)


def test_a_page_whose_time_is_over_told_what_it_told(case, organiser):
    page = open_page(case, organiser)
    page.opened_at, page.expires_at = clock.now() - timedelta(9), clock.now() - timedelta(2)
    db.session.commit()
    agree_to(case, organiser, Level.OFFICES)
    (out,) = recall.beyond(case).pages_out
    assert (out.since, out.until) == (clock.today() - timedelta(9), clock.today() - timedelta(2))


def test_what_the_letter_of_a_page_tells_after_a_wider_yes_is_known_too(case, organiser):
    as_leila = NewCampaignConsent(
        clock.today(), Level.CHANGED_NAME, "Ruth Ellery", "signature", changed_name="Leila", risks=tuple(RISKS),
        anonymity_order="no",
    )  # fmt: skip
    campaign_consent.record(case, as_leila, organiser)
    page = open_page(case, organiser, "She sings in our choir.")
    assert pages_told.told_by(page) == {Kind.CASE}
    agree_to(case, organiser, Level.PUBLIC, Kind.NAME)
    assert recall.take_down_pages(case, organiser) == 0
    agree_to(case, organiser, Level.SUPPORTERS)
    recall.take_down_pages(case, organiser)
    (out,) = recall.beyond(case).pages_out
    assert {Kind.NAME, Kind.CASE} == set(out.kinds)
