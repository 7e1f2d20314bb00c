"""Pictures, voices and notices to residents; bundles; grounds of replies; previews; typing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "typing_sign",
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_typing_sign_resident_id")
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_typing_sign")),
    )
    op.create_table(
        "reply_ground",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbound_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "clauses",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbound_id"], ["outbound_message.id"], name=op.f("fk_reply_ground_outbound_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["knowledge_entry_version.id"], name=op.f("fk_reply_ground_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_ground")),
    )
    with op.batch_alter_table("reply_ground", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reply_ground_outbound_id"), ["outbound_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reply_ground_version_id"), ["version_id"], unique=False
        )

    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("preview_path", sa.String(length=120), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("preview_type", sa.String(length=60), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_media_unprepared", ["prepared_at", "state"], unique=False)

    with op.batch_alter_table("outbound_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=8), server_default="text", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "details",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="{}",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("may_use_last", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("bundle_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_outbound_message_bundle_id"), ["bundle_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_outbound_message_bundle_id"), "outbound_message", ["bundle_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("outbound_message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbound_message_bundle_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_outbound_message_bundle_id"))
        batch_op.drop_column("bundle_id")
        batch_op.drop_column("may_use_last")
        batch_op.drop_column("details")
        batch_op.drop_column("kind")

    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_index("ix_media_unprepared")
        batch_op.drop_column("prepared_at")
        batch_op.drop_column("preview_type")
        batch_op.drop_column("preview_path")

    with op.batch_alter_table("reply_ground", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_ground_version_id"))
        batch_op.drop_index(batch_op.f("ix_reply_ground_outbound_id"))

    op.drop_table("reply_ground")
    op.drop_table("typing_sign")
