"""A key for each case, and papers kept in the database."""

import sqlalchemy as sa
from alembic import op

from casework.storage import database as storage

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The keys themselves are made at the first start, which also moves the papers under them.
    op.create_table(
        "case_keys",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.String(length=200), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_keys_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_keys")),
        sa.UniqueConstraint("folder", name=op.f("uq_case_keys_folder")),
    )
    op.create_table(
        "lasting_keys",
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("wrapped", sa.String(length=200), nullable=False),
        sa.Column("made_at", storage.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_lasting_keys")),
    )
    op.create_table(
        "stored_papers",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stored_papers")),
    )
