"""What a group lives with: notes, looks and undo."""

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns."""
