"""What a group knows of members and their offices."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("member_notes", "office_entries", "meeting_plans", "meetings")


def upgrade() -> None:
    """Add the tables: each row belongs to a group, and to no case."""
    _create(
        "member_notes",
        *_of_a_member(),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("written_at", storage.Instant(), nullable=False),
        *_person("member_notes", "written_by_id"),
    )
    _create(
        "office_entries",
        *_of_a_member(),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=200), nullable=True),
        sa.Column("told_by", sa.String(length=300), nullable=True),
        sa.Column("learned_on", sa.Date(), nullable=False),
        *_person("office_entries", "learned_by_id"),
    )
    _create(
        "meeting_plans",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("binned_at", storage.Instant(), nullable=True),
        *_person("meeting_plans", "made_by_id"),
    )
    _create(
        "meetings",
        *_of_a_member(),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("held_when", sa.String(length=100), nullable=True),
        sa.Column("held_at", sa.String(length=300), nullable=True),
        sa.Column("who_goes", sa.String(length=300), nullable=True),
        sa.Column("what_for", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["meeting_plans.id"],
            name=op.f("fk_meetings_plan_id_meeting_plans"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_meetings_plan_id"), "meetings", ["plan_id"], unique=False)
    for table in ("member_notes", "office_entries", "meetings"):
        op.create_index(op.f(f"ix_{table}_gss_code"), table, ["gss_code"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _keep_groups_apart()


def _of_a_member() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("gss_code", sa.String(length=9), nullable=False),
        sa.Column("member_name", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("binned_at", storage.Instant(), nullable=True),
    )


def _person(table: str, column: str) -> tuple[object, ...]:
    key = sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}_users"))
    return sa.Column(column, sa.Integer(), nullable=False), key


def _create(table: str, *columns: object) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False, server_default="1"),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_group_id"), table, ["group_id"], unique=False)


def _keep_groups_apart() -> None:
    """Have PostgreSQL itself leave out other groups' rows, as it does for the older tables."""
    now = "nullif(current_setting('casework.group', true), '')"
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_group ON {table} USING ({now} IS NULL OR group_id = {now}::integer)")


def downgrade() -> None:
    """Take them away again."""
    for table in reversed(TABLES):
        op.drop_table(table)
