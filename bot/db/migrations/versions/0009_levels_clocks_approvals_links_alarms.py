"""levels, clocks, approvals, links and alarms of tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
NEW_COLUMNS = (
    "level",
    "lane",
    "strand",
    "organisation_id",
    "team_id",
    "parent_id",
    "merged_into_id",
    "hand_backs",
    "supervised_at",
    "extension_pending",
)
LIVE_BEFORE = sa.text("state IN ('triage', 'dispatched', 'in_progress', 'waiting_resident')")
LIVE_NOW = sa.text(
    "state IN ('triage', 'dispatched', 'in_progress', 'waiting_resident', 'waiting_partner')"
)


def upgrade() -> None:
    op.create_table(
        "crisis_drill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["staff.id"], name=op.f("fk_crisis_drill_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["staff.id"], name=op.f("fk_crisis_drill_started_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis_drill")),
    )
    op.create_table(
        "crisis_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("drill_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["crisis_drill.id"], name=op.f("fk_crisis_page_drill_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_crisis_page_staff_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_crisis_page_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis_page")),
    )
    with op.batch_alter_table("crisis_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crisis_page_drill_id"), ["drill_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_crisis_page_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["staff.id"], name=op.f("fk_ticket_approval_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_ticket_approval_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_approval_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_approval")),
    )
    with op.batch_alter_table("ticket_approval", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ticket_approval_decided_at"), ["decided_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ticket_approval_ticket_id"), ["ticket_id"], unique=False
        )

    op.create_table(
        "ticket_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "paused", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_clock_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_clock")),
    )
    with op.batch_alter_table("ticket_clock", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ticket_clock_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_ticket_clock_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(
            "uq_ticket_clock_running",
            ["ticket_id", "kind"],
            unique=True,
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )

    op.create_table(
        "ticket_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["ticket.id"], name=op.f("fk_ticket_link_other_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_link_staff_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_link_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_link")),
        sa.UniqueConstraint(
            "ticket_id", "other_id", "kind", name=op.f("uq_ticket_link_ticket_id_other_id_kind")
        ),
    )
    with op.batch_alter_table("ticket_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_link_other_id"), ["other_id"], unique=False)

    with op.batch_alter_table("ticket", schema=None, recreate="never") as batch_op:
        batch_op.add_column(
            sa.Column("level", sa.String(length=10), server_default="ordinary", nullable=False)
        )
        batch_op.add_column(
            sa.Column("lane", sa.String(length=10), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("strand", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("hand_backs", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("supervised_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("extension_pending", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.drop_index(
            "uq_ticket_live_resident", sqlite_where=LIVE_BEFORE, postgresql_where=LIVE_BEFORE
        )
        batch_op.create_index(
            "uq_ticket_live_resident",
            ["resident_id", "strand"],
            unique=True,
            sqlite_where=LIVE_NOW,
            postgresql_where=LIVE_NOW,
        )

    # Written out: SQLite can add a column that refers elsewhere, and nothing more; copying
    # the table is no way while others refer to it.
    for column in ("merged_into_id", "parent_id"):
        op.execute(
            f"ALTER TABLE ticket ADD COLUMN {column} INTEGER"
            f" CONSTRAINT fk_ticket_{column} REFERENCES ticket (id)"
        )
    op.create_index("ix_ticket_merged_into_id", "ticket", ["merged_into_id"], unique=False)
    op.execute("UPDATE ticket SET level = urgency WHERE urgency IN ('crisis', 'urgent')")
    op.execute(
        "UPDATE ticket SET level = 'dispute' WHERE urgency = 'normal' AND intent = 'dispute'"
    )


def downgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_merged_into_id"))
        batch_op.drop_index(
            "uq_ticket_live_resident", sqlite_where=LIVE_NOW, postgresql_where=LIVE_NOW
        )
        batch_op.create_index(
            "uq_ticket_live_resident",
            ["resident_id"],
            unique=True,
            sqlite_where=LIVE_BEFORE,
            postgresql_where=LIVE_BEFORE,
        )
    for column in NEW_COLUMNS:
        op.execute(f"ALTER TABLE ticket DROP COLUMN {column}")

    with op.batch_alter_table("ticket_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_link_other_id"))

    op.drop_table("ticket_link")
    with op.batch_alter_table("ticket_clock", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ticket_clock_running",
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_ticket_clock_ticket_id"))
        batch_op.drop_index(
            "ix_ticket_clock_due",
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )

    op.drop_table("ticket_clock")
    with op.batch_alter_table("ticket_approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_approval_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_approval_decided_at"))

    op.drop_table("ticket_approval")
    with op.batch_alter_table("crisis_page", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crisis_page_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_crisis_page_drill_id"))

    op.drop_table("crisis_page")
    op.drop_table("crisis_drill")
