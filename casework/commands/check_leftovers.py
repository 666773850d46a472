"""What `casework doctor` says of copies that nobody keeps on purpose. It changes nothing."""

from casework.commands.checks import Check, Grade
from casework.settings import Settings

NAME = "Leftovers"


def check_leftovers(settings: Settings) -> Check:
    """No file holds what is erased elsewhere."""
    from casework.storage import leftovers

    if not settings.instance.is_dir():
        return Check(NAME, Grade.WELL, "None.")
    if (moved := leftovers.moved_database(settings)) is not None:
        says = f"{moved.path} still holds what was moved to PostgreSQL, and each case that is erased there."
        return Check(
            NAME, Grade.LOOK, says, f"Destroy it when the move has proved itself: shred -u {moved.path}*"
        )
    found = leftovers.left(settings.instance)
    if not found:
        return Check(NAME, Grade.WELL, "None.")
    says = (
        f"A program stopped while it wrote {found[0].path}: a copy that nobody keeps, with whole cases in it."
    )
    if len(found) > 1:
        says += f" There are {len(found)} such."
    if (note := found[0].note) is None:
        return Check(NAME, Grade.LOOK, says, "The next start of Casework takes it away.")
    mend = f"Put that disk in and start Casework. If the disk is lost or was wiped, forget it: rm {note}"
    return Check(NAME, Grade.LOOK, says, mend)
