"""What a campaign page told whoever opened it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the kinds of fact; of a page from before nothing is kept, and its words are looked through when asked."""
    op.add_column("campaign_pages", sa.Column("told", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("campaign_pages", "told")
