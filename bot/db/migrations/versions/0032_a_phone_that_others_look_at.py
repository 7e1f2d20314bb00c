"""a phone that others look at."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.String(length=8)
    op.add_column("resident", sa.Column("discretion", kind, server_default="", nullable=False))
    for name in ("discreet_at", "looks_until"):
        op.add_column("resident", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # Not in a batch: SQLite would write the table anew, in a form older migrations do not know.
    for name in ("looks_until", "discreet_at", "discretion"):
        op.drop_column("resident", name)
