"""danger goes before a rush."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

UNANSWERED = sa.text("answered_at IS NULL")
INDEXES = {
    "ix_inbound_message_waiting": ["can_wait", "id"],
    "ix_inbound_message_waiting_resident": ["resident_id", "id"],
}


def upgrade() -> None:
    for table in ("inbound_message", "outbound_message"):
        op.add_column(
            table, sa.Column("can_wait", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.drop_index("ix_inbound_message_unanswered", table_name="inbound_message")
    for name, columns in INDEXES.items():
        op.create_index(
            name,
            "inbound_message",
            columns,
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        )
    op.drop_index("ix_outbound_message_due", table_name="outbound_message")
    op.create_index("ix_outbound_message_due", "outbound_message", ["state", "can_wait", "id"])


def downgrade() -> None:
    op.drop_index("ix_outbound_message_due", table_name="outbound_message")
    op.create_index("ix_outbound_message_due", "outbound_message", ["state", "not_before"])
    for name in INDEXES:
        op.drop_index(name, table_name="inbound_message")
    columns = ["answered_at", "lease_until"]
    op.create_index("ix_inbound_message_unanswered", "inbound_message", columns)
    for table in ("inbound_message", "outbound_message"):
        op.drop_column(table, "can_wait")
