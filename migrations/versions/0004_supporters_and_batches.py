"""Supporters apart from the cases they sign up to; imports, campaign pages, batches of letters."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_tables()
    # SQLite makes the table of supporters anew, and on the way lets go of every letter that names one.
    op.execute(
        "CREATE TEMPORARY TABLE signers AS SELECT id, supporter_id FROM letters WHERE supporter_id IS NOT NULL"
    )
    op.execute(
        "CREATE TEMPORARY TABLE listed AS SELECT id, case_id, connection, notice_given_on FROM supporters"
    )
    _part_supporters_from_cases()
    if op.get_bind().dialect.name == "sqlite":  # no database on PostgreSQL is as old as this
        _sign_up_supporters()
    op.execute("DROP TABLE signers")
    op.execute("DROP TABLE listed")


def _sign_up_supporters() -> None:
    op.execute(
        "INSERT INTO sign_ups (version, case_id, supporter_id, joined_on, joined_how, writes, counted, offers, how_known) "
        "SELECT 1, case_id, id, coalesce(notice_given_on, date('now')), 'hand', 1, 1, '[]', connection FROM listed"
    )
    op.execute(
        "UPDATE letters SET supporter_id = (SELECT supporter_id FROM signers WHERE signers.id = letters.id) "
        "WHERE id IN (SELECT id FROM signers)"
    )


def _part_supporters_from_cases() -> None:
    with op.batch_alter_table("supporters") as batch_op:
        for column in (
            sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
            sa.Column("languages", sa.String(length=200), nullable=True),
            sa.Column("added_on", sa.Date(), nullable=True),
            sa.Column("heard_on", sa.Date(), nullable=True),
            sa.Column("stop_hash", sa.String(length=64), nullable=True),
        ):
            batch_op.add_column(column)
        batch_op.alter_column("email", existing_type=sa.VARCHAR(length=200), type_=sa.String(length=254))
        batch_op.drop_index("ix_supporters_case_id")
        batch_op.drop_constraint(op.f("fk_supporters_case_id_cases"), type_="foreignkey")
        batch_op.drop_column("case_id")
        batch_op.drop_column("connection")
    today = "date('now')" if op.get_bind().dialect.name == "sqlite" else "CURRENT_DATE"
    op.execute(f"UPDATE supporters SET added_on = coalesce(notice_given_on, {today}), heard_on = {today}")  # noqa: S608
    numbered_once = {"sqlite_autoincrement": True}
    with op.batch_alter_table("supporters", table_kwargs=numbered_once) as batch_op:
        batch_op.alter_column(
            "version", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column("added_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("heard_on", existing_type=sa.Date(), nullable=False)
        batch_op.create_index("ix_supporters_email", ["email"])
        batch_op.create_index("ix_supporters_postcode", ["postcode"])
        batch_op.create_unique_constraint(op.f("uq_supporters_stop_hash"), ["stop_hash"])


def _make_tables() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(length=100), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("started_at", storage.Instant(), nullable=False),
        sa.Column("seen_at", storage.Instant(), nullable=False),
        sa.Column("gone_at", storage.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("template_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("order_by", sa.String(length=20), nullable=False),
        sa.Column("room_to_write", sa.Boolean(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("source_sha256", sa.String(length=64), nullable=True),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("finished_at", storage.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_batches_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_batches_made_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batches_source_sha256"), ["source_sha256"], unique=False)

    op.create_table(
        "campaign_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_at", storage.Instant(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", storage.Instant(), nullable=False),
        sa.Column("closed_at", storage.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_campaign_pages_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name=op.f("fk_campaign_pages_opened_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_pages")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_campaign_pages_token_hash")),
    )
    with op.batch_alter_table("campaign_pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_pages_case_id"), ["case_id"], unique=False)

    op.create_table(
        "plan_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_plan_dates_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_dates")),
        sa.UniqueConstraint("case_id", name=op.f("uq_plan_dates_case_id")),
    )
    op.create_table(
        "supporter_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("tables", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("notice_given_on", sa.Date(), nullable=True),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", storage.Instant(), nullable=True),
        sa.Column("undone_at", storage.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_supporter_imports_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_supporter_imports_made_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter_imports")),
    )
    with op.batch_alter_table("supporter_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supporter_imports_case_id"), ["case_id"], unique=False)

    op.create_table(
        "batch_shapes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("exemplar", sa.LargeBinary(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_shapes_batch_id_batches"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_shapes")),
        sa.UniqueConstraint("batch_id", "key", name=op.f("uq_batch_shapes_batch_id")),
    )
    op.create_table(
        "page_tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("gss_code", sa.String(length=9), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["campaign_pages.id"],
            name=op.f("fk_page_tallies_page_id_campaign_pages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_tallies")),
        sa.UniqueConstraint("page_id", "gss_code", "on", name=op.f("uq_page_tallies_page_id")),
    )
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("joined_how", sa.String(length=20), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("connection", sa.String(length=300), nullable=True),
        sa.Column("to_member", sa.String(length=300), nullable=True),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=True),
        sa.Column("how_known", sa.Text(), nullable=True),
        sa.Column("own_words", sa.Text(), nullable=True),
        sa.Column("ask", sa.Text(), nullable=True),
        sa.Column("words_at", storage.Instant(), nullable=True),
        sa.Column("cleared", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("stopped_at", storage.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_sign_ups_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["supporter_imports.id"],
            name=op.f("fk_sign_ups_import_id_supporter_imports"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_sign_ups_supporter_id_supporters"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("case_id", "supporter_id", name=op.f("uq_sign_ups_case_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ups_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ups_stopped_at"), ["stopped_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ups_supporter_id"), ["supporter_id"], unique=False)

    op.create_table(
        "batch_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=True),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("gss_code", sa.String(length=9), nullable=False),
        sa.Column("member_name", sa.String(length=200), nullable=True),
        sa.Column("table_name", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=True),
        sa.Column("shape_id", sa.Integer(), nullable=True),
        sa.Column("piece", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_letters_batch_id_batches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shape_id"], ["batch_shapes.id"], name=op.f("fk_batch_letters_shape_id_batch_shapes")
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_ups.id"],
            name=op.f("fk_batch_letters_sign_up_id_sign_ups"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"],
            ["workers.id"],
            name=op.f("fk_batch_letters_worker_id_workers"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_letters")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_batch_letters_batch_id")),
    )
    with op.batch_alter_table("batch_letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_letters_sign_up_id"), ["sign_up_id"], unique=False)
        batch_op.create_index("ix_batch_letters_state", ["batch_id", "state", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_letters_worker_id"), ["worker_id"], unique=False)

    op.create_table(
        "bundles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("gss_code", sa.String(length=9), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=True),
        sa.Column("printed_on", sa.Date(), nullable=True),
        sa.Column("printed_by", sa.String(length=200), nullable=True),
        sa.Column("signed", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.String(length=200), nullable=True),
        sa.Column("handed_over", sa.Integer(), nullable=True),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("handed_over_by", sa.String(length=200), nullable=True),
        sa.Column("correspondence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_bundles_batch_id_batches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["correspondence_id"],
            ["correspondence.id"],
            name=op.f("fk_bundles_correspondence_id_correspondence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundles")),
        sa.UniqueConstraint("batch_id", "gss_code", name=op.f("uq_bundles_batch_id")),
    )
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("mended", sa.JSON(), nullable=False),
        sa.Column("like_supporter_id", sa.Integer(), nullable=True),
        sa.Column("like_number", sa.Integer(), nullable=True),
        sa.Column("sign_up_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["supporter_imports.id"],
            name=op.f("fk_import_rows_import_id_supporter_imports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["like_supporter_id"],
            ["supporters.id"],
            name=op.f("fk_import_rows_like_supporter_id_supporters"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_ups.id"],
            name=op.f("fk_import_rows_sign_up_id_sign_ups"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_rows_import_id")),
    )
