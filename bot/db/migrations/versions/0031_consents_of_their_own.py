"""consents of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TEXTS = ("to", "what", "said_by", "reason")


def upgrade() -> None:
    op.create_table(
        "consent_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["staff.id"], name=op.f("fk_consent_question_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_consent_question_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_consent_question_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_question")),
    )
    op.create_index("ix_consent_question_resident_id", "consent_question", ["resident_id", "kind"])
    op.create_index("ix_consent_question_ticket_id", "consent_question", ["ticket_id"])
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ticket_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        short = (("about", 16, ""), ("how", 12, "chat"), ("ground", 12, "consent"))
        for name, length, usual in short:
            kind = sa.String(length=length)
            batch_op.add_column(sa.Column(name, kind, server_default=usual, nullable=False))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_consent_ticket_id"), ["ticket_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_consent_ticket_id"), "ticket", ["ticket_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_consent_by_id"), "staff", ["by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_consent_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_consent_ticket_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_consent_ticket_id"))
        for name in (*TEXTS, "ground", "how", "about", "by_id", "ticket_id"):
            batch_op.drop_column(name)
    op.drop_table("consent_question")
