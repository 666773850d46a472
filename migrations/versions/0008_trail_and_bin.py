"""The trail as a chain, the bin, and what is let go of when."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("audit_events", sa.Column("link", sa.String(length=64), nullable=True))
    op.create_index(op.f("uq_audit_events_number"), "audit_events", ["number"], unique=True)
    op.add_column("cases", sa.Column("binned_at", storage.Instant(), nullable=True))
    op.add_column("cases", sa.Column("emptied_on", sa.Date(), nullable=True))
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "binned",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.String(length=20), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("binned_at", storage.Instant(), nullable=False),
        sa.Column("binned_by_id", sa.Integer(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["binned_by_id"], ["users.id"], name=op.f("fk_binned_binned_by_id_users")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_binned_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binned")),
    )
    op.create_index(op.f("ix_binned_case_id"), "binned", ["case_id"], unique=False)
    op.create_index(op.f("ix_binned_gone_on"), "binned", ["gone_on"], unique=False)
    op.create_table(
        "erased_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erased_case_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("erased_at", storage.Instant(), nullable=False),
        sa.Column("erased_by_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(
            ["erased_by_id"], ["users.id"], name=op.f("fk_erased_cases_erased_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_cases")),
    )
    op.create_index(op.f("ix_erased_cases_erased_case_id"), "erased_cases", ["erased_case_id"], unique=False)
    op.create_index(op.f("ix_erased_cases_group_id"), "erased_cases", ["group_id"], unique=False)
    op.create_table(
        "retention_choices",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_choices")),
    )
    op.create_table(
        "retention_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_reports")),
    )
    op.create_index(op.f("ix_retention_reports_on"), "retention_reports", ["on"], unique=False)
