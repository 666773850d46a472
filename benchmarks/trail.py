"""What the chain costs: a look kept in the trail with its link and without, and how fast a trail is verified."""

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import event
from sqlalchemy.orm import Session

from casework import clock
from casework.app import create_app
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.safety import audit
from casework.settings import load_settings
from casework.storage import audit_chain
from casework.storage.database import db
from casework.storage.models import Case, User

ROUNDS, LOOKS = 9, 100


def seconds(user: User, case: Case) -> float:
    begun = perf_counter()
    for _ in range(LOOKS):
        audit.record_look(user, case, "cases.show")
    return perf_counter() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({}, instance=Path(folder)))
        with app.app_context():
            user = User(
                name="A", sign_in_name="a", role=Role.ORGANISER, session_key="k", created_at=clock.now()
            )
            db.session.add(user)
            db.session.commit()
            case = cases.open_case({"name_used": "B"}, [], user)
            seconds(user, case)
            plain, linked = [], []
            for _ in range(ROUNDS):
                event.remove(Session, "before_flush", audit_chain._link_new)
                plain.append(seconds(user, case))
                event.listen(Session, "before_flush", audit_chain._link_new)
                linked.append(seconds(user, case))
            with db.engine.begin() as connection:
                audit_chain.link_all(connection, app.extensions["casework"].keys.trail)
            begun = perf_counter()
            verdict = audit.verify()
            took = perf_counter() - begun
            db.session.remove()
            db.engine.dispose()
    print(f"a look without a link: {median(plain) / LOOKS * 1000:.2f} ms")
    print(f"a look with its link:  {median(linked) / LOOKS * 1000:.2f} ms")
    print(f"ratio: {median(linked) / median(plain):.2f}")
    print(f"verified: {verdict.lines / took:,.0f} lines a second; broken: {len(verdict.broken)}")


if __name__ == "__main__":
    main()
