"""The directory that this group uses: the one in the package, or a newer one of its own."""

from casework.reference.directory import Directory
from casework.reference.directory import directory as directory_in
from casework.storage.instance import current_instance


def directory() -> Directory:
    """The directory named in the settings; without one, the directory that the package carries."""
    folder = current_instance().settings.directory_dir
    return directory_in(folder) if folder else directory_in()
