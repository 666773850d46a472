"""A letter as pages: the PDF that a draft would make, kept for a moment so that each page is not made twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from casework import clock
from casework.domain.consent.own_view import RIGHTS
from casework.domain.consent.publicity import Agreement, Audience, Kind
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.language.languages import Catalogue
from casework.domain.letters.disclosure import without_signer
from casework.domain.letters.letter_values import Group, LetterValues
from casework.pdf.letter_index import values_from
from casework.pdf.letters import Letters
from casework.pdf.pages import page_count, page_image
from casework.services.consent import agreements
from casework.services.consent.own_view import OwnView, own_view
from casework.services.language import languages
from casework.services.letters import disclosure, group_letters
from casework.services.letters.disclosure import Sayable
from casework.services.letters.letter_values import values_for, without_flight
from casework.services.safety import groups
from casework.storage.models import Case, Letter
from casework.storage.one_look import one_look

OWN_VIEW = "own-view.html"  # the layout that shows the person all that is held
# A letter is a page, and a statement a few. Beyond this somebody pasted a whole file, and drawing it would keep
# everybody else waiting for minutes.
MOST_SIGNS = 30_000
MOST_LINES = 600
NOT_TOLD_OF_FLIGHTS = (Audience.SUPPORTERS, Audience.PUBLIC)
SCREEN = 1.6  # dots for a point: sharp enough to read on a screen
_standing: ContextVar[tuple[Letter, LetterValues, Sayable] | None] = ContextVar("standing", default=None)


def letters() -> Letters:
    """The letters of this installation."""
    return group_letters.letters()


def open_to_all() -> list[str]:
    """The keys of the letters that tell nothing of the story: everybody on the team of a case may read those."""
    return [key for key, one in letters().templates.items() if not one.tells_the_story]


@contextmanager
def standing_still(letter: Letter) -> Iterator[None]:
    """While it lasts, what this draft says is read from its case once, however often it is asked: to look, not to save.

    What was looked through is then what is printed, although somebody else saves meanwhile.
    """
    with one_look():
        values = values_of(letter)
        kept = _standing.set((letter, values, _sayable(letter, values)))
        try:
            yield
        finally:
            _standing.reset(kept)


def values_of(letter: Letter) -> LetterValues:
    """What this draft would be printed with today."""
    standing = _standing.get()
    if standing and standing[0] is letter:
        return standing[1]
    template = letters().template(letter.template)
    values = values_for(letter.case, template, letter.gss_code, letter.facts, clock.today())
    if template.audience is not Audience.PERSON or template.layout != OWN_VIEW:
        return values
    own = own_view_of(letter.case)
    return replace(
        values,
        own_held=own.held,
        own_agreed=own.agreed,
        own_went=own.went,
        own_looked=own.looked,
        own_rights=RIGHTS,
    )


def own_view_of(case: Case) -> OwnView:
    """What the person is shown of themselves."""
    known = letters().templates
    titles = {key: one.title for key, one in known.items()}
    return own_view(case, titles, {key for key, one in known.items() if one.to == "person"})


def prefilled_from(letter: Letter) -> LetterValues:
    """What the words of a new draft are made from: nothing that its readers are never told.

    In a public paper the person goes by the name agreed for it.
    """
    return for_words(letter.case, letters().template(letter.template).audience, values_of(letter))


def for_words(case: Case, audience: Audience, values: LetterValues) -> LetterValues:
    """The values from which words for these readers are made."""
    agreed = agreements.agreement_on(case, clock.today()).level >= audience.level
    if audience in NOT_TOLD_OF_FLIGHTS or (audience is Audience.AIRLINE and not agreed):
        values = without_flight(case, values)
    return disclosure.known_in_public(case, values) if audience is Audience.PUBLIC else values


def sayable(letter: Letter, agreement: Agreement | None = None) -> Sayable:
    """The draft as its audience may see it today: nothing in it goes beyond what the person agreed to.

    Another `agreement` than today's can be tried.
    """
    standing = _standing.get()
    if standing and standing[0] is letter and agreement is None:
        return standing[2]
    return _sayable(letter, values_of(letter), agreement)


def _sayable(letter: Letter, values: LetterValues, agreement: Agreement | None = None) -> Sayable:
    template = letters().template(letter.template)
    return disclosure.say(
        letter.case,
        template.audience,
        values,
        letter.blocks,
        cleared=_cleared(letter),
        agreement=agreement,
    )


def taken_out(letter: Letter, agreement: Agreement | None = None) -> frozenset[Kind]:
    """The kinds of fact that this draft would tell and that the person did not agree to have told."""
    said, template = sayable(letter, agreement), letters().template(letter.template)
    on_the_page = letters().taken_out(letter.template, said.blocks, said.values)
    beyond = disclosure.beyond_level(letter.case, template.audience, template.tells, agreement=agreement)
    return on_the_page | beyond


def told_by(letter: Letter) -> frozenset[Kind]:
    """The kinds of fact that this draft tells, as it would be issued now; of the case itself where its kind does.

    A kind of letter that is about nobody tells nothing, whatever town its sender lives in, and the name and address of
    a supporter who signs are no fact of the person: a batch and the look before issuing have it so too.
    """
    template = letters().template(letter.template)
    if not template.tells:
        return frozenset()
    about_case = {Kind.CASE} if template.speaks_of_case else set()
    said, printer = sayable(letter), letters().printed_with(_beside(letter))
    of_person = said.values if template.signed_by == "person" else without_signer(said.values)
    text = printer.printed_text(letter.template, said.blocks, of_person)
    told = disclosure.told(letter.case, values_of(letter), text, letter.blocks, cleared=_cleared(letter))
    return told | about_case


def preview(letter: Letter) -> bytes:
    """The pages that issuing this draft now would freeze, where nothing is taken out of them.

    Raises CaseworkError for a text that is no letter any more.
    """
    refuse_endless(letter.blocks)
    said = sayable(letter)
    return _made(letters(), letter.template, tuple(said.blocks.items()), said.values, _beside(letter))


def as_draft(letter: Letter, note: str) -> bytes:
    """The pages of a draft with a note above them that says so. Nothing is kept of them."""
    refuse_endless(letter.blocks)
    said = sayable(letter)
    printer = letters().printed_with(_beside(letter))
    return printer.pdf(letter.template, said.blocks, said.values, note=note)


def to_fill_in(letter: Letter) -> bytes:
    """The draft as a PDF form that is filled in on a screen. Raises NotFound for a paper in one language."""
    template = letters().template(letter.template)
    if not (template.two_languages and template.comes_empty):
        raise NotFound("This letter is no form that is filled in.")
    said = sayable(letter)
    form = letters().printed_with(_beside(letter), fillable=True)
    return form.pdf(letter.template, said.blocks, said.values)


def blank(key: str, beside: Catalogue, *, fillable: bool = False) -> bytes:
    """A paper of the program in English and another language, with nothing of any case in it."""
    values = LetterValues(today=clock.today(), group=Group(groups.name_now()))
    return letters().printed_with(beside, fillable=fillable).pdf(key, {}, values)


def printed(key: str, blocks: dict[str, str], values: LetterValues) -> bytes:
    """The pages of a letter of which no draft is kept, kept for a moment."""
    refuse_endless(blocks)
    return _made(letters(), key, tuple(blocks.items()), values, None)


def _beside(letter: Letter) -> Catalogue | None:
    return languages.beside(letter.facts.get("language"))


def large_print(letter: Letter, size: int) -> bytes:
    """An issued letter with its own words in large print, marked as a copy. Nothing is kept of it.

    Raises CaseworkError for another size than 16 and 20 points, and for a letter of which its values were not kept.
    """
    if letter.issued_at is None or "printed" not in letter.facts:
        raise NotFound("There is no large print copy of this. Issue the letter first.")
    values = values_from(letter.facts["printed"])
    what = "paper made" if letters().template(letter.template).sheet else "letter issued"
    note = f"Large print copy of the {what} on {spoken(clock.day_of(letter.issued_at))}."
    printer = letters().printed_with(_beside(letter))
    return printer.pdf(letter.template, letter.blocks, values, size=size, note=note)


def picture(pdf: bytes, number: int) -> bytes:
    """One page of a PDF as a PNG for the screen. Raises IndexError when there is no such page."""
    return page_image(pdf, number, SCREEN)


def count_pages(pdf: bytes) -> int:
    """How many pages the PDF has."""
    return page_count(pdf)


def text_of(letter: Letter) -> str:
    """Every word that the draft would print."""
    said = sayable(letter)
    return letters().printed_with(_beside(letter)).printed_text(letter.template, said.blocks, said.values)


def as_plain(values: LetterValues) -> dict[str, Any]:
    """The values as the record keeps them: text, lists and dates in ISO form."""
    plain: dict[str, Any] = _plain(asdict(values))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _cleared(letter: Letter) -> list[Kind]:
    return [Kind(kind) for kind in letter.facts.get("cleared", ())]


def refuse_endless(blocks: dict[str, str]) -> None:
    """Nothing for a text of a few pages; for one that is no letter any more it raises CaseworkError."""
    signs = sum(len(text) for text in blocks.values())
    lines = sum(text.count("\n") for text in blocks.values())
    if signs > MOST_SIGNS or lines > MOST_LINES:
        raise CaseworkError(
            f"This text is too long for a letter ({signs:,} characters, {lines:,} lines). Shorten it to a few pages, "
            "and enclose the rest as a paper of its own."
        )


@lru_cache(maxsize=16)
def _made(
    known: Letters,
    key: str,
    blocks: tuple[tuple[str, str], ...],
    values: LetterValues,
    beside: Catalogue | None,
) -> bytes:
    return known.printed_with(beside).pdf(key, dict(blocks), values)
