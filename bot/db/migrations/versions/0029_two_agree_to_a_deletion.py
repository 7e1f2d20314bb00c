"""two agree to a deletion, and when backups expire."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_data_request_agreed_by_id"), "staff", ["agreed_by_id"], ["id"]
        )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("backups_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_column("backups_until")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_data_request_agreed_by_id"), type_="foreignkey")
        batch_op.drop_column("agreed_by_id")
