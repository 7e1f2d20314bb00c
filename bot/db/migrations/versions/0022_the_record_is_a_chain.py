"""the record is a chain that the database protects."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WAITING = sa.text("place IS NULL")
NO_DELETE = "audit_event: rows are never deleted"
NO_UPDATE = "audit_event: rows are never changed"
KEPT = ("id", "staff_id", "deed", "subject", "data", "at")
"""What stays as it was written; place and digest are filled once, together."""

SQLITE = (
    f"""
    CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, '{NO_DELETE}'); END
    """,
    f"""
    CREATE TRIGGER audit_event_unchanged BEFORE UPDATE ON audit_event
    WHEN OLD.place IS NOT NULL OR OLD.digest IS NOT NULL
      OR NEW.place IS NULL OR NEW.digest IS NULL
      OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)}
    BEGIN SELECT RAISE(ABORT, '{NO_UPDATE}'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP <> 'UPDATE' THEN RAISE EXCEPTION '{NO_DELETE}'; END IF;
      IF OLD.place IS NOT NULL OR OLD.digest IS NOT NULL
        OR NEW.place IS NULL OR NEW.digest IS NULL
        OR {" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in KEPT)}
      THEN RAISE EXCEPTION '{NO_UPDATE}'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_event_unchanged BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_guard()
    """,
    """
    CREATE TRIGGER audit_event_kept BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_guard()
    """,
)


def upgrade() -> None:
    op.add_column("audit_event", sa.Column("place", sa.Integer(), nullable=True))
    op.add_column("audit_event", sa.Column("digest", sa.String(length=64), nullable=True))
    op.create_index("ix_audit_event_place", "audit_event", ["place"], unique=True)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject", "id"])
    op.create_index(
        "ix_audit_event_waiting",
        "audit_event",
        ["id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL if postgresql else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_event_kept" + _on())
    op.execute("DROP TRIGGER audit_event_unchanged" + _on())
    if _on():
        op.execute("DROP FUNCTION audit_event_guard()")
    for name in ("waiting", "subject", "place"):
        op.drop_index(f"ix_audit_event_{name}", table_name="audit_event")
    with op.batch_alter_table("audit_event") as table:
        table.drop_column("digest")
        table.drop_column("place")


def _on() -> str:
    """PostgreSQL names the table of a trigger."""
    return " ON audit_event" if op.get_bind().dialect.name == "postgresql" else ""
