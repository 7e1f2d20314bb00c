"""reports count from the index."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COVERED = {"opened_at": ["topic", "state"], "closed_at": ["close_code", "state"]}


def upgrade() -> None:
    for column, more in COVERED.items():
        op.drop_index(f"ix_ticket_{column}", table_name="ticket")
        op.create_index(f"ix_ticket_{column}", "ticket", [column, *more])


def downgrade() -> None:
    for column in COVERED:
        op.drop_index(f"ix_ticket_{column}", table_name="ticket")
        op.create_index(f"ix_ticket_{column}", "ticket", [column])
