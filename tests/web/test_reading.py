"""The pages in the reader's language: all of each page, whichever way it runs, and nothing of anybody translated."""

import re

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Level
from casework.services.campaign import campaign_pages, supporters
from casework.services.consent import campaign_consent, own_view_links
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.language import languages
from casework.services.parliament.finding_seats import all_seats
from casework.storage.database import db
from casework.storage.models import AnswerMap, Call, CaseNeed
from tests import pseudo
from tests.factories import detained_at, home, make_case
from tests.full_case import full_case

BIKES = "She mends the bicycles of half our street on Sundays and takes no money for it."
YES = NewCampaignConsent(
    clock.today(), Level.CHANGED_NAME, "Ruth Ellery", "signature", changed_name="Leila", risks=tuple(RISKS),
    anonymity_order="no",
)  # fmt: skip
TYPED = {"name": "Grace Okoro", "postcode": "s1 2hh", "address": "4 Row\nSheffield", "how_known": BIKES}
HEADING, WORDS = "Write to your MP for Leila", "Leila is our neighbour.\n\nAsk for a word with the minister."


@pytest.fixture
def instance(instance):
    """The instance, with two languages of its own that nobody speaks."""
    pseudo.speak_it(instance)
    return instance


@pytest.fixture
def case(organiser):
    case = make_case(
        organiser, home(), detained_at(), name="Samira", official_name="Samira Ahmadi", nationality="Afghan",
        pronouns="she", languages="Dari",
    )  # fmt: skip
    campaign_consent.record(case, YES, organiser)
    return case


class Whole:
    """What is left in English on the pages that were looked at."""

    def __init__(self, *more: str) -> None:
        of_us = "Casework Invented Welcome Group"
        seats = [f"{one.constituency.name} {one.member}" for one in all_seats(clock.today())]
        people = "Leila she is lives comes", "Ruth Ellery", "Samira Ahmadi"
        self.data = pseudo.words_of([*seats, of_us, *people, *TYPED.values(), HEADING, WORDS, *more])
        self.left: dict[str, str] = {}

    def look(self, page: str) -> str:
        title = re.search(r"<title>([^<]*)", page)
        self.left |= dict.fromkeys(pseudo.english_in(page, self.data), title[1] if title else "")
        return page


def test_the_supporters_pages_are_whole_in_another_language_and_carry_it_along(stranger, case, organiser):
    whole = Whole("Free her", "nowhere M1 1AE", "grace@example.org")
    page = f"/c/{campaign_pages.open_page(case, 'supporter-to-own-mp', HEADING, WORDS, 28, organiser)}"
    first = whole.look(stranger.get(f"{page}?lang=zxx"))
    assert '<html lang="zxx" dir="ltr">' in first
    assert f"{page}/your-mp?lang=zxx" in first
    assert re.search(r'<input[^>]*dir="ltr"[^>]*name="postcode"', first)
    assert re.search(r'<input[^>]*dir="auto"[^>]*name="name"', first)
    assert f"<h1><bdi>{HEADING}</bdi></h1>" in first  # as the group wrote it
    for step, typed in (
        ("your-mp", {}), ("your-mp", {"postcode": "nowhere"}), ("your-mp", {"postcode": "M1 1AE"}), ("write", {}),
        ("letter", {"how_known": "Free her."}), ("letter", {}), ("after", {"keep": "y"}), ("after", {}),
    ):  # fmt: skip
        whole.look(stranger.post(f"{page}/{step}?lang=zxx", 200, page=page, **{**TYPED, **typed}))
    typed = {**TYPED, "keep": "y", "email": "grace@example.org"}
    kept = whole.look(stranger.post(f"{page}/after?lang=zxx", 200, page=page, **typed))
    stop = re.search(r"/stop/[\w-]+", kept)[0]
    whole.look(stranger.get(f"{stop}?lang=zxx"))
    whole.look(stranger.post(f"{stop}?lang=zxx", 200))
    for gone in (stop, "/c/nothing", "/yours/nothing", "/nothing/at/all"):
        whole.look(stranger.get(f"{gone}?lang=zxx", 404))
    assert whole.left == {}


def test_the_persons_own_page_is_whole_in_their_language(stranger, case, organiser):
    whole = Whole()
    supporters.add_supporter(case, organiser, name="Ada Quill", postcode="LS11 0ES")
    path = f"/yours/{own_view_links.make(case, 3, organiser)}?lang=zxx"
    whole.look(stranger.get(path))
    whole.look(stranger.post(path, 200))
    assert whole.left == {}


def test_somebody_reads_every_page_in_the_language_that_they_chose_and_names_stay_as_they_are(
    browser, organiser
):
    make_case(organiser, name="Draft")
    browser.post("/you/language", 200, language="xx")
    browser.post("/you/language", 303, language="art")
    assert organiser.language == "art"
    page = browser.get("/cases")
    assert '<html lang="art" dir="rtl">' in page
    assert "[Þþ" not in page
    assert ">Draft</a>" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    seat = all_seats(clock.today())[0]
    typed = {"q": seat.member.name, "csrf_token": token}
    found = browser.client.post("/search/as-typed", data=typed).get_json()
    said = {line["of"] for group in found["groups"] for line in group["lines"]}
    assert [one for one in said if f"⸨{seat.constituency.name}⸩" in one], said  # to the script too
    assert "[Šàṽéđ. ẋ" in page  # what was said goes with them into the new language
    browser.post("/you/language", 303, language="en")
    assert '<html lang="en-GB">' in browser.get("/cases")


def test_a_browser_that_asks_for_a_language_gets_it_where_nobody_is_signed_in(stranger, browser, organiser):
    for asks, lang in (
        ("zxx, en;q=0.5", "zxx"),
        ("xx", "en-GB"),
        ("en-US, zxx;q=0.9", "en-GB"),
        ("'; --", "en-GB"),
    ):
        page = stranger.client.get("/sign-in", headers={"Accept-Language": asks}).text
        assert f'<html lang="{lang}"' in page
    for odd in ("../../etc/passwd", "zxx%0d%0a", "<script>", "xx", ""):
        assert '<html lang="en-GB">' in stranger.get(f"/sign-in?lang={odd}")
    offered = stranger.get("/sign-in?lang=art")
    assert 'href="?lang=zxx" lang="zxx"' in offered
    assert offered.index('class="languages"') < offered.index(
        "<main"
    )  # found by whoever can read nothing else
    assert 'href="/about?lang=art"' in offered
    assert "lang=" not in stranger.client.get("/sign-in?lang=zxx").headers.get("Set-Cookie", "")
    assert '<html lang="en-GB">' in browser.client.get("/cases", headers={"Accept-Language": "zxx"}).text


def test_a_translator_writes_text_and_never_a_tag_an_attribute_or_another_value(browser, stranger):
    """Neither by hand nor in a file; and what stands in a file of the group's all the same is shown as text."""
    key = languages.key_of(languages.get_catalogue("zxx").text("Sign in"))
    path = f"/languages/zxx/texts/{key}"
    for wrong in ("<a>Come in</a>", "{csrf_token} in", "<script>alert(1)</script>"):
        assert "does not stand in the English" in browser.post(path, 200, said=wrong, before=None)
    browser.post(path, 303, said='Come <img src=x onerror="alert(1)"> & in {{ 7 * 7 }}', before=None)
    page = stranger.get("/sign-in?lang=zxx")
    assert "Come &lt;img src=x onerror=&#34;alert(1)&#34;&gt; &amp; in {{ 7 * 7 }}" in page
    assert "<img" not in page


def test_what_somebody_typed_stays_as_it_is_where_it_is_like_words_of_the_program(browser, organiser):
    quoted = "We cannot help, because he has no visa."  # like "{days}, because {because}."
    full = full_case(organiser, "Ours")
    for kind, number in ((AnswerMap, None), (Call, None), (CaseNeed, full.ids["need_id"])):
        for row in db.session.scalars(select(kind).where(kind.id == (number or kind.id))):
            row.words = quoted
    db.session.get_one(CaseNeed, full.ids["need_id"]).met_on = clock.today()
    organiser.language = "zxx"
    db.session.commit()
    of_case, ids = f"/cases/{full.case.reference}", full.ids
    for path in (
        f"letters-and-answers/{ids['paper_id']}/map/questions/{ids['question_id']}",
        f"calls/{ids['round_id']}",
        "needs",
    ):
        assert quoted in browser.get(f"{of_case}/{path}"), path
