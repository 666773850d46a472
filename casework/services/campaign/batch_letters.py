"""The letters of a batch as pages: the same words as every letter, with what is the same for many worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from casework import clock
from casework.domain.consent.publicity import Agreement, Audience, Kind, not_agreed
from casework.domain.errors import CaseworkError
from casework.domain.letters.disclosure import Screened, kinds_marked, kinds_told
from casework.domain.letters.letter_values import LetterValues, Sender, sender_from
from casework.domain.letters.letters import missing_in_blocks, missing_values, refuse_unfinished
from casework.domain.room_to_write import own_gaps, with_room
from casework.pdf.letter_text import text_of_page
from casework.reference.topics import topics
from casework.services.campaign import own_words
from casework.services.consent import agreements
from casework.services.letters import disclosure, letter_checks, letter_pages, letter_readers, letter_signers
from casework.services.letters.letter_values import values_for
from casework.storage.models import Case, SignUp

NO_WORDS = (
    "There is no sentence of their own in it yet. Ask them how they know the person, or what they would miss; or make "
    "the letters with room to write it by hand."
)


@dataclass(frozen=True)
class Written:
    """One letter before it is printed: its texts and values as its readers may see them, and what it tells."""

    blocks: Mapping[str, str]
    values: LetterValues
    told: frozenset[Kind]


@dataclass
class _Seat:
    """What every letter to one MP shares."""

    whole: LetterValues
    words: LetterValues
    screened: Screened
    told: frozenset[Kind]
    masked: dict[str, str] = field(default_factory=dict)


class BatchLetters:
    """Letters of one kind in one case, each to its signer's own MP, under what the person agrees to today."""

    def __init__(
        self,
        case: Case,
        key: str,
        *,
        room_to_write: bool = False,
        agreement: Agreement | None = None,
        dated: date | None = None,
    ) -> None:
        """`dated` is the day that stands on them, where that is not today."""
        self.case = case
        self.key = key
        self.room_to_write = room_to_write
        self._known = letter_pages.letters()
        self.template = self._known.template(key)
        self.today = clock.today()
        self.dated = dated or self.today
        self.agreement = agreement or agreements.agreement_on(case, self.today)
        self._others = disclosure.other_facts(case)
        self._seats: dict[str, _Seat] = {}

    @property
    def css(self) -> str:
        """The stylesheet of every paper."""
        return self._known.css

    @property
    def wording_hash(self) -> str:
        """By which it is known whether somebody changed the words of this kind of letter."""
        return self._known.wording_hash(self.key)

    def lacking(self) -> list[str]:
        """What the person has not agreed to and every letter of this kind needs, in sentences."""
        return disclosure.lacking(self.case, self.template.audience, self.template.tells)

    def write(self, sign_up: SignUp, gss_code: str) -> Written:
        """The letter of this supporter to the MP of this constituency.

        Raises CaseworkError for a gap, for words that the person did not agree to have told, for a sign that no font
        draws.
        """
        seat = self._seat(gss_code)
        facts = letter_signers.facts_of_supporter(sign_up)
        sender = sender_from(facts)
        own: dict[str, Any] = {"sender": sender, "own_words": facts["own_words"], "own_ask": facts["own_ask"]}
        blocks = self._filled(replace(seat.words, **own))
        if not self.room_to_write and not own_words.is_ready(sign_up):
            raise CaseworkError(NO_WORDS)
        refuse_unfinished(
            missing_in_blocks(blocks) + missing_values(self.template, replace(seat.whole, **own))
        )
        letter_pages.refuse_endless(blocks)
        cleared = own_words.cleared_kinds(sign_up, self.template.audience)
        said = {name: self._masked(seat, text) for name, text in blocks.items()}
        if cleared:
            said |= self._masked_but(seat, blocks, cleared, own_words.texts_of(sign_up))
        disclosure.refuse(frozenset(kind for text in said.values() for kind in kinds_marked(text)))
        typed = " ".join(filter(None, (sender.how_known, sign_up.own_words, sign_up.ask)))
        letter_checks.refuse_signs(
            f"{typed} {_words_of(sender)}", self.case.languages or "", {"own_words": typed}
        )
        told = seat.told | kinds_told(seat.whole, typed, typed, topics(), cleared, self._others)
        values = self._signed_by(seat, sender)
        return Written(said, values, told)

    def page(self, written: Written, *, snug: bool = False) -> str:
        """The letter as HTML, for whoever prints many of them."""
        return self._known.page(self.key, written.blocks, written.values, snug=snug)

    def pdf(self, written: Written) -> bytes:
        """The letter as it would be printed."""
        return letter_pages.printed(self.key, dict(written.blocks), written.values)

    def _filled(self, values: LetterValues) -> dict[str, str]:
        blocks = self._known.prefill(self.key, values)
        if not self.room_to_write:
            return blocks
        return {name: with_room(text) if own_gaps(text) else text for name, text in blocks.items()}

    def _masked(self, seat: _Seat, text: str) -> str:
        """The text without what was not agreed to. Most texts of a batch are the same, and looked through once."""
        found = seat.masked.get(text)
        if found is None:
            found = seat.screened.mask(text)
            if len(seat.masked) < 200:
                seat.masked[text] = found
        return found

    def _masked_but(
        self, seat: _Seat, blocks: Mapping[str, str], cleared: frozenset[Kind], own: tuple[str, ...]
    ) -> dict[str, str]:
        """The blocks that hold the signer's own words, in which these kinds were looked at and are not told."""
        screened = disclosure.screen_for(
            self.case, self.template.audience, seat.whole, cleared=cleared, agreement=self.agreement
        )
        begun = [" ".join(text.split())[1:40].casefold() for text in own]
        return {
            name: screened.mask(text)
            for name, text in blocks.items()
            if any(words in " ".join(text.split()).casefold() for words in begun)
        }

    def _signed_by(self, seat: _Seat, sender: Sender) -> LetterValues:
        """The values of the page with whoever signs. Their own words stand in the texts, looked through there."""
        signed = replace(sender, how_known="")
        names = (seat.whole.person.name, seat.whole.person.official_name)
        if sender.name.casefold() in (name.casefold() for name in names if name):
            whole = replace(seat.whole, sender=signed, own_words="", own_ask="")
            return disclosure.screen_for(
                self.case, self.template.audience, whole, agreement=self.agreement
            ).values
        return replace(seat.screened.values, sender=signed, own_words="", own_ask="")

    def _seat(self, gss_code: str) -> _Seat:
        found = self._seats.get(gss_code)
        if found is None:
            found = self._seats[gss_code] = self._new_seat(gss_code)
        return found

    def _new_seat(self, gss_code: str) -> _Seat:
        letter_checks.refuse_unchecked(letter_checks.unchecked_at(gss_code))
        letter_readers.check_reader(self.template, gss_code)
        whole = values_for(self.case, self.template, gss_code, {}, self.today)
        whole = replace(whole, today=self.dated)
        words = letter_pages.for_words(self.case, self.template.audience, whole)
        screened = disclosure.screen_for(self.case, self.template.audience, whole, agreement=self.agreement)
        blocks = self._filled(words)
        page = self._known.page(self.key, blocks, screened.values)
        text = text_of_page(page)
        letter_checks.refuse_signs(text, self.case.languages or "", {})
        told = kinds_told(whole, text, "\n".join(blocks.values()), topics(), (), self._others)
        about_case = {Kind.CASE} if self.template.tells and self.template.speaks_of_case else set()
        return _Seat(whole, words, screened, told | about_case)


def beyond(told: list[str], audience: Audience, agreement: Agreement) -> frozenset[Kind]:
    """Those of the kinds of fact that letters tell which are not agreed to any more."""
    return frozenset() if audience is Audience.PERSON else not_agreed(map(Kind, told), audience, agreement)


def _words_of(sender: Sender) -> str:
    return " ".join((sender.name, *sender.lines, sender.postcode, sender.email, sender.phone))
