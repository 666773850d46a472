"""The open cases of somebody's own whose person goes by a name, in any spelling: a second case of one is soon made."""

from sqlalchemy import select

from casework.domain.case.search import wanted
from casework.services.case.latin import to_latin
from casework.services.case.search_nearness import are_likely
from casework.storage.database import db
from casework.storage.models import Case, TeamMember, User

SHORTEST = 3  # letters: an initial is like half of all names
MOST = 3


def open_cases(name: str, actor: User) -> list[Case]:
    """Those that this person works on and that may be about the one who is called so, a few at most."""
    asked = wanted(name, to_latin)
    if len(asked.joined) < SHORTEST:
        return []
    query = select(Case).join(TeamMember).where(TeamMember.user_id == actor.id)
    query = query.where(Case.closed_on.is_(None), Case.binned_at.is_(None))
    found = []
    for case in db.session.scalars(query.order_by(Case.id.desc())):
        known = wanted(f"{case.name_used or ''} {case.official_name or ''}", to_latin)
        if known.words and (are_likely(asked.words, known.words) or are_likely(known.words, asked.words)):
            found.append(case)
    return found[:MOST]
