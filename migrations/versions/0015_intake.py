"""Someone has been detained: the guided intake."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("task_owners", "to_find_out", "intake_answers", "intakes")


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete=ondelete
    )


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    """Add the tables and columns."""
    _before_the_case()
    _in_the_case()


def _before_the_case() -> None:
    op.create_table(
        "intakes",
        _number("id"),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("begun_at", storage.Instant(), nullable=False),
        _number("begun_by_id"),
        sa.Column("changed_at", storage.Instant(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False, server_default="1"),
        _to("intakes", "begun_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intakes")),
    )
    op.create_index(op.f("ix_intakes_group_id"), "intakes", ["group_id"])
    op.create_table(
        "intake_answers",
        _number("id"),
        _number("version"),
        _number("intake_id"),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", storage.Instant(), nullable=False),
        _number("by_id"),
        _to("intake_answers", "intake_id", "intakes", "CASCADE"),
        _to("intake_answers", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_answers")),
        sa.UniqueConstraint("intake_id", "question", name=op.f("uq_intake_answers_intake_id")),
    )


def _in_the_case() -> None:
    op.create_table(
        "to_find_out",
        _number("id"),
        _number("case_id"),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        _number("settled_by_id", nullable=True),
        _to("to_find_out", "case_id", "cases", "CASCADE"),
        _to("to_find_out", "settled_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_to_find_out")),
        sa.UniqueConstraint("case_id", "what", name=op.f("uq_to_find_out_case_id")),
    )
    op.create_table(
        "task_owners",
        _number("id"),
        _number("case_id"),
        sa.Column("task", sa.String(length=20), nullable=False),
        _number("owner_id"),
        _to("task_owners", "case_id", "cases", "CASCADE"),
        _to("task_owners", "owner_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_owners")),
        sa.UniqueConstraint("case_id", "task", name=op.f("uq_task_owners_case_id")),
    )
    op.create_index(op.f("ix_task_owners_owner_id"), "task_owners", ["owner_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
