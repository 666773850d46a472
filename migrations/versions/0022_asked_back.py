"""On which day a pack, letters for many or a message were asked back."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("packs", "batches", "messages")


def upgrade() -> None:
    """Add the day; of what went out before nobody wrote down that it was asked back."""
    for table in TABLES:
        op.add_column(table, sa.Column("asked_back_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    for table in TABLES:
        op.drop_column(table, "asked_back_on")
