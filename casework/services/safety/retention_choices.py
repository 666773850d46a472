"""The lengths that this group chose for what goes by itself."""

from collections.abc import Mapping

from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.safety.retention import POLICIES, Chosen, Kept, in_words
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import RetentionChoice, User


def chosen(kind: Kept) -> Chosen:
    """How long this kind is kept here: as an organiser chose, else as the settings or the program say."""
    row = db.session.get(RetentionChoice, kind.value)
    if row is not None:
        return Chosen(row.length, row.before, row.chosen_on)
    return Chosen(_usual(kind))


def all_chosen() -> dict[Kept, Chosen]:
    """The same of every kind, asked once."""
    rows = {row.kind: row for row in db.session.scalars(select(RetentionChoice))}
    return {
        kind: Chosen(row.length, row.before, row.chosen_on)
        if (row := rows.get(kind.value))
        else Chosen(_usual(kind))
        for kind in Kept
    }


def _usual(kind: Kept) -> int:
    return current_instance().settings.supporter_months if kind is Kept.SUPPORTER else POLICIES[kind].usual


def choose(lengths: Mapping[Kept, int], actor: User) -> list[Kept]:
    """Keep these lengths; which of them are new. A shorter one holds from a month after today.

    Raises CaseworkError for a length outside its bounds, before anything is kept.
    """
    for kind, length in lengths.items():
        policy = POLICIES[kind]
        if not policy.least <= length <= policy.most:
            least, most = in_words(kind, policy.least), in_words(kind, policy.most)
            raise CaseworkError(f"Type a number of {policy.unit}: from {least} to {most}.", field=kind.value)
    new = [kind for kind, length in lengths.items() if chosen(kind).length != length]
    today = clock.today()
    for kind in new:
        old = chosen(kind)
        row = db.session.get(RetentionChoice, kind.value) or RetentionChoice(kind=kind.value)
        row.length, row.before, row.chosen_on = lengths[kind], old.on_day(today), today
        db.session.add(row)
        audit.record("retention changed", actor, kind=kind, before=old.length, after=lengths[kind])
    db.session.commit()
    return new
