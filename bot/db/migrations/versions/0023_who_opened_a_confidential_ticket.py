"""who opened a confidential ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_sealed_opening_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_sealed_opening_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_opening")),
    )
    op.create_index("ix_sealed_opening_staff_id_until", "sealed_opening", ["staff_id", "until"])
    op.create_index("ix_sealed_opening_ticket_id", "sealed_opening", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("sealed_opening")
