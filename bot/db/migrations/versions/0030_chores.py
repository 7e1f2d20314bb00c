"""chores."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ASK = """
INSERT INTO chore (kind, subject, state, due_at, lease_until, tries, error, asked_at)
SELECT '{kind}', CAST(id AS VARCHAR(40)), 'waiting', {at}, {at}, 0, '', {at} FROM {rest}
"""


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chore")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_chore_kind_subject")),
    )
    op.create_index("ix_chore_state", "chore", ["state", "lease_until"])
    # What was waiting for a worker of before.
    files = "report_export WHERE state = 'queued'"
    op.execute(ASK.format(kind="export", at="lease_until", rest=files))
    raw = "media WHERE state = 'stored' AND prepared_at IS NULL"
    op.execute(ASK.format(kind="preview", at="not_before", rest=raw))


def downgrade() -> None:
    op.drop_table("chore")
