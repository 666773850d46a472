"""For whom each request asks the database: the group and the eyes of whoever is signed in, or a stranger's."""

from typing import Any

from flask import Flask, g, request
from flask_login import current_user

from casework.services.safety import groups
from casework.storage import asking
from casework.storage.asking import NOBODY, THE_MACHINE, Asking
from casework.web.anybody import is_public


def ask_for_whoever_it_is(app: Flask) -> None:
    """Say at the beginning of each request who asks, and forget it at its end. Call it before all other checks."""

    @app.before_request
    def begin() -> None:
        # Finding out who somebody is needs everybody: names to sign in with are one list for all groups.
        g.asking = asking.begin(THE_MACHINE)
        if request.endpoint and is_public(request.endpoint):
            asking.change(Asking(eyes=NOBODY))
        elif current_user.is_authenticated:
            asking.change(groups.asking_of(current_user))

    @app.teardown_request
    def end(_error: Any = None) -> None:
        token = g.pop("asking", None)
        if token is not None:
            asking.end(token)
