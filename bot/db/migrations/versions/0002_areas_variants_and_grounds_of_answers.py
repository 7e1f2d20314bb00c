"""areas, variants and grounds of answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("answer_given", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "clauses",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("quote", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("area_asked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("knowledge_entry_version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("variant_of", sa.String(length=40), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("knowledge_entry_version", schema=None) as batch_op:
        batch_op.drop_column("variant_of")

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("area_asked_at")

    with op.batch_alter_table("answer_given", schema=None) as batch_op:
        batch_op.drop_column("quote")
        batch_op.drop_column("clauses")
