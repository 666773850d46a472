"""The campaign page of a case: opened by the team within what the person agreed to, and gone at once when that ends."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from casework import clock
from casework.domain.campaign.campaign_pages import (
    LONGEST_HEADING,
    LONGEST_WORDS,
    PageState,
    ends_after,
)
from casework.domain.consent.publicity import Agreement, Audience, Kind, not_agreed
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.letter_values import Group, Home, LetterValues, OnFile
from casework.domain.letters.letters import LetterTemplate
from casework.domain.said import AND, in_a_row
from casework.domain.words import say
from casework.services.campaign.pages_told import pages_of, state_of, tells, told_by
from casework.services.consent import agreements
from casework.services.letters import disclosure, letter_pages
from casework.services.letters.letter_values import person_of, values_for, without_flight
from casework.services.safety import audit, groups, tries
from casework.services.safety.link_secrets import hash_of
from casework.storage.database import db
from casework.storage.models import CampaignPage, Case, PageTally, SignUp, User

PUBLIC = Audience.PUBLIC
ENDED = (
    "It was here for a while only, or never was. If somebody gave you its address, ask them what comes next."
)
# Somebody who may not be named is called by the changed name, so that a letter can go without the kind itself.
_STANDS_FOR_ITSELF = frozenset({Kind.NAME})


@dataclass(frozen=True)
class Counted:
    """What came of a page: letters of people who agreed to be counted, and supporters who signed up on it."""

    letters: int
    constituencies: int
    sign_ups: int


def offered(case: Case) -> list[LetterTemplate]:
    """The kinds of letter that a page of this case can make: to one's own MP, and telling only what is agreed to."""
    known = letter_pages.letters()
    agreement = agreements.agreement_on(case, clock.today())
    return [
        one
        for one in known.templates.values()
        if one.key not in known.retired
        and one.to == "own_member"
        and one.wants_own_words
        and not one.shows_references
        and not not_agreed(set(one.tells) - _STANDS_FOR_ITSELF, PUBLIC, agreement)
    ]


def lacks(case: Case) -> list[str]:
    """Why no page can be open for this case today, in sentences; empty where one can."""
    today = clock.today()
    if case.closed_on:
        return ["This case is closed."]
    if case.agreed_to_mps is False:
        return [f"{case.person_name} was asked, and said no to writing to MPs."]
    found = disclosure.lacking(case, PUBLIC, ())
    if not found and not name_in_public(case):
        if agreements.agreement_on(case, today).changed_name:
            found.append(
                "The changed name on record gives their real name away. Record another with their campaign consent."
            )
        else:
            found.append(
                "There is no name for them in public. Record a changed name with their campaign consent."
            )
    if not found and agreements.agreement_on(case, today).level >= PUBLIC.level and not offered(case):
        found.append("No letter tells only what they agreed to have told.")
    return found


def name_in_public(case: Case) -> str:
    """What the person is called in public today; empty where there is no such name."""
    values = LetterValues(today=clock.today(), **person_of(case, clock.today()))
    return disclosure.known_in_public(case, values).person.name


def group_in_public(case: Case) -> str:
    """The name of the group, as far as it tells nothing that was not agreed to: "Samira must stay" is left out."""
    group = Group(groups.name_of(case.group_id))
    values = LetterValues(today=clock.today(), group=group, **person_of(case, clock.today()))
    return disclosure.say(case, PUBLIC, values, {}).values.group.name


def open_page(case: Case, template: str, heading: str, words: str, days: int, actor: User) -> str:
    """The secret of a new page's address: the only time it is known. A page that was open is closed.

    Raises CaseworkError at the field that cannot be right, and where the person has not agreed to it.
    """
    lasts = ends_after(days)
    if reasons := lacks(case):
        raise CaseworkError(" ".join(reasons))
    if template not in {one.key for one in offered(case)}:
        raise CaseworkError("Choose the letter.", field="template")
    for field, text, most in (("heading", heading, LONGEST_HEADING), ("words", words, LONGEST_WORDS)):
        if not text or len(text) > most:
            raise CaseworkError(f"Write something here, {most:,} characters at most.", field=field)
    token, now = secrets.token_urlsafe(24), clock.now()
    page = CampaignPage(
        token_hash=hash_of(token), template=template, heading=heading, words=words, opened_at=now,
        expires_at=now + lasts,
    )  # fmt: skip
    for field, texts in (("heading", {"heading": heading}), ("words", {"words": words})):
        if kinds := _told_beyond(case, texts):
            raise CaseworkError(
                say("They did not agree to have this told: {names}.", names=_named(kinds)), field=field
            )
    if kinds := _told_beyond(case, letter_of(case, template)):
        raise CaseworkError(
            say("This letter would tell what is not agreed to: {names}.", names=_named(kinds)),
            field="template",
        )
    _close(case)
    page.case, page.opened_by = case, actor
    db.session.add(page)
    keep_told([page])
    db.session.flush()
    audit.record("campaign page opened", actor, case, campaign_page=page.id, days=days)
    db.session.commit()
    return token


def close_page(case: Case, actor: User) -> None:
    """Take the page of this case down."""
    closed = _close(case)
    audit.record("campaign page closed", actor, case, pages=closed)
    db.session.commit()


def still_up(case: Case) -> list[CampaignPage]:
    """The pages of this case that nobody closed and that are not over."""
    return [page for page in pages_of(case) if state_of(page) is PageState.OPEN]


def open_of(case: Case) -> CampaignPage | None:
    """The page of this case that anybody with its address sees now; None where there is none."""
    found = next(iter(still_up(case)), None)
    return found if found and not has_to_end(found) else None


def counted(case: Case) -> Counted:
    """What came of the pages of this case so far."""
    tallies = select(func.sum(PageTally.letters), func.count(PageTally.gss_code.distinct()))
    of_case = tallies.join(PageTally.page).where(CampaignPage.case_id == case.id)
    letters, seats = db.session.execute(of_case).one()
    joined = select(func.count(SignUp.id)).where(SignUp.case_id == case.id, SignUp.joined_how == "page")
    return Counted(letters or 0, seats, db.session.scalar(joined) or 0)


def find(token: str, address: str) -> CampaignPage:
    """The page with this secret, for anybody.

    Raises NotFound, in the same words, for one that is unknown, closed or over, and for one that tells more than is
    agreed to today: that one is closed for good. Raises TooManyTries for an address from which many wrong ones came.
    """
    tries.count_link(address)
    page = db.session.scalar(select(CampaignPage).where(CampaignPage.token_hash == hash_of(token)))
    if page is None or state_of(page) is not PageState.OPEN:
        raise NotFound(ENDED)
    groups.ask_for_the_public(page.case)
    if has_to_end(page):
        take_down([page], None)
        raise NotFound(ENDED)
    tries.forgive_link(address)
    db.session.commit()
    return page


def beyond(page: CampaignPage, agreement: Agreement | None = None) -> frozenset[Kind]:
    """The kinds of fact by which a page goes further than the person agrees to today, or than another agreement.

    Under the level of the public that is all that it tells.
    """
    agreement = agreement or agreements.agreement_on(page.case, clock.today())
    if agreement.level < PUBLIC.level:
        return _told_so_far(page)
    texts = {"heading": page.heading, "words": page.words, **letter_of(page.case, page.template, agreement)}
    return _told_beyond(page.case, texts, agreement)


def keep_told(pages: Iterable[CampaignPage]) -> None:
    """Keep what these pages tell today beside what they told before, without saving yet.

    The letter that a page makes follows the consent, and tells more after a wider one.
    """
    for page in pages:
        page.told = sorted(_told_so_far(page))


def take_down(pages: Iterable[CampaignPage], actor: User | None) -> None:
    """Close these pages for good, since they go further than is agreed to."""
    for page in pages:
        if page.closed_at is None:
            keep_told([page])
            page.closed_at = clock.now()
            audit.record("campaign page taken down", actor, page.case, campaign_page=page.id)
    db.session.commit()


def letter_of(case: Case, template: str, agreement: Agreement | None = None) -> dict[str, str]:
    """The words of the letter that such a page makes, before its signer says anything and its MP is known."""
    return letter_pages.letters().prefill(template, public_values(case, template, agreement))


def public_values(case: Case, template: str, agreement: Agreement | None = None) -> LetterValues:
    """What a letter that anybody can make is filled from: the person as they are known in public, and no place.

    The MP for their home would tell where that is, so that no other MP is named; nor is anything of the file.
    """
    known = letter_pages.letters().template(template)
    values = without_flight(case, values_for(case, known, None, {}, clock.today()))
    values = disclosure.known_in_public(case, values, agreement)
    return replace(
        values, home=Home(), former_home=Home(), home_member="", home_member_says="", reason="", hook="",
        on_file=OnFile(), group=Group(), references=(),
    )  # fmt: skip


def _told_so_far(page: CampaignPage) -> frozenset[Kind]:
    """What an open page was known to tell, and what is found in it by what is known of the person today."""
    return told_by(page) | tells(page, letter_of(page.case, page.template).values())


def has_to_end(page: CampaignPage) -> bool:
    """Whether it may not be there any more, although nobody closed it and its time is not over."""
    return bool(page.case.closed_on or page.case.agreed_to_mps is False or beyond(page))


def _told_beyond(case: Case, texts: dict[str, str], agreement: Agreement | None = None) -> frozenset[Kind]:
    """What these texts tell that was not agreed to have told in public."""
    values = LetterValues(today=clock.today(), **person_of(case, clock.today()))
    return disclosure.say(case, PUBLIC, values, texts, agreement=agreement).taken_out


def _close(case: Case) -> int:
    open_ones = [page for page in pages_of(case) if page.closed_at is None]
    keep_told(open_ones)
    for page in open_ones:
        page.closed_at = clock.now()
    return len(open_ones)


def _named(kinds: Iterable[Kind]) -> str:
    return in_a_row(sorted(kind.words for kind in kinds), AND)
