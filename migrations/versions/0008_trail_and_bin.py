"""The trail as a chain, the bin, and what is let go of when."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
