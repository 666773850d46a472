"""What lies sealed inside the database, sealed anew when the key of the instance changes."""

from sqlalchemy import Connection, select, update

from casework.domain.errors import SettingsError
from casework.storage import audit_chain, case_keys
from casework.storage.encryption import Keys
from casework.storage.models import Binned, CodeApp
from casework.storage.sealing import seal, unseal

BIN_LABEL = b"bin"


def code_app_label(user_id: int) -> bytes:
    """To what the secret of somebody's code app is bound: it is of no use beside another account."""
    return f"code app {user_id}".encode()


def reseal_all(connection: Connection, old: Keys, new: Keys) -> None:
    """Seal everything under the new keys: the keys of cases, second factors, the bin, and the links of the trail.

    The caller commits. Raises SettingsError where the trail does not hold: new links would hide that.
    """
    broken = audit_chain.verify(connection, old.trail).broken
    if broken:
        raise SettingsError(
            f"The key was not changed, because the trail does not hold. {broken[0].says} A new key would hide that. "
            "Keep a copy of the disk, and see casework audit verify."
        )
    case_keys.rewrap_all(connection, old.archive, new.archive)
    for app in connection.execute(select(CodeApp.user_id, CodeApp.secret)).all():
        label = code_app_label(app.user_id)
        secret = seal(new.factors, unseal(old.factors, app.secret, label), label)
        connection.execute(update(CodeApp).where(CodeApp.user_id == app.user_id).values(secret=secret))
    for row_id in connection.execute(select(Binned.id)).scalars().all():
        kept = connection.execute(select(Binned.content).where(Binned.id == row_id)).scalar_one()
        content = seal(new.bin, unseal(old.bin, kept, BIN_LABEL), BIN_LABEL)
        connection.execute(update(Binned).where(Binned.id == row_id).values(content=content))
    audit_chain.link_all(connection, new.trail)
