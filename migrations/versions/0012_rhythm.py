"""Whom to ring and write to next."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("calls", "call_rounds", "tellings", "messages", "member_contacts", "next_contacts")


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete=ondelete
    )


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("sign_ups", sa.Column("reached_by", sa.JSON(), nullable=False, server_default="[]"))
    _next_contacts()
    _messages()
    _calls()


def _next_contacts() -> None:
    op.create_table(
        "next_contacts",
        _number("id"),
        _number("version"),
        _number("case_id"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        _number("owner_id", nullable=True),
        _to("next_contacts", "case_id", "cases", "CASCADE"),
        _to("next_contacts", "owner_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_contacts")),
        sa.UniqueConstraint("case_id", name=op.f("uq_next_contacts_case_id")),
    )
    op.create_index(op.f("ix_next_contacts_due_on"), "next_contacts", ["due_on"])
    op.create_table(
        "member_contacts",
        _number("id"),
        _number("version"),
        sa.Column("gss_code", sa.String(length=9), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        _number("owner_id", nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False, server_default="1"),
        _to("member_contacts", "owner_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_contacts")),
        sa.UniqueConstraint("group_id", "gss_code", name=op.f("uq_member_contacts_group_id")),
    )
    op.create_index(op.f("ix_member_contacts_due_on"), "member_contacts", ["due_on"])
    op.create_index(op.f("ix_member_contacts_group_id"), "member_contacts", ["group_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        _number("id"),
        _number("version"),
        _number("case_id"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("means", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("to_whom", sa.String(length=20), nullable=False),
        sa.Column("gss_code", sa.String(length=9), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        _number("level", nullable=True),
        sa.Column("made_at", storage.Instant(), nullable=False),
        _number("made_by_id"),
        sa.Column("sent_on", sa.Date(), nullable=True),
        _number("sent_by_id", nullable=True),
        _number("number", nullable=True),
        sa.Column("discarded_at", storage.Instant(), nullable=True),
        _number("bundle_id", nullable=True),
        _number("visit_id", nullable=True),
        _number("correspondence_id", nullable=True),
        _to("messages", "case_id", "cases", "CASCADE"),
        _to("messages", "made_by_id", "users"),
        _to("messages", "sent_by_id", "users"),
        _to("messages", "bundle_id", "bundles", "SET NULL"),
        _to("messages", "visit_id", "surgery_visits", "SET NULL"),
        _to("messages", "correspondence_id", "correspondence", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    for column in ("case_id", "bundle_id", "visit_id", "correspondence_id"):
        op.create_index(op.f(f"ix_messages_{column}"), "messages", [column])
    op.create_table(
        "tellings",
        _number("id"),
        _number("message_id"),
        _number("sign_up_id"),
        _to("tellings", "message_id", "messages", "CASCADE"),
        _to("tellings", "sign_up_id", "sign_ups", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
        sa.UniqueConstraint("message_id", "sign_up_id", name=op.f("uq_tellings_message_id")),
    )
    op.create_index(op.f("ix_tellings_sign_up_id"), "tellings", ["sign_up_id"])


def _calls() -> None:
    op.create_table(
        "call_rounds",
        _number("id"),
        _number("case_id"),
        _number("message_id"),
        sa.Column("made_at", storage.Instant(), nullable=False),
        _number("made_by_id"),
        sa.Column("closed_at", storage.Instant(), nullable=True),
        _to("call_rounds", "case_id", "cases", "CASCADE"),
        _to("call_rounds", "message_id", "messages", "CASCADE"),
        _to("call_rounds", "made_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_rounds")),
    )
    op.create_index(op.f("ix_call_rounds_case_id"), "call_rounds", ["case_id"])
    op.create_index(op.f("ix_call_rounds_message_id"), "call_rounds", ["message_id"])
    op.create_table(
        "calls",
        _number("id"),
        _number("round_id"),
        _number("position"),
        _number("sign_up_id", nullable=True),
        _number("taken_by_id", nullable=True),
        sa.Column("taken_until", storage.Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=True),
        sa.Column("rung_at", storage.Instant(), nullable=True),
        _number("tries"),
        _to("calls", "round_id", "call_rounds", "CASCADE"),
        _to("calls", "sign_up_id", "sign_ups", "SET NULL"),
        _to("calls", "taken_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_calls_round_id")),
    )
    op.create_index(op.f("ix_calls_sign_up_id"), "calls", ["sign_up_id"])
    op.create_index("ix_calls_outcome", "calls", ["round_id", "outcome", "position"])


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("sign_ups", "reached_by")
