"""An instance that is there: an empty one, made by a command that only asks, would answer that nothing is due."""

from casework.domain.errors import SettingsError
from casework.settings import Settings


def living(settings: Settings) -> Settings:
    """The settings. Raises SettingsError where there is no instance: nothing is made on the way."""
    if not settings.database and not (settings.instance / "casework.db").is_file():
        raise SettingsError(
            f"There is no instance in {settings.instance}. CASEWORK_INSTANCE says which folder is meant; "
            "casework serve makes a new one."
        )
    return settings
