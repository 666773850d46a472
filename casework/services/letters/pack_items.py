"""What can go into a pack, or along with somebody: the letters of a case, its lists, and the scans that came in."""

from dataclasses import replace

from casework import clock
from casework.domain.consent.publicity import Audience, Kind, not_agreed
from casework.domain.letters.disclosure import kinds_marked
from casework.domain.letters.letters import LetterTemplate
from casework.domain.letters.packs import Item, PackKind
from casework.domain.said import AND, in_a_row, of_ours, on_day, typed
from casework.domain.words import say
from casework.services.case import first_pack
from casework.services.consent import agreements, consent, recall, staying
from casework.services.letters import correspondence, letter_pages, letters, pack_lists
from casework.services.letters.scan_checks import PDF
from casework.services.parliament.surgery_scripts import BRIEF
from casework.storage.models import Authority, Case, Correspondence, Letter

KNOW_THE_CASE = (Audience.LAWYER, Audience.OFFICE)
ON_TOP = (BRIEF, "form-of-authority")  # what is handed over before anything else
TO_SIGN = (
    "form-of-authority",
    "campaign-consent",
    "withdrawal-notice",
)  # as we issue them, they are not signed
UNNAMED = "Paper"  # one whose title tells what there is no consent to tell
NOT_UNASKED = ("recall", "campaign-consent", "supporters-notice")


def offered(case: Case, kind: PackKind, audience: Audience) -> list[Item]:
    """Everything that could go into such a pack, in the order that it would have unasked."""
    if kind is PackKind.FIRST:
        return [Item(*one) for one in first_pack.things(case)]
    items = [_of_letter(row, audience) for row in _issued(case)]
    if audience in KNOW_THE_CASE:
        items.append(Item("papers", "List of papers", say("every letter in and out, by its day")))
        if kind is PackKind.EVIDENCE:
            items[0:0] = _chronologies(audience)
            items += _originals(case, audience)
    if kind is PackKind.PACK:
        items.append(Item("contacts", "Whom to ring", say("the MPs, the lawyer and us")))
    return _named(case, items, audience)


def papers_offered(case: Case, audience: Audience) -> list[Item]:
    """Every paper of a case that could go to them: the issued letters, then the originals; no lists."""
    found = [_to_carry(row, audience) for row in _issued(case)] + _originals(case, audience)
    return _named(case, found, audience)


def _named(case: Case, items: list[Item], audience: Audience) -> list[Item]:
    """The same, without the titles that tell what there is no consent to tell."""
    said = pack_lists.screened(case, audience, [one.title for one in items]).blocks
    return [
        replace(one, title=UNNAMED) if kinds_marked(said[str(number)]) else one
        for number, one in enumerate(items)
    ]


def _to_carry(row: Letter, audience: Audience) -> Item:
    """The same as in a pack, but that our own brief goes along: whoever carries it reads from it."""
    item = _of_letter(row, audience)
    return replace(item, is_chosen=item.is_chosen or (row.template == BRIEF and not item.stops))


def paper_of(case: Case, item: Item) -> tuple[str, str, frozenset[Kind] | None]:
    """Under which name such a paper lies in the archive, its media type, and what it tells; None: nobody knows."""
    if item.is_original:
        row = original_of(case, item)
        return row.scan_sha256 or "", row.scan_type or "", None
    letter = letter_of(case, item)
    return letter.sha256 or "", PDF, staying.kinds_told(letter)


def _chronologies(audience: Audience) -> list[Item]:
    """What has happened; for an office without what we wrote about a paper, unless somebody chooses that."""
    plain = Item("chronology", "What has happened", say("from the file: letters, visits, moves, removals"))
    if audience is Audience.LAWYER:
        return [plain]
    ours = say("the same, and how we sum up each letter and visit, in our own words")
    return [plain, Item("summaries", "What has happened, with our summaries", ours, is_chosen=False)]


def _issued(case: Case) -> list[Letter]:
    """The issued letters that are not void: what is handed over first, then by the day they were issued."""
    rows = [row for row in letters.list_letters(case) if row.issued_at and not row.voided_at]
    place = {key: number for number, key in enumerate(ON_TOP)}
    return sorted(rows, key=lambda row: (place.get(row.template, len(ON_TOP)), row.issued_at, row.id))


def _of_letter(row: Letter, audience: Audience) -> Item:
    template = letters.template_of(row)
    day = clock.day_of(row.issued_at) if row.issued_at else clock.today()
    to_sign = row.template in TO_SIGN
    what = f"{template.title}, not signed" if to_sign else template.title
    title = f"{what}, {row.member_name}" if row.member_name else what
    stops, recalled = _stops(row, template, audience), recall.told_beyond(row)
    ours = row.template == "surgery-brief" and audience is not Audience.LAWYER
    is_chosen = not (stops or recalled or ours or to_sign or row.template in NOT_UNASKED)
    return Item(f"letter_{row.id}", title, on_day(day), stops, is_chosen)


def _stops(row: Letter, template: LetterTemplate, audience: Audience) -> str:
    """Why an issued letter cannot go to them, in a sentence; empty when it can.

    The lawyer may see what went out too far: it is the proof of it.
    """
    if audience is Audience.PERSON:
        return "It holds a supporter’s name and address." if row.supporter_id else ""
    if template.layout == letter_pages.OWN_VIEW:
        return "It is theirs alone: it holds everything."
    if audience is Audience.SUPPORTERS and template.sheet and template.audience is Audience.PERSON:
        return "It is the person’s own paper. It is for no supporter."
    if audience is not Audience.LAWYER and recall.told_beyond(row):
        return "The person has agreed to less since it was issued, so no copy is handed out any more."
    agreement = agreements.agreement_on(row.case, clock.today())
    beyond = sorted(not_agreed(staying.kinds_told(row), audience, agreement))
    return (
        say(
            "It tells what there is no consent to tell them: {names}.",
            names=in_a_row((one.words for one in beyond), AND),
        )
        if beyond
        else ""
    )


def _originals(case: Case, audience: Audience) -> list[Item]:
    """The scans of a case. For an office none is chosen unasked: no program can read what it tells."""
    is_chosen = audience is Audience.LAWYER
    found = [
        Item(f"authority_{row.id}", "Form of authority, signed", on_day(row.signed_on), "", is_chosen, True)
        for row in consent.list_authorities(case)
        if row.scan_sha256
    ]
    for row in reversed(correspondence.list_papers(case)):
        if row.scan_sha256:
            paper = correspondence.as_paper(row)
            who = row.sender or row.recipient
            title = in_a_row([of_ours(paper.words), *([typed(who)] if who else [])])
            found.append(Item(f"scan_{row.id}", title, on_day(paper.day), "", is_chosen, True))
    return found


def letter_of(case: Case, item: Item) -> Letter:
    return letters.get_letter(case, int(item.key.partition("_")[2]))


def original_of(case: Case, item: Item) -> Correspondence | Authority:
    where, _, number = item.key.partition("_")
    if where == "authority":
        return consent.get_authority(case, int(number))
    return correspondence.get_paper(case, int(number))
