"""What is looked at before a letter is issued: signs that print, an MP who was checked, an authority on record."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from casework import clock
from casework.domain.case.postcodes import parse_partial
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_life import FACTS, READ_BY, words_hash
from casework.domain.letters.letters import LetterTemplate, Missing
from casework.domain.letters.mail import is_mail_address
from casework.domain.parliament.directory import Member
from casework.domain.parliament.members import Connection
from casework.domain.said import names
from casework.domain.words import say
from casework.pdf.glyphs import unprintable
from casework.services.case import whereabouts
from casework.services.consent import consent
from casework.services.letters import disclosure, letter_pages
from casework.services.parliament import members
from casework.services.parliament.directory import directory, was_with_another
from casework.services.parliament.member_checks import last_check
from casework.services.timing import removal_dates, removals
from casework.storage.database import db
from casework.storage.models import Case, CasePlace, Letter

# The letters that are written to an MP for one reason alone, and say it.
ASKED_FOR = {"home_member": Connection.HOME, "detention_member": Connection.DETENTION}
NO_EMAIL = "This is no email address. It looks like ada@example.org. You may leave it empty."
NO_POSTCODE = (
    "We do not know this postcode in the UK. It looks like LS11 0ES. One from abroad belongs to the address."
)
FIRST_LETTER = "home-mp-first-contact"


def refuse_unprintable(letter: Letter) -> None:
    """Nothing when every sign can be drawn; otherwise raises CaseworkError that names the signs and their block."""
    language = letter.facts.get("language") or letter.case.languages or ""
    refuse_signs(letter_pages.text_of(letter), language, letter.blocks)


def refuse_signs(text: str, language: str, fields: Mapping[str, str]) -> None:
    """The same for any text. `fields` say where each piece of it was typed."""
    signs = unprintable(text, language)
    if not signs:
        return
    where = next((name for name, typed in fields.items() if signs[0] in typed), None)
    raise CaseworkError(
        say(
            "No font on this machine can draw {shown}: it would print as an empty box. Take it out, or write it in "
            "another way.",
            shown=names(f"“{sign}” (U+{ord(sign):04X})" for sign in signs[:5]),
        ),
        field=where,
    )


def unusable_sender(letter: Letter) -> list[Missing]:
    """What was typed of whoever signs and cannot be right: no answer of an office would reach them."""
    found = []
    email, code = (letter.facts.get(name) or "" for name in ("sender_email", "sender_postcode"))
    if email and not is_mail_address(email):
        found.append(
            Missing("sender_email", "Their email", "an address that mail reaches, or none", NO_EMAIL)
        )
    try:
        if code:
            parse_partial(code)
    except CaseworkError:
        found.append(Missing("sender_postcode", "Their postcode", "a UK postcode", NO_POSTCODE))
    return found


def refuse_faulty(pdf: bytes) -> None:
    """Nothing when the PDF can be read aloud, copied and kept; otherwise raises CaseworkError with what is wrong."""
    # Imported here: its library takes a tenth of a second, and only issuing needs it.
    from casework.pdf.gate import faults

    found = faults(pdf)
    if found:
        raise CaseworkError(
            f"This paper was not issued: {found[0]} The fault is in the letter’s template. Show this to whoever looks "
            "after the templates."
        )


def refuse_overfull(template: LetterTemplate, pdf: bytes) -> None:
    """Nothing when a paper that has to stand on one page does; otherwise raises CaseworkError."""
    if template.one_page and letter_pages.count_pages(pdf) > 1:
        raise CaseworkError("This is too long: it runs over the page that is cut up. Shorten it.")


def unchecked_member(letter: Letter) -> Member | None:
    """The MP of this letter when we know them from one source only and nobody has confirmed it; else None."""
    return unchecked_at(letter.gss_code) if letter.gss_code else None


def unchecked_at(gss_code: str) -> Member | None:
    """The MP of this constituency when we know them from one source only and nobody has confirmed it; else None."""
    seat = directory().seat_on(gss_code, clock.today())
    if seat.member is None or seat.member.is_checked or last_check(seat):
        return None
    return seat.member


def refuse_unchecked_member(letter: Letter) -> None:
    """Nothing when the MP is on the published record or was checked; otherwise raises CaseworkError."""
    refuse_unchecked(unchecked_member(letter))


def refuse_unchecked(member: Member | None) -> None:
    """Nothing where there is no unchecked MP; otherwise raises CaseworkError that says where to look."""
    if member is not None:
        raise CaseworkError(
            f"We know from one source only that {member.name} is the MP. Look on the UK Parliament page, say on the "
            "page of this MP that you have checked it, and issue the letter then."
        )


def beyond_consent(letter: Letter) -> list[str]:
    """What the draft would tell and the person did not agree to, in sentences; empty when it may all be told."""
    template = letter_pages.letters().template(letter.template)
    taken_out = letter_pages.taken_out(letter)
    return disclosure.lacking(letter.case, template.audience, sorted(taken_out)) if taken_out else []


def words_of(letter: Letter) -> str:
    """A hash of the words that this letter has now."""
    return words_hash(letter.blocks, {name: letter.facts.get(name) or "" for name in FACTS})


def is_read(letter: Letter, *, by: Collection[str] = tuple(READ_BY)) -> bool:
    """Whether the person or the lawyer read the words as they stand now; a form without any need not be read."""
    if not letter_pages.letters().template(letter.template).blocks:
        return True
    now = words_of(letter)
    return any(one.words_sha256 == now and one.who in by for one in letter.readings)


def reasons_to_wait(letter: Letter) -> list[str]:
    """What is missing of the person's consent for this letter, in sentences; empty when nothing is."""
    template, case = letter_pages.letters().template(letter.template), letter.case
    found = []
    if template.audience is Audience.PUBLIC and not is_read(letter, by=("person",)):
        found.append(
            say(
                "{name} has not read these words, as far as is kept here. What is public cannot be called back.",
                name=case.person_name,
            )
        )
    if not_there_any_more(letter):
        found.append(
            say("Another look at its words: they were begun before {name} moved.", name=case.person_name)
        )
    return found + lacking_authority(case, template, letter.gss_code)


def lacking_authority(case: Case, template: LetterTemplate, gss_code: str | None) -> list[str]:
    """What is missing of a form of authority, and of a yes to writing to MPs, where such a letter needs them."""
    found: list[str] = []
    if not template.needs_authority:
        return found
    # An MP who only lends a voice need not be named on the paper, but there has to be one.
    must_name = gss_code if template.asks_for_casework else None
    if consent.in_force(case, clock.today(), must_name) is None:
        found.append(
            say(
                "There is no signed form of authority on record that lets this MP act for {name}.",
                name=case.person_name,
            )
            if must_name
            else say(
                "There is no signed form of authority on record that {name} signed.", name=case.person_name
            )
        )
    if case.agreed_to_mps is False:
        found.append(say("{name} was asked, and said no to writing to MPs.", name=case.person_name))
    elif case.agreed_to_mps is None:
        found.append(
            say("It is not recorded that {name} was asked before an MP hears of them.", name=case.person_name)
        )
    return found


def not_there_any_more(letter: Letter, places: Sequence[CasePlace] | None = None) -> str:
    """That the person left the place for which the MP of a draft was chosen, in a sentence; empty where they did not.

    Of a draft alone, and of one that speaks for the person: a supporter writes to their own MP wherever that is.
    `places` as in `members.left_constituency`.
    """
    is_draft = not (letter.issued_at or letter.discarded_at)
    template = letter_pages.letters().template(letter.template)
    if not letter.gss_code or letter.supporter_id or not (is_draft and template.writes_to_member):
        return ""
    begun, asked_for = clock.day_of(letter.drafted_at), ASKED_FOR.get(template.to)
    return members.left_constituency(letter.case, letter.gss_code, begun, places, asked_for=asked_for)


def too_late_for(letter: Letter) -> str:
    """Why a letter that asks for a meeting before any trouble does not fit any more; empty where it does."""
    case, today = letter.case, clock.today()
    if letter.template != FIRST_LETTER:
        return ""
    if whereabouts.is_detained(case, today):
        return f"{case.person_name} is detained, and cannot come to a meeting."
    if removals.running(case) or removal_dates.open_notices(case):
        return f"{case.person_name} may be removed."
    return ""


def sent_before(letter: Letter) -> Letter | None:
    """The last letter of this kind that went to this MP for this case, lest it is written twice; else None."""
    before = db.session.scalars(
        select(Letter)
        .where(
            Letter.case_id == letter.case_id,
            Letter.template == letter.template,
            Letter.gss_code == letter.gss_code,
            Letter.supporter_id == letter.supporter_id,
            Letter.issued_at.is_not(None),
            Letter.voided_at.is_(None),
            Letter.id != letter.id,
        )
        .order_by(Letter.issued_at.desc())
    )
    return next(
        (one for one in before if not was_with_another(one.gss_code, one.member_name, one.sent_on)), None
    )
