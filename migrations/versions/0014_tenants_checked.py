"""On PostgreSQL the rules that keep groups apart bind the owner of the tables too.

What they say follows from the tables of the day, so that no new one is forgotten: `storage/tenants.py` writes them anew
after every change of the tables. Here go those that bound nobody.
"""

from alembic import op

revision = "0014"
down_revision = "0009"
branch_labels = None
depends_on = None

ONCE_RULED = ("users", "cases", "supporters", "letter_wordings", "member_checks")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ONCE_RULED:
            op.execute(f"DROP POLICY IF EXISTS one_group ON {table}")
