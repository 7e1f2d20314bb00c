"""the promise of the first answer, satisfaction, organisations that exist."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OWNERS = ("organisation", "team")
MOMENT = sa.DateTime(timezone=True)
# A ticket from before the full log has only those clocks in it that ran when it began.
FIRST_PROMISE = """
UPDATE ticket SET first_due_at = (
    SELECT clock.due_at FROM ticket_clock AS clock
    WHERE clock.ticket_id = ticket.id AND clock.kind = 'first_reply'
      AND NOT EXISTS (
        SELECT 1 FROM ticket_event AS event
        WHERE event.ticket_id = ticket.id AND event.kind = 'baseline'
          AND clock.stopped_at < event.at)
    ORDER BY clock.id DESC LIMIT 1)
"""
NOBODYS = """
UPDATE ticket SET COLUMN = NULL
WHERE COLUMN IS NOT NULL AND COLUMN NOT IN (SELECT id FROM OWNER)
"""


def upgrade() -> None:
    op.add_column("ticket", sa.Column("first_due_at", MOMENT, nullable=True))
    op.add_column("ticket", sa.Column("satisfied", sa.Boolean(), nullable=True))
    op.execute(FIRST_PROMISE)
    for owner in OWNERS:
        column = f"{owner}_id"
        op.execute(NOBODYS.replace("COLUMN", column).replace("OWNER", owner))
        _refer(owner, column)
        op.create_index(f"ix_ticket_{column}", "ticket", [column])


def downgrade() -> None:
    for owner in OWNERS:
        column = f"{owner}_id"
        op.drop_index(f"ix_ticket_{column}", table_name="ticket")
        _refer_no_more(column)
    op.drop_column("ticket", "satisfied")
    op.drop_column("ticket", "first_due_at")


def _refer(owner: str, column: str) -> None:
    """SQLite refers only from a new column; copying the table is no way: others refer to it."""
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(f"fk_ticket_{column}", "ticket", owner, [column], ["id"])
        return
    _replaced(column, f"INTEGER CONSTRAINT fk_ticket_{column} REFERENCES {owner} (id)")


def _refer_no_more(column: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(f"fk_ticket_{column}", "ticket", type_="foreignkey")
        return
    _replaced(column, "INTEGER")


def _replaced(column: str, form: str) -> None:
    op.execute(f"ALTER TABLE ticket ADD COLUMN {column}_new {form}")
    op.execute("UPDATE ticket SET COLUMN_new = COLUMN".replace("COLUMN", column))
    op.execute(f"ALTER TABLE ticket DROP COLUMN {column}")
    op.execute(f"ALTER TABLE ticket RENAME COLUMN {column}_new TO {column}")
