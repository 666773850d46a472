"""What an answer says to each question."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the map of an answer, and its questions."""
    op.create_table(
        "answer_maps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("correspondence_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("finality", sa.String(length=20), nullable=True),
        sa.Column("signed_by", sa.String(length=20), nullable=True),
        sa.Column("signer", sa.String(length=200), nullable=True),
        sa.Column("will", sa.String(length=20), nullable=True),
        sa.Column("only_if", sa.String(length=200), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("beside_id", sa.Integer(), nullable=True),
        sa.Column("chaser_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", storage.Instant(), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        _last_change(),
        sa.Column("hidden", sa.String(length=20), nullable=True),
        _part_of("answer_maps", "case_id", "cases"),
        _part_of("answer_maps", "correspondence_id", "correspondence"),
        _speaks_of("answer_maps", "beside_id", "correspondence"),
        _speaks_of("answer_maps", "chaser_id", "letters"),
        _speaks_of("answer_maps", "begun_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_maps")),
        sa.UniqueConstraint("correspondence_id", name=op.f("uq_answer_maps_correspondence_id")),
    )
    op.create_index(op.f("ix_answer_maps_case_id"), "answer_maps", ["case_id"], unique=False)
    op.create_table(
        "answer_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("map_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("found", sa.String(length=20), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("truth", sa.Text(), nullable=True),
        sa.Column("promise", sa.String(length=500), nullable=True),
        sa.Column("promised_by", sa.String(length=200), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("follow_up_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", storage.Instant(), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        _last_change(),
        sa.Column("hidden", sa.String(length=20), nullable=True),
        _part_of("answer_questions", "case_id", "cases"),
        _part_of("answer_questions", "map_id", "answer_maps"),
        _speaks_of("answer_questions", "follow_up_id", "follow_ups"),
        _speaks_of("answer_questions", "read_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_questions")),
    )
    for column in ("case_id", "map_id"):
        op.create_index(op.f(f"ix_answer_questions_{column}"), "answer_questions", [column], unique=False)


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("answer_questions")
    op.drop_table("answer_maps")


def _last_change() -> sa.Column:
    return sa.Column(
        "changed_at", storage.Instant(), server_default="2026-01-01 00:00:00.000000", nullable=False
    )


def _part_of(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{of}")
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=name, ondelete="CASCADE")


def _speaks_of(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"))
