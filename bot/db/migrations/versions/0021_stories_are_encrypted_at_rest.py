"""stories are encrypted at rest: their columns get wide enough.

The rows themselves are encrypted by `python -m bot migrate`, after the migrations.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STORIES = (
    ("attachment", "name", 120),
    ("check_item", "text", 200),
    ("dispute_evidence", "what", 80),
    ("dispute_party", "name", 60),
    ("dispute_party", "part", 60),
    ("person", "name", 40),
    ("person", "name_needed_for", 80),
    ("saved_filter", "address", 500),
)
FOUND_BY = (
    ("contact_point", "phone", 20, True),
    ("resident", "openid", 64, False),
    ("staff_wechat", "openid", 64, False),
    ("binding_offer", "openid", 64, False),
)


def upgrade() -> None:
    for table, column, length in STORIES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                column,
                existing_type=sa.VARCHAR(length=length),
                type_=sa.Text(),
                existing_nullable=False,
            )
    if op.get_bind().dialect.name == "sqlite":
        return  # keeps any length in any column, and these tables are referred to by others
    for table, column, length, nullable in FOUND_BY:
        op.alter_column(
            table,
            column,
            existing_type=sa.VARCHAR(length=length),
            type_=sa.String(length=200),
            existing_nullable=nullable,
        )


def downgrade() -> None:
    """Leave the columns wide: what is encrypted does not fit into the narrow ones."""
