"""The words by which a text is noticed to speak of something that may have to stay private."""

import pytest

from casework.domain.consent.publicity import Kind
from casework.domain.letters.disclosure import kinds_marked, mask
from casework.reference.topics import topics

SAID = {
    "She saw a doctor twice.": Kind.HEALTH,
    "He was convicted in 2019.": Kind.OFFENCE,
    "Her daughters go to school here.": Kind.CHILDREN,
    "The determination is enclosed.": Kind.COURT_PAPERS,
    "Her brother is still there.": Kind.FAMILY,
    "He was trafficked.": Kind.TRAFFICKING,
}


@pytest.mark.parametrize("sentence", SAID)
def test_a_sentence_on_a_topic_is_noticed(sentence):
    assert SAID[sentence] in kinds_marked("".join(mask(sentence, {}, [one]) for one in topics()))


def test_meeting_an_mp_at_a_surgery_is_no_matter_of_health():
    assert mask("We came to your surgery on Friday.", {}, topics()) == "We came to your surgery on Friday."
