"""The demo: invented people in an instance of their own."""

import secrets

from sqlalchemy import select

from casework.demo.cases import make_cases
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts
from casework.storage.database import db
from casework.storage.models import Case

PEOPLE = (
    ("Ruth Ellery", "ruth", Role.ORGANISER),
    ("Idris Vane", "idris", Role.CASEWORKER),
    ("Mina Castellan", "mina", Role.VOLUNTEER),
)


def make_demo() -> list[str]:
    """Make what is missing of the demo, and say in lines how to sign in.

    Its passwords are made anew each time, so that there is never one that everybody knows.
    """
    users = {}
    for name, sign_in_name, role in PEOPLE:
        user = accounts.find_user(sign_in_name)
        users[sign_in_name] = user or accounts.add_user(name, sign_in_name, role)[0]
    if db.session.scalar(select(Case.id).limit(1)) is None:
        make_cases(users)
    lines = ["Everybody in it is invented. Sign in with one of these; the passwords are new at every start:"]
    for name, sign_in_name, role in PEOPLE:
        password = f"{secrets.token_hex(3)}-{secrets.token_hex(3)}"
        accounts.use_link(accounts.make_new_link(users[sign_in_name], None), password)
        lines.append(f"  {sign_in_name:6} {password}   {name}, {role}")
    lines.append("After you sign in, a line at the top of each page leads to a tour of ten minutes.")
    return lines
