"""Bring a database to the newest form, one process at a time."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from bot.db.engine import make_engine
from bot.db.form import MIGRATIONS, head, is_later

# Any number will do, as long as it is always the same one.
ADVISORY_LOCK = 6_120_041


def migrate(engine: Engine, *, to: str = "head") -> None:
    """
    Run the migrations that are missing; safe to call twice and from several processes.

    A later form than this code knows is left as it is: after going back to an older version.
    """
    if is_later(engine):
        return
    with _alone(engine) as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, *, to: str) -> None:
    """Undo the migrations after *to*; for tests and for taking back an upgrade."""
    with _alone(engine) as connection:
        command.downgrade(_config(connection), to)


def write_migration(what: str) -> str:
    """Write the next migration, from what the tables have and migrations lack; return its id."""
    number = f"{int(head() or 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'scratch.sqlite3'}")
        migrate(engine)
        with _alone(engine) as connection:
            config = _config(connection)
            command.revision(config, message=what, autogenerate=True, rev_id=number)
        engine.dispose()
    return number


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Hold off other migrating processes: SQLite by its write lock, PostgreSQL by a named one."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        yield connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
