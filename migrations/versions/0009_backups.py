"""What is known of each backup."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.String(length=40), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("case_ids", sa.JSON(), nullable=False),
        sa.Column("has_passphrase", sa.Boolean(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("verified_at", storage.Instant(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
        sa.UniqueConstraint("file_sha256", name=op.f("uq_backups_file_sha256")),
    )
    op.create_index(op.f("ix_backups_made_at"), "backups", ["made_at"])
