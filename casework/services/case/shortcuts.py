"""Single keys that lead somewhere: whether somebody uses them."""

from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import User


def switch(actor: User, on: bool) -> None:
    """Have single keys lead somewhere for this person from now on, or nowhere."""
    actor.uses_keys = on
    audit.record("single keys switched", actor, on=on)
    db.session.commit()
