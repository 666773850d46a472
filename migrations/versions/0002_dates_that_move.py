"""Events, dates that move and say so, changes of rules, removals, calendar feeds."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instance_notes",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_instance_notes")),
    )
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("withdrawn_at", storage.Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
    )
    with op.batch_alter_table("rule_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_changes_key"), ["key"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=True),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("last_read_at", storage.Instant(), nullable=True),
        sa.Column("revoked_at", storage.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feeds_user_id"), ["user_id"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", storage.Instant(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", storage.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_case_events_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_events_case_id"), ["case_id"], unique=False)

    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("correspondence_id", sa.Integer(), nullable=True),
        sa.Column("notice_given_on", sa.Date(), nullable=True),
        sa.Column("notice_given_at", sa.String(length=5), nullable=True),
        sa.Column("notice_how", sa.String(length=20), nullable=True),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("destination", sa.String(length=200), nullable=True),
        sa.Column("details_given_on", sa.Date(), nullable=True),
        sa.Column("departs_on", sa.Date(), nullable=True),
        sa.Column("departs_at", sa.String(length=5), nullable=True),
        sa.Column("carriage", sa.String(length=20), nullable=True),
        sa.Column("flight", sa.String(length=40), nullable=True),
        sa.Column("airline", sa.String(length=100), nullable=True),
        sa.Column("airport", sa.String(length=100), nullable=True),
        sa.Column("route", sa.String(length=300), nullable=True),
        sa.Column("booked_name", sa.String(length=200), nullable=True),
        sa.Column("ended_as", sa.String(length=20), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=300), nullable=True),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_removals_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["correspondence_id"],
            ["correspondence.id"],
            name=op.f("fk_removals_correspondence_id_correspondence"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_removals_made_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    with op.batch_alter_table("removals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_removals_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_removals_correspondence_id"), ["correspondence_id"], unique=False
        )
        batch_op.create_index(
            "ix_removals_running",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("ended_as IS NULL"),
            postgresql_where=sa.text("ended_as IS NULL"),
        )

    op.create_table(
        "removal_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("removal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=True),
        sa.Column("done_at", storage.Instant(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_removal_steps_done_by_id_users")),
        sa.ForeignKeyConstraint(
            ["removal_id"],
            ["removals.id"],
            name=op.f("fk_removal_steps_removal_id_removals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal_steps")),
    )
    with op.batch_alter_table("removal_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_removal_steps_removal_id"), ["removal_id"], unique=False)

    op.create_table(
        "deadline_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.Instant(), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("now", sa.JSON(), nullable=False),
        sa.Column("rule_change_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadlines.id"],
            name=op.f("fk_deadline_moves_deadline_id_deadlines"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rule_change_id"],
            ["rule_changes.id"],
            name=op.f("fk_deadline_moves_rule_change_id_rule_changes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_moves")),
    )
    with op.batch_alter_table("deadline_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_moves_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deadline_moves_deadline_id"), ["deadline_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_deadline_moves_rule_change_id"), ["rule_change_id"], unique=False
        )

    for column in (
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("told", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("turn", sa.Integer(), server_default="1", nullable=False),
        sa.Column("owed_by", sa.String(length=10), server_default="us", nullable=False),
        sa.Column("waiting_for", sa.String(length=30), nullable=True),
        sa.Column("aim_on", sa.Date(), nullable=True),
        sa.Column("final_on", sa.Date(), nullable=True),
        sa.Column("window_from", sa.Date(), nullable=True),
        sa.Column("window_until", sa.Date(), nullable=True),
        sa.Column("moved", sa.String(length=800), nullable=True),
        sa.Column("stated_from", sa.String(length=20), nullable=True),
        sa.Column("stated_said_on", sa.Date(), nullable=True),
        sa.Column("settled_as", sa.String(length=20), nullable=True),
        sa.Column("proof_sha256", sa.String(length=64), nullable=True),
        sa.Column("proof_type", sa.String(length=40), nullable=True),
    ):
        op.add_column("deadlines", column)
    for table in ("deadlines", "follow_ups", "surgery_visits"):
        last_change = sa.Column(
            "changed_at", storage.Instant(), server_default="2026-01-01 00:00:00.000000", nullable=False
        )
        op.add_column(table, last_change)
    _add_reference("deadlines", "event_id", "case_events")
    _add_reference("deadlines", "removal_id", "removals")
    _add_reference("deadlines", "owner_id", "users", index=False)
    _add_reference("deadlines", "settled_by_id", "users")
    _add_reference("deadlines", "ended_by_event_id", "case_events")
    _add_reference("follow_ups", "owner_id", "users", index=False)
    _add_reference("surgery_visits", "owner_id", "users", index=False)
    op.add_column("users", sa.Column("digest_to", sa.String(length=254), nullable=True))

    op.drop_index("ix_deadlines_open", "deadlines")
    by_day, narrowed_by = ("aim_on", "final_on", "id"), ("kind", "owed_by", "waiting_for")
    for table, is_open, name, columns in (
        ("deadlines", "settled_on", "open", (*by_day, "case_id", "owner_id", *narrowed_by)),
        ("deadlines", "settled_on", "open_owner", ("owner_id", *by_day, "case_id", *narrowed_by)),
        ("deadlines", "settled_on", "open_case", ("case_id", *by_day, "owner_id", *narrowed_by)),
        ("follow_ups", "done_on", "open", ("due_on", "id", "case_id", "owner_id")),
        ("follow_ups", "done_on", "open_owner", ("owner_id", "due_on", "id", "case_id")),
        ("surgery_visits", "recorded_at", "planned", ("held_on", "id", "case_id", "owner_id")),
        ("surgery_visits", "recorded_at", "planned_owner", ("owner_id", "held_on", "id", "case_id")),
    ):
        where = sa.text(f"{is_open} IS NULL")
        op.create_index(
            f"ix_{table}_{name}", table, list(columns), sqlite_where=where, postgresql_where=where
        )
    op.drop_index("ix_team_members_user_id", "team_members")
    op.create_index("ix_team_members_user_id", "team_members", ["user_id", "case_id"])

    if op.get_bind().dialect.name == "sqlite":  # no database on PostgreSQL is as old as this
        _fill_days()


def _fill_days() -> None:
    op.execute("UPDATE deadlines SET final_on = COALESCE(stated_on, earliest_on, last_on)")
    windows = "('removal_after_failed_attempt', 'removal_after_jr', 'removal_port_refusal')"
    op.execute(
        "UPDATE deadlines SET window_until = COALESCE(stated_on, last_on), window_from = COALESCE("  # noqa: S608
        "(SELECT json_extract(value, '$.date') FROM json_each(working, '$.days') "
        f"WHERE json_extract(value, '$.number') LIMIT 1), event_on) WHERE rule_key IN {windows}"
    )
    op.execute(
        "UPDATE deadlines SET (window_from, window_until) = (SELECT w.window_from, w.window_until "  # noqa: S608
        "FROM deadlines AS w WHERE w.case_id = deadlines.case_id AND w.settled_on IS NULL "
        f"AND w.rule_key IN {windows} AND w.window_until >= date('now') "
        "AND w.window_from < deadlines.earliest_on ORDER BY w.window_from, w.window_until DESC LIMIT 1) "
        "WHERE rule_key = 'removal_notice_period' AND settled_on IS NULL"
    )
    op.execute(
        "UPDATE deadlines SET aim_on = MIN(final_on, COALESCE(window_from, final_on), COALESCE("
        "CASE WHEN kind = 'notice_period' THEN earliest_on ELSE safe_on END, final_on))"
    )
    op.execute("UPDATE deadlines SET settled_as = 'met' WHERE settled_on IS NOT NULL")


def _add_reference(table: str, column: str, target: str, *, index: bool = True) -> None:
    """Add a column that refers to another table, in place: to copy the table would delete what refers to it."""
    name = f"fk_{table}_{column}_{target}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target} (id)")
    if index:
        op.create_index(f"ix_{table}_{column}", table, [column])
