"""A fact is found however somebody writes it, and a word that only looks a little like it is left alone."""

from datetime import date

import pytest

from casework.domain.consent.publicity import Agreement, Audience, Kind, Level
from casework.domain.dates import spoken
from casework.domain.letters.disclosure import Topic, kinds_marked, mark, mask, screen
from casework.domain.letters.letter_values import LetterValues, Person

HERS = {
    "Samira": Kind.NAME,
    "Yarl’s Wood": Kind.PLACE_OF_DETENTION,
    "A1234567": Kind.IDENTITY,
    "XY 123": Kind.TRAVEL,
    "LS11 7DD": Kind.ADDRESS,
    "Łukasz Nguyễn": Kind.NAME,
    "سميرا": Kind.NAME,
    spoken(date(1990, 2, 28)): Kind.IDENTITY,
}


@pytest.mark.parametrize(
    "written",
    [
        *(
            "SAMIRA",
            "Samira’s",
            "Samiras",
            "Sámira",
            "Sa\u0301mira",
            "Sam\u200bira",
            "Sam\u00adira",
            "Ѕаmіrа",
            "Ｓａｍｉｒａ",
        ),
        *("S**amira**", "#Samira2026", "#JusticeForSamira", "Samira_A", "Samira\u0000"),
        *("Yarls Wood", "YARL'S-WOOD", "Yarl`s\nWood", "Yarl’s\u00a0Wood", "Yarl’sWood"),
        *("A 1234 567", "a-1234567", "XY123", "xy-123", "LS117DD", "ls11\u00a07dd"),
        *("Lukasz Nguyen", "ŁUKASZ-NGUYỄN", "سمیرا"),
        *(
            "28/02/1990",
            "28.2.1990",
            "28-02-90",
            "1990-02-28",
            "28th Feb. 1990",
            "28th of February 1990",
            "February 28, 1990",
        ),
    ],
)
def test_a_fact_is_found_however_it_is_written(written):
    assert kinds_marked(mask(f"We ask for {written}, please.", HERS))


@pytest.mark.parametrize(
    ("of", "written"),
    [
        *(("Afghan", "Afghanistan"), ("Afghanistan", "Afghans"), ("Iranian", "Iran"), ("Iraqi", "Iraq")),
        *(("Eritrea", "Eritrean"), ("Sudanese", "Sudan"), ("Congolese", "Congo"), ("Turkish", "Turkey")),
        *(("Vietnam", "Vietnamese"), ("Syrian", "Syria"), ("Nigerian", "Nigeria"), ("Ukrainian", "Ukraine")),
    ],
)
def test_a_country_is_found_by_its_people_and_they_by_it(of, written):
    assert mask(f"She fled {written}.", {of: Kind.COUNTRY}).startswith(f"She fled {mark(Kind.COUNTRY)}")


@pytest.mark.parametrize(
    "text", ["An individual indicates it.", "The Indus is long.", "The 28 members of 1990."]
)
def test_other_words_are_left_alone(text):
    assert mask(text, {"Indian": Kind.COUNTRY, **HERS}) == text


def test_each_of_several_nationalities_and_languages_is_found_alone_but_english_is_no_secret():
    person = Person(
        "Samira", nationality="Afghan and Iranian", languages="Dari, English", born=date(1990, 2, 28)
    )
    seen = screen(
        LetterValues(today=date(2026, 3, 26), person=person), Audience.SUPPORTERS, Agreement(Level.SUPPORTERS)
    )
    for told in ("Iran", "Afghanistan", "dari", "born in February 1990", "born in 1990"):
        assert kinds_marked(seen.mask(f"It says {told} there.")), told
    assert seen.mask("Her English is good.") == "Her English is good."


@pytest.mark.parametrize("written", ["H\u200bIV", "НIV", "forced\nlabour", "Forced-labour", "medícal"])
def test_a_topic_is_noticed_however_its_words_are_written(written):
    topics = [Topic(Kind.HEALTH, ("medical-", "forced labour", "hiv"))]
    assert kinds_marked(mask(f"She sings. It was {written} then. She cooks.", {}, topics)) == {Kind.HEALTH}


def test_what_stands_around_a_fact_stays_as_it_was():
    assert (
        mask("Dear — “Samira’s” friends…\nDear Ámos", HERS)
        == f"Dear — “{mark(Kind.NAME)}’s” friends…\nDear Ámos"
    )
