"""The sweep goes with the pages that are opened: no clock of its own that could be forgotten."""

from flask import Flask, request

from casework import clock
from casework.domain.campaign.supporters import STOPPED_FOR
from casework.services.safety import sweeping
from casework.storage.asking import every_group

LOOKED = "when it was looked for what has to go"


def sweep_in_time(app: Flask) -> None:
    """With the pages that are opened erase what has to go by then.

    It is looked for it every half minute, not with every page.
    """
    app.extensions[LOOKED] = clock.now()

    @app.before_request
    def erase() -> None:
        if request.endpoint != "static" and clock.now() - app.extensions[LOOKED] > STOPPED_FOR:
            app.extensions[LOOKED] = clock.now()
            # For the whole machine, whoever it is that opened a page.
            with every_group():
                sweeping.sweep()
