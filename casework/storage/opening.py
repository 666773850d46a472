"""An instance is opened: its folder and key made where there are none, and a change of the key brought to its end."""

from contextlib import suppress

from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage import hosted_key, key_change, key_file, key_ring, rotation
from casework.storage.encryption import make_key_file, read_keys
from casework.storage.gate import Gate
from casework.storage.instance import Instance, starting_alone
from casework.storage.stores import store_of


def open_instance(settings: Settings) -> Instance:
    """The instance of these settings, with its folder and its key made when this is the first start.

    Raises SettingsError when there is a database and its key is gone, since a new key would not open it, and when
    the folder cannot be written to.
    """
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        with starting_alone(settings.instance):
            has_database = (settings.instance / "casework.db").exists()
            made_key = not settings.key_file.exists() and not has_database
            if made_key:
                make_key_file(settings.key_file)
            with suppress(OSError):  # a key on a stick that cannot be written to has nothing beside it
                key_file.tidy_up(settings.key_file)
    except OSError as error:
        raise SettingsError(
            f"The instance folder {settings.instance} cannot be written to ({error.strerror}). "
            "Mend that, or set CASEWORK_INSTANCE to another folder."
        ) from None
    gate = Gate(settings.instance)
    (hosted_key if settings.database else rotation).settle(settings)
    key_change.end_hand_over_of_nobody(settings)
    keys = read_keys(settings.key_file)
    key_ring.take(settings.key_file, key_ring.secret_of(settings.key_file))
    return Instance(settings, keys, store_of(settings), made_key, gate)
