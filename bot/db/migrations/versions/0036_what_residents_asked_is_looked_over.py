"""what residents asked is looked over."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_inbound_message_asked": ("id", sa.text("shown IS NOT NULL AND text != ''")),
    "ix_inbound_message_about": ("about_id", sa.text("about_id IS NOT NULL")),
}


def upgrade() -> None:
    op.create_table(
        "knowledge_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=True),
        sa.Column("kept_by_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["knowledge_entry.id"], name=op.f("fk_knowledge_wording_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["staff.id"], name=op.f("fk_knowledge_wording_kept_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_wording")),
    )
    op.create_index(op.f("ix_knowledge_wording_entry_id"), "knowledge_wording", ["entry_id"])
    op.add_column("inbound_message", sa.Column("shown", sa.String(length=128), nullable=True))
    op.add_column("inbound_message", sa.Column("about_id", sa.Integer(), nullable=True))
    for name, (column, where) in INDEXES.items():
        op.create_index(
            name, "inbound_message", [column], sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="inbound_message")
    for column in ("shown", "about_id"):
        op.drop_column("inbound_message", column)
    op.drop_table("knowledge_wording")
