"""policy documents and passages offered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff.id"], name=op.f("fk_policy_document_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_document")),
        sa.UniqueConstraint("title", "version", name=op.f("uq_policy_document_title_version")),
    )
    op.create_table(
        "policy_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=80), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["policy_document.id"], name=op.f("fk_policy_passage_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_passage")),
        sa.UniqueConstraint(
            "document_id", "position", name=op.f("uq_policy_passage_document_id_position")
        ),
    )
    op.create_table(
        "passage_offered",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column(
            "clause", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound_message.id"], name=op.f("fk_passage_offered_inbound_id")
        ),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["policy_passage.id"], name=op.f("fk_passage_offered_passage_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_passage_offered_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage_offered")),
    )
    with op.batch_alter_table("passage_offered", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passage_offered_inbound_id"), ["inbound_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_passage_offered_passage_id"), ["passage_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_passage_offered_resident_id"), ["resident_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("passage_offered", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passage_offered_resident_id"))
        batch_op.drop_index(batch_op.f("ix_passage_offered_passage_id"))
        batch_op.drop_index(batch_op.f("ix_passage_offered_inbound_id"))

    op.drop_table("passage_offered")
    op.drop_table("policy_passage")
    op.drop_table("policy_document")
