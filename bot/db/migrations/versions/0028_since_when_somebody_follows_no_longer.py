"""since when somebody follows no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unfollowed_at", sa.DateTime(timezone=True), nullable=True))
    # Of who had left before, the last day on which we know that they followed.
    op.execute("UPDATE resident SET unfollowed_at = last_inbound_at WHERE NOT following")


def downgrade() -> None:
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.drop_column("unfollowed_at")
