"""clocks are looked at, disputes have dates."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
LIVE = ("triage", "dispatched", "in_progress", "waiting_resident")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STANDING = (
    "state",
    "state_at",
    "level",
    "opened_at",
    "reply_due_at",
    "assignee_id",
    "reason",
    "assigned_at",
    "accepted_at",
    "first_reply_at",
    "last_reply_at",
    "reminded_at",
    "escalated_at",
    "resolved_at",
    "closed_at",
    "close_code",
    "outcome",
    "reopened",
    "hand_backs",
    "supervised_at",
    "extension_pending",
    "merged_into_id",
)
TICKET = sa.table(
    "ticket",
    sa.column("id"),
    sa.column("last_resident_at", MOMENT),
    *(sa.column(name, MOMENT if name.endswith("_at") else sa.types.NULLTYPE) for name in STANDING),
)
EVENT = sa.table(
    "ticket_event",
    *(sa.column(name) for name in ("ticket_id", "kind", "text")),
    sa.column("data", JSON),
    sa.column("at", MOMENT),
)
CLOCK = sa.table(
    "ticket_clock",
    *(sa.column(name) for name in ("ticket_id", "kind", "rule")),
    *(sa.column(name, MOMENT) for name in ("started_at", "due_at", "look_at")),
    sa.column("paused", JSON),
)


def upgrade() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_up_to", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("claim_yuan", sa.Integer(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("accident_on", sa.Date(), nullable=True),
        sa.Column("mediation_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("award_on", sa.Date(), nullable=True),
        sa.Column("interrupted_on", sa.Date(), nullable=True),
        sa.Column("settled", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_dispute_by_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_dispute_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_dispute_ticket_id")),
    )
    op.create_table(
        "dispute_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_evidence_dispute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_evidence")),
    )
    with op.batch_alter_table("dispute_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dispute_evidence_dispute_id"), ["dispute_id"], unique=False
        )

    op.create_table(
        "dispute_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_party_dispute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_party")),
    )
    with op.batch_alter_table("dispute_party", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dispute_party_dispute_id"), ["dispute_id"], unique=False
        )

    # Written out: SQLite can add a column that refers elsewhere, and nothing more.
    op.execute(
        "ALTER TABLE crisis_page ADD COLUMN accepted_by_id INTEGER"
        " CONSTRAINT fk_crisis_page_accepted_by_id REFERENCES staff (id)"
    )

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watched_on", sa.Date(), nullable=True))

    with op.batch_alter_table("ticket_clock", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "adjusted",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="{}",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(
            batch_op.f("ix_ticket_clock_due"), sqlite_where=sa.text("stopped_at IS NULL")
        )
        batch_op.create_index(
            "ix_ticket_clock_look",
            ["look_at"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )

    _begin_logs()


def _begin_logs() -> None:
    """Let each ticket's log say everything from here on; a clock runs where an answer is owed."""
    bind = op.get_bind()
    for row in bind.execute(sa.select(TICKET)).mappings().all():
        ticket = {name: _aware(value) for name, value in row.items()}
        said = {name: ticket[name] for name in STANDING}
        owed = ticket["state"] in LIVE and (
            ticket["last_reply_at"] is None or ticket["last_resident_at"] > ticket["last_reply_at"]
        )
        due, rule = ticket["reply_due_at"], f"reply/{ticket['level']}/0"
        data = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in said.items()
        }
        if owed:
            clock = {"do": "start", "kind": "reply", "rule": rule}
            start = ticket["last_resident_at"].isoformat()
            clock |= {"at": start, "due": due.isoformat(), "look": due.isoformat()}
            data["clocks"] = [clock]
            bind.execute(
                CLOCK.insert().values(
                    ticket_id=ticket["id"],
                    kind="reply",
                    started_at=ticket["last_resident_at"],
                    due_at=due,
                    look_at=due,
                    paused=[],
                    rule=rule,
                )
            )
        at = ticket["state_at"]
        bind.execute(
            EVENT.insert().values(
                ticket_id=ticket["id"], kind="baseline", text="", data=data, at=at
            )
        )


def _aware(value: object) -> Any:  # noqa: ANN401 (what a column holds)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def downgrade() -> None:
    with op.batch_alter_table("ticket_clock", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ticket_clock_look",
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_ticket_clock_due"),
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL"),
        )

    for column in ("look_at", "adjusted"):
        op.execute(f"ALTER TABLE ticket_clock DROP COLUMN {column}")
    op.execute("ALTER TABLE ticket DROP COLUMN watched_on")
    op.execute("DELETE FROM ticket_clock")
    op.execute("DELETE FROM ticket_event WHERE kind = 'baseline'")

    op.execute("ALTER TABLE crisis_page DROP COLUMN accepted_by_id")

    with op.batch_alter_table("dispute_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_party_dispute_id"))

    op.drop_table("dispute_party")
    with op.batch_alter_table("dispute_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_evidence_dispute_id"))

    op.drop_table("dispute_evidence")
    op.drop_table("dispute")
    op.drop_table("calendar_change")
