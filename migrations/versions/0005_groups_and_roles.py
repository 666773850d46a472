"""Groups that share one server, and what each member of a team may see."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_A_GROUP = ("users", "cases", "supporters", "letter_wordings", "member_checks")
MAY_BE_HIDDEN = ("case_places", "case_notes", "correspondence", "surgery_visits", "follow_ups")


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
    )
    # Everything that is there belongs to the first group, whose name the settings give.
    op.execute("INSERT INTO groups (name, made_at) VALUES (NULL, CURRENT_TIMESTAMP)")
    for table in OF_A_GROUP:
        op.add_column(table, sa.Column("group_id", sa.Integer(), nullable=False, server_default="1"))
        op.create_index(op.f(f"ix_{table}_group_id"), table, ["group_id"])
    op.add_column("one_time_links", sa.Column("group_id", sa.Integer(), nullable=True))
    # Said in SQL that both databases read: Alembic would make a table anew on SQLite, and with it empty its children.
    for column, target in (("offered_to_id", "groups"), ("offered_by_id", "users")):
        op.execute(
            f"ALTER TABLE cases ADD COLUMN {column} INTEGER "
            f"CONSTRAINT fk_cases_{column}_{target} REFERENCES {target} (id)"
        )
    op.add_column("team_members", sa.Column("sees", sa.String(length=60), nullable=True))
    for table in MAY_BE_HIDDEN:
        op.add_column(table, sa.Column("hidden", sa.String(length=20), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        _keep_groups_apart()


def _keep_groups_apart() -> None:
    """Have PostgreSQL itself leave out other groups' rows as soon as a connection says for which group it asks.

    It binds a role that does not own the tables; the owner, who migrates, sees everything.
    """
    now = "nullif(current_setting('casework.group', true), '')"
    for table in OF_A_GROUP:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_group ON {table} USING ({now} IS NULL OR group_id = {now}::integer)")
