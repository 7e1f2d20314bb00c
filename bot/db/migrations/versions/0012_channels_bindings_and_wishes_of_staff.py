"""channels bindings and wishes of staff."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "binding_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=6), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_binding_offer_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_offer")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_binding_offer_secret_hash")),
    )
    with op.batch_alter_table("binding_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_binding_offer_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "channel_trouble",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_channel_trouble_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", "channel", name=op.f("pk_channel_trouble")),
    )
    op.create_table(
        "notice_preference",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column(
            "channels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("next_minutes", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_until", sa.String(length=5), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("wecom_user", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_notice_preference_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_notice_preference")),
    )
    op.create_table(
        "staff_wechat",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resident_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minute_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minute_count", sa.Integer(), nullable=False),
        sa.Column(
            "seen", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_wechat_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_wechat")),
        sa.UniqueConstraint("openid", name=op.f("uq_staff_wechat_openid")),
    )


def downgrade() -> None:
    op.drop_table("staff_wechat")
    op.drop_table("notice_preference")
    op.drop_table("channel_trouble")
    with op.batch_alter_table("binding_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_binding_offer_staff_id"))

    op.drop_table("binding_offer")
