"""since when somebody follows no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("resident", sa.Column("unfollowed_at", sa.DateTime(timezone=True)))
    # Of who had left before, the last day on which we know that they followed.
    op.execute("UPDATE resident SET unfollowed_at = last_inbound_at WHERE NOT following")


def downgrade() -> None:
    # Not in a batch: SQLite would write the table anew, in a form older migrations do not know.
    op.drop_column("resident", "unfollowed_at")
