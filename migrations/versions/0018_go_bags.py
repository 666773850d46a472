"""The go-bag and the visit log."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete=ondelete
    )


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "go_bags",
        _number("id"),
        _number("version"),
        _number("case_id"),
        sa.Column("token", sa.String(length=10), nullable=True),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("taken_by", sa.String(length=200), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("with_hidden", sa.Boolean(), nullable=False),
        sa.Column("log_key", sa.String(length=200), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=False),
        _number("made_by_id"),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_as", sa.String(length=20), nullable=True),
        _number("ended_by_id", nullable=True),
        _to("go_bags", "case_id", "cases", "CASCADE"),
        _to("go_bags", "made_by_id", "users"),
        _to("go_bags", "ended_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_bags")),
        sa.UniqueConstraint("token", name=op.f("uq_go_bags_token")),
    )
    op.create_index(op.f("ix_go_bags_case_id"), "go_bags", ["case_id"])
    op.create_table(
        "visit_logs_taken",
        _number("id"),
        _number("bag_id"),
        sa.Column("entry", sa.String(length=16), nullable=False),
        _number("visit_id", nullable=True),
        sa.Column("taken_at", storage.Instant(), nullable=False),
        _number("taken_by_id"),
        _to("visit_logs_taken", "bag_id", "go_bags", "CASCADE"),
        _to("visit_logs_taken", "visit_id", "surgery_visits", "SET NULL"),
        _to("visit_logs_taken", "taken_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_logs_taken")),
        sa.UniqueConstraint("bag_id", "entry", name=op.f("uq_visit_logs_taken_bag_id")),
    )
    op.create_index(op.f("ix_visit_logs_taken_visit_id"), "visit_logs_taken", ["visit_id"])
