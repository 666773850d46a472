from hypothesis import given
from hypothesis import strategies as st

from casework.domain.campaign.alike import LIKE_NONE, Reading, near_copies, reading, runs_of, share
from casework.domain.campaign.own_words import own_sentences

SOUP = "When my father came home from hospital she brought soup every evening without being asked."
SAME_SOUP = "When our father came home from hospital she brought soup every evening without being asked."
BIKES = "He mends the bicycles of half the street on Sundays and takes no money for it."


def test_the_same_words_are_wholly_alike_however_they_are_written():
    assert share(runs_of([SOUP]), runs_of([SOUP.upper().replace(" ", "  ")])) == 1
    assert share(runs_of(["Łukasz’s café stays open"]), runs_of(["łukaszs CAFÉ — stays open!"])) == 1


def test_a_changed_word_leaves_two_letters_alike_and_other_words_do_not():
    assert 0.5 < share(runs_of([SOUP]), runs_of([SAME_SOUP])) < 1
    assert share(runs_of([SOUP]), runs_of([BIKES])) == 0


def test_two_words_are_no_letter_and_like_nothing():
    assert runs_of(["My neighbour"]) == runs_of(["", "…"]) == frozenset()
    assert reading(runs_of(["My neighbour"]), [[runs_of(["My neighbour"])]]) == Reading()


def test_the_meter_counts_each_other_signer_once_and_says_what_to_do():
    found = reading(runs_of([SOUP]), [[runs_of([SAME_SOUP]), runs_of([SOUP])], [runs_of([BIKES])], []])
    assert found == Reading(1, 1.0)
    assert "very like one other letter" in found.words
    assert "say one thing that only you know" in found.words
    assert Reading(12, 0.8).words.startswith("This is very like 12 other letters.")
    assert Reading().words == LIKE_NONE


@given(st.lists(st.sets(st.sampled_from("abcdefgh"), max_size=6).map(frozenset), max_size=9))
def test_a_group_is_joined_by_true_shares_alone_and_nobody_stands_in_two(texts):
    groups = near_copies(texts, [range(len(texts))])
    numbers = [number for group in groups for number in group.numbers]
    assert len(numbers) == len(set(numbers))
    for group in groups:
        for number in group.numbers:
            best = max(share(texts[number], texts[other]) for other in group.numbers if other != number)
            assert best >= 0.5
            assert best >= group.share or group.share == 1


def test_a_sentence_is_own_when_the_letter_does_not_say_it_by_itself():
    letter = ["I am your constituent, and I ask you to tell a minister that people here want Samira to stay."]
    assert own_sentences([f"{letter[0]} {SOUP}"], letter) == [SOUP]
    changed = letter[0].replace("people here", "people in Leeds")
    assert own_sentences([changed], letter) == []


def test_a_few_words_a_gap_and_our_own_example_are_no_sentence_of_anybody_s():
    assert own_sentences(["She is my neighbour.", "Please let her stay!"], ()) == []
    assert own_sentences(["[how I know Samira, in my own words, and since when]"], ()) == []
    example = (
        "We met in the queue at the food bank two winters ago, and she has cut my mother’s hair ever since."
    )
    assert own_sentences([example], ()) == []
    assert own_sentences(["We met in the queue for the night bus home.\nShe sings."], ()) == [
        "We met in the queue for the night bus home."
    ]
