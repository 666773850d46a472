"""The events that the rules name and those that the catalogue describes are the same."""

from casework.domain.timing.events import CAME_BACK, HAPPENINGS, KeptAs
from casework.reference.rule_book import rule_book

RULES = rule_book().rules.values()


def test_every_event_that_a_rule_names_is_described_and_every_one_described_moves_a_date():
    named = set().union(*(rule.events for rule in RULES))
    assert set(HAPPENINGS) - {CAME_BACK} == named  # who comes back is in the UK again


def test_what_comes_as_a_notice_asks_for_the_days_that_its_rules_count_from():
    for happening in HAPPENINGS.values():
        if happening.kept_as is not KeptAs.EVENT or happening.notice:
            continue
        for rule in rule_book().started_by(happening.name):
            deemed = any(rule.deemed_by_for(key) for key in rule.variants or [None])
            assert not deemed, f"{happening.name} is served by post under {rule.key}"


def test_every_event_says_what_happened_as_a_sentence_of_its_own():
    words = [happening.words for happening in HAPPENINGS.values()]
    assert len(words) == len(set(words))
    assert all(sentence[0].isupper() and not sentence.endswith(".") for sentence in words)
