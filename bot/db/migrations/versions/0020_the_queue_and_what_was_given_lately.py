"""the queue and what was given lately."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

QUEUED = sa.text("state = 'triage'")


def upgrade() -> None:
    op.create_index("ix_ticket_assigned_at", "ticket", ["assigned_at"])
    op.create_index(
        "ix_ticket_queue",
        "ticket",
        ["opened_at"],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_queue", table_name="ticket")
    op.drop_index("ix_ticket_assigned_at", table_name="ticket")
