"""What somebody looked at lately, of every kind."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and an index; the list of cases began at a moment of each person, which no list needs any more."""
    op.create_table(
        "recent_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", storage.Instant(), nullable=False),
        _to("user_id", "users"),
        _to("case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recent_items")),
    )
    op.create_index(op.f("ix_recent_items_user_id"), "recent_items", ["user_id"])
    op.create_index(op.f("ix_recent_items_case_id"), "recent_items", ["case_id"])
    op.drop_column("users", "recent_from")
    # The flights ahead, in their order, for the board.
    ahead = sa.text("ended_as IS NULL AND departs_on IS NOT NULL")
    op.create_index(
        "ix_removals_flights", "removals", ["departs_on"], sqlite_where=ahead, postgresql_where=ahead
    )


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_recent_items_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_removals_flights", "removals")
    op.add_column("users", sa.Column("recent_from", storage.Instant(), nullable=True))
    op.drop_table("recent_items")
