"""A letter that somebody without an account makes on a campaign page. Nothing of it is kept but what they agree to.

What they write is never compared with what the case keeps to itself: the answer would tell a stranger who guesses. It
is looked through for topics, and for places where people are held, whichever they are.
"""

import copy
import re
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from casework import clock
from casework.domain.campaign.alike import Reading
from casework.domain.campaign.campaign_pages import MOST_LETTERS, Asked, kinds_to_leave_out, leave_out
from casework.domain.campaign.messages import Means
from casework.domain.campaign.own_words import NOT_READY_ALONE, own_sentences, sentences
from casework.domain.case.pronouns import pronouns
from casework.domain.consent.publicity import Audience, Kind, may_say
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.letters.disclosure import kinds_marked, screen
from casework.domain.letters.letter_readers import greeting
from casework.domain.letters.letter_values import LetterValues, Minister, Sender
from casework.domain.said import names
from casework.domain.words import say
from casework.pdf.glyphs import unprintable
from casework.pdf.letters import Letters
from casework.reference.topics import topics
from casework.services.campaign import alike, supporters
from casework.services.campaign.campaign_members import Found, check_member
from casework.services.campaign.campaign_pages import letter_of, public_values
from casework.services.campaign.own_words import KeptBack, check_lengths
from casework.services.consent import agreements
from casework.services.letters import letter_pages, submissions
from casework.services.letters.letter_readers import addressed
from casework.services.parliament import ministers
from casework.services.parliament.directory import directory
from casework.services.safety import audit, tries
from casework.storage.database import db
from casework.storage.models import CampaignPage, PageTally

BY_PAGE = "Somebody on the campaign page"
FEWEST_TO_COMPARE = 8  # runs of three words in a letter that a stranger's words are compared with


def check_words(page: CampaignPage, asked: Asked) -> None:
    """Nothing where the letter has a sentence of their own; otherwise raises CaseworkError at its field."""
    check_lengths({"how_known": asked.how_known, "own_words": asked.own_words, "ask": asked.ask})
    if not own_sentences(asked.texts, letter_of(page.case, page.template).values()):
        raise CaseworkError(NOT_READY_ALONE, field="own_words")
    if signs := unprintable(" ".join((asked.name, asked.address, *asked.texts)), ""):
        raise CaseworkError(
            say(
                "We have no type for {shown}. Take it out, or write it in another way.",
                shown=names(f"“{sign}”" for sign in signs[:5]),
            ),
            field="own_words",
        )


def kept_back(page: CampaignPage, texts: Iterable[str]) -> list[KeptBack]:
    """The sentences that speak of what nobody is to tell in public of this person, without looking what is true."""
    agreement = agreements.agreement_on(page.case, clock.today())
    held: dict[str, Kind] = {}
    if not may_say(Kind.PLACE_OF_DETENTION, Audience.PUBLIC, agreement):
        held = {
            _short(place.name): Kind.PLACE_OF_DETENTION
            for place in directory().places()
            if not place.is_prison
        }
    nobody = LetterValues(today=clock.today())
    screened = screen(nobody, Audience.PUBLIC, agreement, topics(), also=held)
    found = [
        KeptBack(one, tuple(sorted(kinds_marked(screened.mask(one)))))
        for text in texts
        for one in sentences(text)
    ]
    return [one for one in found if one.kinds]


def words_to_leave_out(page: CampaignPage) -> list[str]:
    """What is to be left out of every letter of this page, in words: the same whatever is true of the person."""
    case = page.case
    they = pronouns(case.pronouns or "", public_values(case, page.template).person.name)
    kinds = kinds_to_leave_out(agreements.agreement_on(case, clock.today()))
    return leave_out(kinds, they.they, they.are == "are")


def meter(page: CampaignPage, asked: Asked) -> Reading:
    """How many other letters of the campaign theirs is much like, and nothing more exact.

    A share, or a likeness to a few words, would tell a stranger who guesses what somebody wrote, run by run.
    """
    return Reading(alike.meter(page.case, asked.texts, fewest=FEWEST_TO_COMPARE).count)


def text_of(page: CampaignPage, asked: Asked) -> str:
    """The whole letter as plain text, to be pasted into one's own mail: its subject on the first line."""
    blocks, values = _filled(page, asked)
    template = letter_pages.letters().template(page.template)
    body = [blocks.get(name, "") for name in template.blocks if name not in ("subject", "enclosures")]
    address = [asked.name, *values.sender.lines, values.sender.postcode]
    parts = [
        f"Subject: {blocks.get('subject', template.title)}",
        "\n".join(address),
        spoken(values.today),
        greeting(template, values),
        *(text for text in body if text.strip()),
        f"Yours sincerely,\n\n{asked.name}",
    ]
    return "\n\n".join(parts).replace("**", "")


def pdf_of(page: CampaignPage, asked: Asked) -> bytes:
    """The letter as a PDF, made now and kept nowhere. Raises CaseworkError after very many on one day."""
    if not tries.count_today(f"letters of page {page.id}", MOST_LETTERS):
        raise CaseworkError(
            "Very many letters were made here today, and this machine is small. Copy the text instead, or come back "
            "tomorrow."
        )
    db.session.commit()
    blocks, values = _filled(page, asked)
    return _signed_by_anybody(page.template).pdf(page.template, blocks, values)


def count_letter(page: CampaignPage, asked: Asked, once: str) -> bool:
    """Count a letter of somebody who agreed to it, by constituency and day; False where it was counted before."""
    if not submissions.claim(f"count {once}"[:64]):
        return False
    _count(page, check_member(asked))
    db.session.commit()
    return True


def keep_supporter(
    page: CampaignPage, asked: Asked, email: str | None, phone: str | None, *, counted: bool, once: str
) -> str | None:
    """Keep somebody who asked for it, given the notice on the page; their stop link's secret, known this once.

    None where this form was kept before. Raises CaseworkError without a way to reach them.
    """
    if not (email or phone):
        raise CaseworkError(
            "Type an email address or a phone number, so that the group can tell you.", field="email"
        )
    found = check_member(asked)
    # Who was counted before without a name is not counted twice.
    counted = counted and submissions.claim(f"count {once}"[:64])
    if not submissions.claim(f"keep {once}"[:64]):
        return None
    today = clock.today()
    sign_up = supporters.add_sign_up(
        page.case, "page", {
            "name": asked.name, "postcode": asked.postcode, "address": asked.address, "email": email, "phone": phone,
            "notice_given_on": today, "how_known": asked.how_known or None, "own_words": asked.own_words or None,
            "ask": asked.ask or None, "words_at": clock.now(), "writes": True, "counted": counted,
            # Each field says that it is for this, and the tick above them that what they type is kept.
            "reached_by": [*([Means.EMAIL] if email else ()), *([Means.CALL] if phone else ())],
        },
    )  # fmt: skip
    supporter = sign_up.supporter
    if found.seat and not found.lookup.constituency:
        supporter.gss_code, supporter.gss_basis = found.seat.constituency.gss_code, "chosen"
    token = supporters.stop_link(supporter)
    if counted:
        _count(page, found)
    db.session.flush()
    audit.record(
        "supporter added", None, page.case, signed=BY_PAGE, supporter=supporter.id, campaign_page=page.id
    )
    db.session.commit()
    return token


def _count(page: CampaignPage, found: Found) -> None:
    gss_code, today = found.seat.constituency.gss_code if found.seat else "", clock.today()
    of_day = select(PageTally).where(
        PageTally.page_id == page.id, PageTally.gss_code == gss_code, PageTally.on == today
    )
    row = db.session.scalar(of_day)
    if row is None:
        row = PageTally(page=page, gss_code=gss_code, on=today, letters=0)
        db.session.add(row)
    row.letters = PageTally.letters + 1 if row.id else 1
    audit.record("campaign page: letter counted", None, page.case, signed=BY_PAGE, campaign_page=page.id)


def _filled(page: CampaignPage, asked: Asked) -> tuple[dict[str, str], LetterValues]:
    """The words of their letter, and what the page around them needs: nothing of the case."""
    found, today = check_member(asked), clock.today()
    gss_code = found.seat.constituency.gss_code if found.seat else None
    held = ministers.minister(gss_code, today)
    sender = Sender(
        name=asked.name,
        lines=tuple(line.strip() for line in asked.address.splitlines() if line.strip()),
        postcode=found.lookup.postcode,
        how_known=asked.how_known,
    )
    around = LetterValues(
        today=today,
        member=addressed(gss_code, today),
        sender=sender,
        minister=Minister(held.post, held.fact.when, "", True) if held else Minister(),
    )
    told = replace(
        public_values(page.case, page.template),
        member=around.member, sender=sender, minister=around.minister, own_words=asked.own_words, own_ask=asked.ask,
    )  # fmt: skip
    return letter_pages.letters().prefill(page.template, told), around


def _signed_by_anybody(key: str) -> Letters:
    """The letters of this group, with this one as somebody's own: it carries no note on how far it may go."""
    known = letter_pages.letters()
    other = copy.copy(known)
    other.templates = {**known.templates, key: replace(known.template(key), tells=())}
    return other


def _short(name: str) -> str:
    """The part of a place's name by which people call it: "Manston" without what it is."""
    return re.sub(r"\s+(?:residential|arrivals|short-term|\().*$", "", name)
