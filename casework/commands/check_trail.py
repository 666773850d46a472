"""What `casework doctor` says of the trail. It changes nothing, and needs no running program."""

from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError

from casework.commands.checks import Check, Grade
from casework.domain.errors import SettingsError
from casework.settings import Settings


def check_trail(settings: Settings) -> Check:
    """No line of the trail was removed, altered, moved or put in."""
    from casework.storage import audit_chain, lasting_keys
    from casework.storage.bare import bare_engine
    from casework.storage.encryption import read_keys

    try:
        engine = bare_engine(settings)
        if engine is None:
            return Check("Trail", Grade.WELL, "None yet.")
        with engine.connect() as connection:
            if not inspect(connection).has_table("audit_head"):
                return Check("Trail", Grade.WELL, "Its lines are made a chain by the next start.")
            keys = read_keys(settings.key_file)
            lasting = lasting_keys.with_lasting(keys, lasting_keys.kept(connection))
            verdict = audit_chain.verify(connection, lasting.trail)
    except (SettingsError, DatabaseError):
        return Check("Trail", Grade.LOOK, "It cannot be read.", "See what is said of the database.")
    if verdict.broken:
        says = f"Somebody changed it. {verdict.broken[0].says}"
        return Check("Trail", Grade.WRONG, says, "See all of it: casework audit verify")
    return Check("Trail", Grade.WELL, f"{verdict.lines} lines, each bound to those before it.")
