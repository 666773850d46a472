"""What a paper may say: the ladder, the items, and that nothing else comes through."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.consent.publicity import ITEMS, Agreement, Audience, Kind, Level, may_say
from casework.domain.letters.disclosure import (
    FACTS,
    NOT_SAID,
    Topic,
    kinds_marked,
    mark,
    marked,
    mask,
    screen,
)
from casework.domain.letters.letter_values import (
    Group,
    Held,
    Home,
    LetterValues,
    Person,
    Reference,
    Removal,
    Sender,
)

SAMIRA = LetterValues(
    today=date(2026, 3, 26),
    person=Person("Samira", "Samira Ahmadi", "سمیرا احمدی", date(1990, 2, 28), "Afghan", "Dari and English"),
    references=(Reference("Home Office reference", "A1234567"),),
    detained_at=Held("Yarl’s Wood", ("Twinwoods Road",), date(2026, 3, 3), room="Avocet 12"),
    home=Home(("14 Maude Avenue", "Leeds LS11 7DD"), "Beeston", date(2021, 5, 10)),
    removal=Removal(date(2026, 3, 25), date(2026, 4, 2), flight="XY 123", destination="Kabul"),
)
agreements = st.builds(
    Agreement,
    st.sampled_from(Level),
    st.frozensets(st.sampled_from(ITEMS)),
    st.frozensets(st.sampled_from(Kind)),
)
outside = st.sampled_from([one for one in Audience if one is not Audience.PERSON])
AGREED = Agreement(Level.OFFICES, withheld=frozenset({Kind.HEALTH}))
HEALTH = Topic(Kind.HEALTH, ("doctor", "hospital-", "ill"))


def test_without_a_word_of_theirs_nothing_is_told_to_anybody_outside():
    for audience in set(Audience) - {Audience.PERSON, Audience.LAWYER}:
        assert not any(may_say(kind, audience, Agreement()) for kind in Kind)


def test_their_own_paper_may_tell_them_all():
    assert all(may_say(kind, Audience.PERSON, Agreement()) for kind in Kind)


def test_their_lawyer_is_told_all_but_what_they_ticked_as_private():
    agreed = Agreement(withheld=frozenset({Kind.HEALTH}))
    assert {kind for kind in Kind if not may_say(kind, Audience.LAWYER, agreed)} == {Kind.HEALTH}


def test_an_mps_office_is_told_what_it_needs_but_not_what_they_ticked_as_private():
    agreed = Agreement(Level.OFFICES, withheld=frozenset({Kind.HEALTH}))
    assert may_say(Kind.NAME, Audience.OFFICE, agreed)
    assert may_say(Kind.IDENTITY, Audience.OFFICE, agreed)
    assert not may_say(Kind.HEALTH, Audience.OFFICE, agreed)


def test_a_supporter_is_told_only_what_was_chosen_item_by_item():
    agreed = Agreement(Level.SUPPORTERS, frozenset({Kind.NAME}))
    assert may_say(Kind.NAME, Audience.SUPPORTERS, agreed)
    assert not may_say(Kind.COUNTRY, Audience.SUPPORTERS, agreed)
    assert not may_say(Kind.IDENTITY, Audience.SUPPORTERS, agreed)


def test_at_the_third_level_neither_name_nor_face_nor_place_nor_country_is_public_even_if_ticked():
    agreed = Agreement(Level.CHANGED_NAME, frozenset(ITEMS))
    told = {kind for kind in Kind if may_say(kind, Audience.PUBLIC, agreed)}
    assert told == {Kind.OFFENCE, Kind.HEALTH, Kind.CHILDREN, Kind.COURT_PAPERS, Kind.CASE}


def test_at_the_fourth_level_it_is_the_name_or_the_picture_but_not_both():
    both = Agreement(Level.FIRST_NAME_OR_PICTURE, frozenset({Kind.NAME, Kind.FACE}))
    picture = Agreement(Level.FIRST_NAME_OR_PICTURE, frozenset({Kind.FACE}))
    assert may_say(Kind.NAME, Audience.PUBLIC, both)
    assert not may_say(Kind.FACE, Audience.PUBLIC, both)
    assert may_say(Kind.FACE, Audience.PUBLIC, picture)


def test_an_airline_is_told_a_flight_and_a_name_only_from_the_third_level_and_only_if_the_name_was_chosen():
    for level in Level:
        agreed = Agreement(level, frozenset({Kind.NAME}))
        assert may_say(Kind.TRAVEL, Audience.AIRLINE, agreed) is (level >= Level.CHANGED_NAME)
        assert may_say(Kind.NAME, Audience.AIRLINE, agreed) is (level >= Level.CHANGED_NAME)
    assert not may_say(Kind.NAME, Audience.AIRLINE, Agreement(Level.PUBLIC))


@given(outside, agreements, agreements)
def test_agreeing_to_less_never_lets_more_be_told(audience, one, other):
    less = Agreement(min(one.level, other.level), one.items & other.items, one.withheld | other.withheld)
    told = {kind for kind in Kind if may_say(kind, audience, less)}
    # A picture is public at the fourth level only where the name is not chosen: that is the one exchange.
    assert told - {Kind.FACE} <= {kind for kind in Kind if may_say(kind, audience, one)}


@given(outside, agreements)
def test_no_value_that_was_not_agreed_to_is_left_in_what_a_paper_is_filled_from(audience, agreement):
    seen = screen(SAMIRA, audience, agreement)
    for path, kind in FACTS.items():
        if not may_say(kind, audience, agreement):
            part, _, name = path.partition(".")
            told = getattr(getattr(SAMIRA, part), name) if name else getattr(SAMIRA, part)
            left = getattr(getattr(seen.values, part), name) if name else getattr(seen.values, part)
            assert not told or left != told


@given(outside, agreements)
def test_no_value_that_was_not_agreed_to_is_left_in_what_people_typed(audience, agreement):
    typed = (
        "SAMIRA Ahmadi (سمیرا احمدی), an Afghan born on 28 February 1990, is held at Yarl's\nWood in room Avocet 12. "
        "Her number is A1234567, her flight XY 123 goes to Kabul, and 14 Maude Avenue in Beeston is her home."
    )
    seen = screen(SAMIRA, audience, agreement)
    left = mask(typed, seen.secrets).casefold().replace("'", "’").replace("\n", " ")
    for secret in seen.secrets:
        assert secret.casefold() not in left


def test_a_sentence_on_a_topic_that_may_not_be_told_goes_as_a_whole():
    text = "She sings. The doctor saw her twice in hospitals. She cooks."
    assert marked(mask(text, {}, [HEALTH])) == f"She sings. {NOT_SAID} She cooks."
    assert kinds_marked(mask(text, {}, [HEALTH])) == {Kind.HEALTH}


def test_a_word_that_only_holds_another_is_left_alone():
    assert mask("We still will.", {}, [HEALTH]) == "We still will."
    assert mask("Samiran wool", {"Samira": Kind.NAME}) == "Samiran wool"


def test_somebody_may_say_that_a_text_does_not_speak_of_the_person():
    told = replace(SAMIRA, own_words="I am a doctor.")
    assert screen(told, Audience.OFFICE, AGREED, [HEALTH]).values.own_words == mark(Kind.HEALTH)
    cleared = screen(told, Audience.OFFICE, AGREED, [HEALTH], cleared=[Kind.HEALTH])
    assert cleared.values.own_words == "I am a doctor."


def test_a_changed_name_stands_where_the_name_would_at_the_third_level():
    agreed = Agreement(Level.CHANGED_NAME, changed_name="Leila")
    person = screen(SAMIRA, Audience.PUBLIC, agreed).values.person
    assert (person.name, person.official_name, person.other_names) == ("Leila", "", "")


def test_at_the_fourth_level_only_the_first_name_is_printed():
    agreed = Agreement(Level.FIRST_NAME_OR_PICTURE, frozenset({Kind.NAME}))
    seen = screen(SAMIRA, Audience.PUBLIC, agreed)
    assert (seen.values.person.name, seen.values.person.official_name) == ("Samira", "")
    assert marked(mask("Samira Ahmadi sings.", seen.secrets)) == f"Samira {NOT_SAID} sings."


@pytest.mark.parametrize("kind", Kind)
def test_a_mark_is_turned_into_words_and_names_its_kind(kind):
    assert marked(mark(kind)) == NOT_SAID
    assert marked(mark(kind), str) == kind


def test_a_group_that_is_named_after_the_person_is_not_named_where_they_are_not():
    named = replace(SAMIRA, group=Group("Samira Must Stay", "Ruth, 07700 900123"))
    agreed = Agreement(Level.SUPPORTERS)
    assert screen(named, Audience.SUPPORTERS, agreed).values.group == Group("", "Ruth, 07700 900123")
    assert screen(named, Audience.OFFICE, agreed).values.group == named.group


def test_where_the_person_signs_their_name_and_address_are_told_no_further_than_they_agreed():
    signed = replace(SAMIRA, sender=Sender("samira ahmadi", ("14 Maude Avenue",), "LS11 7DD"))
    agreed = Agreement(Level.SUPPORTERS)
    sender = screen(signed, Audience.SUPPORTERS, agreed, also={"LS11 7DD": Kind.ADDRESS}).values.sender
    assert (sender.name, *sender.lines, sender.postcode) == (
        mark(Kind.NAME),
        mark(Kind.ADDRESS),
        mark(Kind.ADDRESS),
    )
    friend = replace(SAMIRA, sender=Sender("Samira Khan", ("14 Maude Avenue",)))
    assert screen(friend, Audience.SUPPORTERS, agreed).values.sender == friend.sender


def test_a_changed_name_that_is_theirs_is_not_printed():
    agreed = Agreement(Level.CHANGED_NAME, changed_name="Samíra B.")
    assert kinds_marked(screen(SAMIRA, Audience.PUBLIC, agreed).values.person.name) == {Kind.NAME}
