"""Papers from before each case had a key of its own: moved once, at the first start after the upgrade."""

from pathlib import Path

from sqlalchemy import select

from casework.services.letters import papers
from casework.storage import case_keys
from casework.storage.database import db
from casework.storage.instance import Instance, starting_alone
from casework.storage.models import Case
from casework.storage.sealing import unseal


def move(instance: Instance) -> int:
    """Give every case a key, and put the older papers under the key of their case; how many of these were moved.

    A paper that two cases speak of becomes two. Nothing is taken away before all of it lies in its new place, so a
    machine that stops on the way does the rest at the next start. What no case speaks of stays where it is.
    """
    with starting_alone(instance.settings.instance):
        for case_id in case_keys.without_key():
            case_keys.make_key(case_id)
        db.session.commit()
        older = {path.name: path for path in (instance.settings.instance / "archive").glob("??/*")}
        moved = _copy(instance, older) if older else set()
        for name in moved:
            older[name].unlink(missing_ok=True)
            if not any(older[name].parent.iterdir()):
                older[name].parent.rmdir()
        return len(moved)


def _copy(instance: Instance, older: dict[str, Path]) -> set[str]:
    """The names of the papers that now lie under the key of each case that speaks of them."""
    copied: set[str] = set()
    for case in db.session.scalars(select(Case).order_by(Case.id)):
        for name in papers.names_of(case) & older.keys():
            try:
                content = unseal(instance.keys.archive, older[name].read_bytes(), name.encode())
            except (OSError, ValueError):
                continue  # damaged as it was before: it says so when somebody asks for it
            papers.keep(case, content)
            copied.add(name)
    db.session.commit()
    return copied
