"""What a group lives with: notes, looks and undo."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("case_notes", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("case_notes", sa.Column("changed_at", storage.Instant(), nullable=True))
    op.create_table(
        "note_mentions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_at", storage.Instant(), nullable=True),
        _to("note_mentions", "case_id", "cases", "CASCADE"),
        _to("note_mentions", "note_id", "case_notes", "CASCADE"),
        _to("note_mentions", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_mentions")),
        sa.UniqueConstraint("note_id", "user_id", name=op.f("uq_note_mentions_note_id")),
    )
    op.create_index(op.f("ix_note_mentions_case_id"), "note_mentions", ["case_id"])
    op.create_index(op.f("ix_note_mentions_user_id"), "note_mentions", ["user_id"])
    op.create_table(
        "seen_up_to",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("at", storage.Instant(), nullable=False),
        sa.Column("line_before", sa.Integer(), nullable=True),
        sa.Column("at_before", storage.Instant(), nullable=True),
        _to("seen_up_to", "case_id", "cases", "CASCADE"),
        _to("seen_up_to", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen_up_to")),
        sa.UniqueConstraint("user_id", "case_id", name=op.f("uq_seen_up_to_user_id")),
    )
    op.create_index(op.f("ix_seen_up_to_case_id"), "seen_up_to", ["case_id"])


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete=ondelete
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("seen_up_to")
    op.drop_table("note_mentions")
    op.drop_column("case_notes", "changed_at")
    op.drop_column("case_notes", "version")
