"""Which place the papers of an instance lie in, by its settings."""

from casework.settings import Settings
from casework.storage.archive import FolderStore, Store


def store_of(settings: Settings, kind: str | None = None) -> Store:
    """The place that the settings name, or the one of this kind. Raises SettingsError when it cannot be used."""
    match kind or settings.archive_store:
        case "database":
            from casework.storage.database_store import DatabaseStore

            return DatabaseStore()
        case "s3":
            from casework.storage.s3_store import open_s3

            return open_s3(settings)
        case _:
            return FolderStore(settings.instance / "archive")
