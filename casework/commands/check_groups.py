"""What `casework doctor` says of what keeps groups apart in a database on PostgreSQL. It changes nothing."""

from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError

from casework.commands.checks import Check, Grade
from casework.domain.errors import SettingsError
from casework.settings import Settings

BOUND_BY_NOTHING = "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user"


def check_groups(settings: Settings) -> Check | None:
    """PostgreSQL keeps groups apart for the name that Casework has there. None where there is no PostgreSQL to ask."""
    from casework.storage.bare import bare_engine

    try:
        engine = bare_engine(settings) if settings.database else None
        if engine is None:
            return None
        with engine.connect() as connection:
            is_bound = not connection.exec_driver_sql(BOUND_BY_NOTHING).scalar()
            there = inspect(connection).has_table("groups")
            groups = connection.exec_driver_sql("SELECT count(*) FROM groups").scalar() if there else 1
    except (SettingsError, DatabaseError):
        return None  # it is said of the database itself
    if is_bound:
        return Check(
            "Groups", Grade.WELL, "PostgreSQL keeps the rows of groups apart, besides Casework itself."
        )
    says = "Its name at PostgreSQL is a superuser or has BYPASSRLS, so that PostgreSQL keeps no groups apart for it."
    mend = "Give it an ordinary name that owns the database: docs/hosting.md"
    return Check("Groups", Grade.WRONG if (groups or 0) > 1 else Grade.LOOK, says, mend)
