"""Migrations: complete, repeatable, and possible to take back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from bot.db.all_tables import metadata
from bot.db.migrate import downgrade, is_current, migrate


def test_a_migrated_database_has_exactly_our_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)

    assert is_current(engine)


def test_every_migration_can_be_taken_back(engine: Engine) -> None:
    downgrade(engine, to="base")

    assert inspect(engine).get_table_names() == ["alembic_version"]
