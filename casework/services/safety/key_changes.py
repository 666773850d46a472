"""A change of the key stands in the trail and is said, also where the command that made it ended before it could."""

import logging
from contextlib import suppress

from casework.services.safety import audit
from casework.services.safety.locking import AT_THE_MACHINE
from casework.storage import key_change, key_file
from casework.storage.database import db
from casework.storage.gate import BeingChanged, changing_alone
from casework.storage.instance import current_instance
from casework.storage.rotation import next_of

_log = logging.getLogger(__name__)


def record() -> None:
    """Write into the trail that the key was changed."""
    audit.record("key changed", None, signed=AT_THE_MACHINE)
    db.session.commit()
    key_change.is_told(current_instance().settings)


def tell_of_unfinished() -> None:
    """Write a change into the trail, and say it, for which nobody answers any more."""
    settings = current_instance().settings
    # What is not at its end yet is told of once it is.
    if not (settings.instance / key_change.UNTOLD).exists() or next_of(settings.key_file).exists():
        return
    with suppress(BeingChanged), key_change.answering_alone(settings):
        if not key_change.is_untold(settings):
            key_change.is_told(settings)
            return
        record()
        _log.warning(
            "The key was changed, and the command that did so ended before it could say it. Copy %s to your second "
            "safe place now. Backups from before open with the old key file only: keep your copy of it until they are "
            "gone. If you have no copy, make a new backup now.",
            settings.key_file,
        )


def clear_up() -> None:
    """What a program that runs does now and then after commands that changed the key, or its passphrase, and ended."""
    settings = current_instance().settings
    if key_file.left_beside(settings.key_file):
        # A key on a stick that cannot be written to stays as it is; whoever is writing it now clears up themselves.
        with suppress(OSError, BeingChanged), changing_alone(settings.instance):
            key_file.tidy_up(settings.key_file)
    key_change.end_hand_over_of_nobody(settings, key_change.HAND_OVER_SECONDS)
    tell_of_unfinished()
