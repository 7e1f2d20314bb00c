"""the code of a binding is made by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FORGET = sa.text("DELETE FROM binding_offer")  # an offer lives ten minutes


def upgrade() -> None:
    op.execute(FORGET)
    with op.batch_alter_table("binding_offer") as batch_op:
        batch_op.add_column(sa.Column("scene", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("problem", sa.String(length=32), server_default="", nullable=False)
        )
        batch_op.drop_constraint(batch_op.f("uq_binding_offer_secret_hash"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_binding_offer_scene"), ["scene"])
        batch_op.drop_column("secret_hash")


def downgrade() -> None:
    op.execute(FORGET)
    with op.batch_alter_table("binding_offer") as batch_op:
        batch_op.add_column(sa.Column("secret_hash", sa.String(length=64), nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_binding_offer_scene"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_binding_offer_secret_hash"), ["secret_hash"]
        )
        batch_op.drop_column("problem")
        batch_op.drop_column("scene")
