"""The pack of the first hour: what we know and who does what, the form of authority to sign, the drafts to read."""

from sqlalchemy import exists, select

from casework import clock
from casework.domain.consent.publicity import Audience
from casework.domain.letters.packs import PackKind
from casework.domain.words import say
from casework.services.consent import telling_mps
from casework.services.letters import disclosure, letter_pages, letters
from casework.storage.database import db
from casework.storage.models import Case, Letter, Pack
from casework.storage.one_look import none_without

DRAFT = "Draft, not sent. Read it through, then finish it in Casework."
TO_SIGN = "form-of-authority"


def things(case: Case) -> list[tuple[str, str, str]]:
    """What goes in, in its order: a key, a title, and what it is.

    A draft to an office or an airline stays out until the person agreed that such a reader hears of them.
    """
    found: list[tuple[str, str, str]] = [
        ("first_hour", "What we know, and who does what", say("a page for everybody who helps"))
    ]
    drafts = sorted(letters.list_drafts(case), key=lambda row: (row.template != TO_SIGN, row.id))
    for row in drafts:
        if not waits_for_yes(row):
            found.append((f"draft_{row.id}", title_of(row), say("as it stands now")))
    return [*found, ("contacts", "Whom to ring", say("the MPs, the lawyer and us"))]


def waits_for_yes(draft: Letter) -> bool:
    """Whether the person has to agree first that those to whom it goes hear of them.

    After a no to MPs what goes to one waits, whatever else is agreed to.
    """
    template = letters.template_of(draft)
    if template.reaches_member and telling_mps.word_of(draft.case, clock.today()).refuses:
        return True
    return bool(disclosure.lacking(draft.case, template.audience, ()))


def title_of(draft: Letter) -> str:
    """What a draft is called in the pack: a form is there to be signed, a letter to be read through."""
    template = letters.template_of(draft)
    if template.audience is Audience.PERSON:
        return say("{title}, to sign", title=template.title)
    if draft.member_name:
        return say("Draft: {title}, {name}", title=template.title, name=draft.member_name)
    return say("Draft: {title}", title=template.title)


def draft_pdf(draft: Letter) -> bytes:
    """The pages of a draft, marked as one; a form that the person signs bears no such mark."""
    is_form = letters.template_of(draft).audience is Audience.PERSON
    return letter_pages.as_draft(draft, "" if is_form else DRAFT)


@none_without(Pack, bool)
def has_one(case: Case) -> bool:
    """Whether such a pack was made: the form of authority was printed with it."""
    made = select(exists().where(Pack.case_id == case.id, Pack.kind == PackKind.FIRST))
    return bool(db.session.scalar(made))


def newest(case: Case) -> Pack | None:
    """The pack of the first hour that was made last."""
    query = select(Pack).where(Pack.case_id == case.id, Pack.kind == PackKind.FIRST).order_by(Pack.id.desc())
    return db.session.scalar(query.limit(1))
