"""Which letters may not go any more, and about which nobody rings: the one answer for every list, page and calendar."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from casework.domain.consent.publicity import Agreement, Audience, Kind, not_agreed
from casework.domain.consent.staying import Stays, why_it_stays
from casework.domain.consent.telling_mps import Word
from casework.domain.letters.letters import LetterTemplate
from casework.services.consent import agreements, telling_mps
from casework.services.letters import group_letters
from casework.storage.models import Authority, Case, Letter


@dataclass(frozen=True)
class Said:
    """What a person said last of MPs, and all that they agree to, as both hold on a day.

    What they agree to is looked up when a letter is asked about: most rows of a board ask for the word alone.
    """

    word: Word
    agreement: Callable[[], Agreement]

    def of_letter(self, letter: Letter) -> Stays | None:
        """Why this letter may not go, or not once more; None where it may, and for a draft."""
        if letter.issued_at is None:
            return None
        known = group_letters.letters().templates.get(letter.template)
        # Of a kind that nobody knows any more it is not known that no MP reads it.
        to_member, beyond = known is None or known.reaches_member, self._is_beyond(letter)
        return why_it_stays(self.word, to_member=to_member, beyond=beyond)

    def of_ringing(self, letter: Letter | None = None) -> Stays | None:
        """Why nobody rings an MP's office, about this letter or at all; None where somebody may."""
        beyond = letter is not None and self._is_beyond(letter)
        return why_it_stays(self.word, to_member=True, beyond=beyond)

    def _is_beyond(self, letter: Letter) -> bool:
        is_known = letter.template in group_letters.letters().templates
        return is_known and bool(told_beyond(letter, self.agreement()))


def said_by(case: Case, day: date, forms: Sequence[Authority] | None = None) -> Said:
    """What they said, as it holds on this day. `forms` are all of theirs, where they were asked for already."""
    word = telling_mps.word_of(case, day, forms)
    return Said(word, cache(lambda: agreements.agreement_on(case, day, forms)))


def said_in(cases: Collection[Case], day: date) -> dict[int, Said]:
    """The same of each of these cases, by its number; each table is asked once."""
    agreed = cache(lambda: agreements.agreements_on(cases, day))
    return {number: _said(word, agreed, number) for number, word in telling_mps.words_of(cases, day).items()}


def _said(word: Word, agreed: Callable[[], Mapping[int, Agreement]], number: int) -> Said:
    return Said(word, lambda: agreed()[number])


def told_beyond(letter: Letter, agreement: Agreement) -> frozenset[Kind]:
    """The kinds of fact that an issued letter tells and that are not agreed to so; none for a draft."""
    audience = _kind_of(letter).audience
    if letter.issued_at is None or audience is Audience.PERSON:
        return frozenset()
    return not_agreed(kinds_told(letter), audience, agreement)


def kinds_told(letter: Letter) -> frozenset[Kind]:
    """The kinds of fact that an issued letter tells: as was kept then; of an older letter, what its kind tells."""
    kept = letter.facts.get("told")
    return frozenset(map(Kind, kept)) if kept is not None else frozenset(_kind_of(letter).tells)


def _kind_of(letter: Letter) -> LetterTemplate:
    return group_letters.letters().template(letter.template)
