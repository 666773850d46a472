"""The language of the interface."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the language that somebody reads the pages in."""
    op.add_column("users", sa.Column("language", sa.String(length=12), nullable=True))
