"""The application for a server of processes, such as gunicorn: `gunicorn casework.wsgi:app`.

Each process puts its own together; what they have to agree on stands in the database and in the instance folder.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    app: Flask


def __getattr__(name: str) -> Any:
    """Put the application together when it is asked for, and not when this file is only read."""
    if name != "app":
        raise AttributeError(name)
    from casework.app import create_app
    from casework.commands.serve import keep_words_out_of_the_log, settle_memory

    keep_words_out_of_the_log()
    made = create_app()
    settle_memory()
    globals()["app"] = made
    return made
