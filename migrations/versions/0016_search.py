"""Search in one box, what was opened last, and single keys that somebody may switch off.

What search keeps is made from the other tables: see `storage/search_tables.py`, which runs after every upgrade.
"""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("needs", sa.String(length=60), nullable=True),
        sa.Column("template", sa.String(length=60), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hidden", sa.String(length=20), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_index("ix_search_entries_source", "search_entries", ["source", "row_id"])
    for column in ("case_id", "group_id"):
        op.create_index(op.f(f"ix_search_entries_{column}"), "search_entries", [column])
    op.create_table(
        "search_waiting",
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("source", "row_id", name=op.f("pk_search_waiting")),
    )
    op.add_column("users", sa.Column("uses_keys", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("users", sa.Column("recent_from", storage.Instant(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("users", "recent_from")
    op.drop_column("users", "uses_keys")
    op.drop_table("search_waiting")
    op.drop_table("search_entries")
