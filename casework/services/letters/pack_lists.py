"""The lists of a pack: what has happened, which papers there are, whom to ring; without what was not agreed to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from casework import clock
from casework.domain.case.places import home_on
from casework.domain.consent.publicity import Audience, Kind, may_say
from casework.domain.dates import spoken
from casework.domain.letters.disclosure import kinds_marked
from casework.domain.letters.letter_readers import address_lines
from casework.domain.letters.letter_values import LetterValues
from casework.pdf.pack_pages import list_page
from casework.services.case import finding_out, first_hour_lists
from casework.services.case.timeline import EventSource, timeline
from casework.services.consent import agreements, consent, telling_mps
from casework.services.letters import (
    correspondence,
    disclosure,
    letter_pages,
    letter_readers,
    letter_values,
    letters,
)
from casework.services.letters.disclosure import Sayable
from casework.services.parliament import offices
from casework.storage.models import Case, Correspondence

WORK_ON_IT = (Audience.OFFICE, Audience.LAWYER)
LEFT_OUT = " Some entries are left out."
REACH_THEM = "It stands in our file, on the page of the case, under “Reach them”."
TO_FILL_IN = "Telephone of the office: ____________________"


@dataclass(frozen=True)
class Listed:
    """The rows of a list that may be told, the kinds of fact in them, and the kinds of those that were left out."""

    lead: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: frozenset[Kind]
    left_out: frozenset[Kind]
    languages: str = ""

    def pdf(self, title: str, css: str, foot: str) -> bytes:
        """The list as a tagged PDF."""
        lead = self.lead + (LEFT_OUT if self.left_out else "")
        return list_page(title, lead, self.head, self.rows, css=css, foot=foot, languages=self.languages)


def screened(case: Case, audience: Audience, texts: Sequence[str]) -> Sayable:
    """These texts as this audience may see them, by their numbers."""
    blocks = {str(number): text for number, text in enumerate(texts)}
    return disclosure.say(case, audience, _values(case, audience), blocks)


def told_in(case: Case, audience: Audience, text: str) -> frozenset[Kind]:
    """The kinds of fact that this text tells."""
    return disclosure.told(case, _values(case, audience), text, {"rows": text})


def chronology(case: Case, audience: Audience, *, with_hashes: bool = False) -> Listed:
    """What has happened, the oldest first; the lawyer's has how we sum up what came and went."""
    return _happened(case, audience, with_summaries=audience is Audience.LAWYER)


def summaries(case: Case, audience: Audience, *, with_hashes: bool = False) -> Listed:
    """The same with our summaries, whoever reads it."""
    return _happened(case, audience, with_summaries=True)


def _happened(case: Case, audience: Audience, *, with_summaries: bool) -> Listed:
    """What has happened, without the notes that we wrote for ourselves."""
    rows = [
        (spoken(event.on), "\n".join(part for part in (event.words, with_summaries and event.detail) if part))
        for event in reversed(timeline(case))
        if event.source is not EventSource.NOTE
    ]
    lead = "As it is kept in our file, the oldest first."
    return _told(case, audience, lead, ("Day", "What happened"), rows)


def papers(case: Case, audience: Audience, *, with_hashes: bool = False) -> Listed:
    """Every letter in and out, the oldest first; in evidence with the numbers by which a copy can be checked."""
    found = list(reversed(correspondence.list_papers(case)))
    issued = {row.id: row.sha256 or "" for row in letters.list_letters(case)}
    rows = []
    for row in found:
        paper = correspondence.as_paper(row)
        who = f"from {row.sender}" if row.sender else f"to {row.recipient}" if row.recipient else ""
        told = [spoken(paper.day), "\n".join(part for part in (paper.words, who) if part)]
        rows.append((*told, _number_of(row, issued)) if with_hashes else tuple(told))
    head = ("Day", "Paper", "Number of the file (SHA-256)") if with_hashes else ("Day", "Paper")
    lead = "Every letter that is kept in our file, by the day it came or went."
    if with_hashes:
        lead += " A copy with the same number is the same, sign by sign."
    return _told(case, audience, lead, head, rows)


def contacts(case: Case, audience: Audience, *, with_hashes: bool = False) -> Listed:
    """Whom to ring: the home MP, the lawyer, the place of detention, and the group; each only where it may be told."""
    values, agreement = _values(case, audience), agreements.agreement_on(case, clock.today())
    lawyer, held = values.representative, values.detained_at
    number_alone = () if lawyer.known or not lawyer.phone else (finding_out.lawyer_in_words(case),)
    known: list[tuple[Kind | None, str, tuple[str, ...]]] = [
        _home_member(case, audience),
        _to_speak_to(case, audience),
        (
            Kind.LAWYER,
            "Lawyer",
            number_alone or (lawyer.name, lawyer.firm, lawyer.phone, lawyer.email),
        ),
        (Kind.PLACE_OF_DETENTION, "Where they are held", (held.name, *held.lines, held.room)),
        (Kind.IDENTITY, "Languages", (values.person.languages, values.person.interpreter)),
        (None, "The group", (values.group.name, values.group.contact)),
    ]
    if (authority := consent.in_force(case, clock.today())) and authority.supporters:
        named = tuple(authority.supporters.splitlines())
        known.insert(1, (Kind.IDENTITY, "Supporters whom the form of authority names", named))
    rows, told = [], set()
    for kind, what, lines in known:
        text = "\n".join(line for line in lines if line)
        if text and (kind is None or may_say(kind, audience, agreement)):
            rows.append((what, text))
            told |= {kind} if kind else set()
    found = _told(
        case, audience, "Look whether a number is still right before you need it.", ("Who", "How"), rows
    )
    return replace(found, told=found.told | told)


def _to_speak_to(case: Case, audience: Audience) -> tuple[Kind | None, str, tuple[str, ...]]:
    """Who may be spoken to and how they are reached: in words for the lawyer's eyes alone, else where it stands."""
    what, text = "Who may be spoken to", case.safe_contact
    if not text or audience not in (Audience.LAWYER, Audience.OFFICE):
        return None, what, ()
    may = may_say(Kind.IDENTITY, audience, agreements.agreement_on(case, clock.today()))
    if audience is Audience.LAWYER and may and not screened(case, audience, [text]).taken_out:
        return Kind.IDENTITY, what, (text,)
    return None, what, (REACH_THEM,)


def first_hour(case: Case, audience: Audience, *, with_hashes: bool = False) -> Listed:
    """What is known after the first hour, what is to be done by whom, and what is still to be found out."""
    lead = "Look at it again before you rely on it: things move fast."
    return _told(case, audience, lead, ("What", "As we know it"), first_hour_lists.rows(case))


LISTS: dict[str, Callable[..., Listed]] = {
    "first_hour": first_hour,
    "chronology": chronology,
    "summaries": summaries,
    "papers": papers,
    "contacts": contacts,
}


def _told(
    case: Case, audience: Audience, lead: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Listed:
    """The rows in which nothing had to be marked as not agreed to."""
    said = screened(case, audience, ["\n".join(row) for row in rows])
    kept = [row for number, row in enumerate(rows) if not kinds_marked(said.blocks[str(number)])]
    told = told_in(case, audience, "\n".join("\n".join(row) for row in kept))
    return Listed(lead, head, tuple(kept), told, said.taken_out, case.languages or "")


def _values(case: Case, audience: Audience) -> LetterValues:
    """What is known of the case, to find it again in a text."""
    template = replace(letter_pages.letters().template("surgery-brief"), audience=audience)
    return letter_values.values_for(case, template, None, {}, clock.today())


def _home_member(case: Case, audience: Audience) -> tuple[Kind | None, str, tuple[str, ...]]:
    """How to reach the MP for the home; after a no that nobody does, which is for those who work on the case alone."""
    word = telling_mps.word_of(case, clock.today())
    if not word.refuses or audience is Audience.PERSON:
        return Kind.HOME, "MP for the home", _of_member(case, audience)
    return None, "MP for the home", (word.beside_a_step,) if audience in WORK_ON_IT else ()


def _of_member(case: Case, audience: Audience) -> tuple[str, ...]:
    """The MP for the home with the number of their office, or a line for it in a pack of our own."""
    home = home_on(case.places, clock.today())
    if home is None or home.gss_code is None:
        return ()
    member = letter_readers.addressed(home.gss_code, clock.today())
    to_fill_in = (TO_FILL_IN,) if audience is Audience.LAWYER else ()
    numbers = offices.telephones(home.gss_code) or to_fill_in
    return (*address_lines(member), member.constituency, *numbers) if member.known else ()


def _number_of(row: Correspondence, issued: dict[int, str]) -> str:
    """The SHA-256 of the paper: of our letter as it was issued, of theirs as it was scanned."""
    return issued.get(row.letter_id or 0) or row.scan_sha256 or "no copy here"
