"""What supporters did and what is needed, the plan of a campaign, and the plan for reporting days."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NEW = (
    "reporting_days",
    "signing_contacts",
    "signing_plans",
    "plan_tasks",
    "plan_days",
    "plan_parts",
    "need_answers",
    "case_needs",
    "supporter_acts",
)


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("sign_ups", sa.Column("acts_agreed_on", sa.Date(), nullable=True))
    _add_ladder()
    _add_plan()
    _add_signing()


def _add_ladder() -> None:
    op.create_table(
        "supporter_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", storage.Instant(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        _leads("supporter_acts", "sign_up_id", "sign_ups", cascade=True),
        _leads("supporter_acts", "recorded_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter_acts")),
    )
    op.create_index(op.f("ix_supporter_acts_sign_up_id"), "supporter_acts", ["sign_up_id"])
    op.create_table(
        "case_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=60), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        _leads("case_needs", "case_id", "cases", cascade=True),
        _leads("case_needs", "made_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_needs")),
    )
    op.create_index(op.f("ix_case_needs_case_id"), "case_needs", ["case_id"])
    op.create_table(
        "need_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=10), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        _leads("need_answers", "need_id", "case_needs", cascade=True),
        _leads("need_answers", "sign_up_id", "sign_ups", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_answers")),
        sa.UniqueConstraint("need_id", "sign_up_id", name=op.f("uq_need_answers_need_id")),
    )
    op.create_index(op.f("ix_need_answers_sign_up_id"), "need_answers", ["sign_up_id"])


def _add_plan() -> None:
    op.create_table(
        "plan_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", storage.Instant(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        _leads("plan_parts", "case_id", "cases", cascade=True),
        _leads("plan_parts", "saved_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_parts")),
        sa.UniqueConstraint("case_id", "part", name=op.f("uq_plan_parts_case_id")),
    )
    op.create_table(
        "plan_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        _leads("plan_days", "case_id", "cases", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_days")),
    )
    op.create_index(op.f("ix_plan_days_case_id"), "plan_days", ["case_id"])
    op.create_table(
        "plan_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        _leads("plan_tasks", "case_id", "cases", cascade=True),
        _leads("plan_tasks", "owner_id", "users"),
        _leads("plan_tasks", "done_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_tasks")),
    )
    op.create_index(op.f("ix_plan_tasks_case_id"), "plan_tasks", ["case_id"])


def _add_signing() -> None:
    op.create_table(
        "signing_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("goes_along", sa.String(length=200), nullable=True),
        sa.Column("friend", sa.String(length=200), nullable=True),
        sa.Column("friend_phone", sa.String(length=50), nullable=True),
        sa.Column("word_by", sa.String(length=5), nullable=True),
        sa.Column("takes_along", sa.Text(), nullable=True),
        sa.Column("if_no_word", sa.Text(), nullable=True),
        sa.Column("to_look_after", sa.Text(), nullable=True),
        sa.Column("in_their_language", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("on_card", sa.JSON(), nullable=False),
        sa.Column("saved_at", storage.Instant(), nullable=False),
        sa.Column("hidden", sa.String(length=20), nullable=True),
        _leads("signing_plans", "case_id", "cases", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_plans")),
        sa.UniqueConstraint("case_id", name=op.f("uq_signing_plans_case_id")),
    )
    op.create_table(
        "signing_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("does", sa.String(length=300), nullable=True),
        sa.Column("on_card", sa.Boolean(), nullable=False),
        _leads("signing_contacts", "plan_id", "signing_plans", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_contacts")),
    )
    op.create_index(op.f("ix_signing_contacts_plan_id"), "signing_contacts", ["plan_id"])
    op.create_table(
        "reporting_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=True),
        sa.Column("heard_at", storage.Instant(), nullable=True),
        sa.Column("heard_by_id", sa.Integer(), nullable=True),
        _leads("reporting_days", "plan_id", "signing_plans", cascade=True),
        _leads("reporting_days", "heard_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_days")),
        sa.UniqueConstraint("plan_id", "on", name=op.f("uq_reporting_days_plan_id")),
    )
    op.create_index(op.f("ix_reporting_days_on"), "reporting_days", ["on"])


def _leads(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    """A column that names a row of another table, and whether it is erased with it."""
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None
    )


def downgrade() -> None:
    """Take them away again."""
    for table in NEW:
        op.drop_table(table)
    with op.batch_alter_table("sign_ups") as batch:
        batch.drop_column("acts_agreed_on")
