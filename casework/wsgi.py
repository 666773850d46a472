"""The application for a server of processes, such as gunicorn: `gunicorn casework.wsgi:app`.

Each process goes through a door of its own; what they have to agree on stands in the database and in the instance
folder. A passphrase that is typed opens the one process that is asked; with several, put it into `passphrase_file`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casework.door import Door

    app: Door


def __getattr__(name: str) -> Any:
    """Open the door when it is asked for, and not when this file is only read."""
    if name != "app":
        raise AttributeError(name)
    from casework.commands.private_memory import keep_memory_private
    from casework.commands.serve import keep_words_out_of_the_log, settle_memory, take_short_turns
    from casework.door import from_settings

    keep_memory_private()
    keep_words_out_of_the_log()
    door = from_settings()
    door.look()
    settle_memory()
    take_short_turns()
    globals()["app"] = door
    return door
