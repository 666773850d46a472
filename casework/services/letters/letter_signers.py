"""Who signs a letter, as far as we know them: the person, a supporter, or whoever drafts it."""

from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.case.places import home_on
from casework.domain.letters.letter_life import FACTS
from casework.domain.letters.letters import LetterTemplate
from casework.services.campaign import own_words
from casework.services.campaign.supporters import get_sign_up
from casework.services.language import languages
from casework.storage.database import db
from casework.storage.models import Case, Letter, SignUp, Supporter, User

OF_SENDER = tuple(name for name in FACTS if name.startswith("sender_"))


def first_facts(
    case: Case, template: LetterTemplate, supporter: Supporter | None, actor: User | None
) -> dict[str, Any]:
    """Who signs, as far as we know it: the person, the supporter, or whoever drafts it."""
    if template.sheet:
        return _language(case, template)
    if template.signed_by == "person":
        home = home_on(case.places, clock.today())
        return {
            "sender_name": case.official_name or case.name_used or "",
            "sender_address": (home.address or "") if home else "",
            "sender_postcode": (home.postcode or "") if home else "",
        }
    if supporter:
        return facts_of_supporter(get_sign_up(case, supporter.id))
    return {"sender_name": actor.name, **_address_used_last(actor)} if actor else {}


def facts_of_supporter(sign_up: SignUp) -> dict[str, Any]:
    """What a letter says of the supporter who signs it."""
    supporter = sign_up.supporter
    return {
        "sender_name": supporter.name,
        "sender_address": supporter.address or "",
        "sender_postcode": supporter.postcode or "",
        "sender_email": supporter.email or "",
        "sender_phone": supporter.phone or "",
        **own_words.facts_of(sign_up),
    }


def _language(case: Case, template: LetterTemplate) -> dict[str, str]:
    """The language to print beside the English: the first that the person speaks and that there is."""
    spoken = languages.language_of(case.languages or "") if template.two_languages else None
    return {"language": spoken.code} if spoken else {}


def _address_used_last(actor: User) -> dict[str, Any]:
    """The reply address that this person wrote under their own name last time."""
    query = select(Letter).where(Letter.drafted_by_id == actor.id, Letter.supporter_id.is_(None))
    for letter in db.session.scalars(query.order_by(Letter.id.desc()).limit(20)):
        if letter.facts.get("sender_name") == actor.name and letter.facts.get("sender_address"):
            return {name: letter.facts.get(name, "") for name in OF_SENDER if name != "sender_name"}
    return {}
