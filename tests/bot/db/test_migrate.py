"""Migrations: complete, repeatable, and possible to take back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from bot.db.all_tables import metadata
from bot.db.form import MIGRATIONS, fits, head, is_current, versions
from bot.db.migrate import downgrade, migrate


def test_a_migrated_database_has_exactly_our_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)

    assert is_current(engine)


def test_in_an_upgrade_a_process_works_on_with_a_later_form_and_not_with_an_earlier(
    engine: Engine,
) -> None:
    assert fits(engine)
    for form, works in (("9999", True), ("0001", False)):
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :f"), {"f": form})

        assert (fits(engine), is_current(engine)) == (works, False)


def test_the_numbers_of_the_files_are_those_of_the_migrations() -> None:
    known = ScriptDirectory(str(MIGRATIONS))

    assert head() == known.get_current_head()
    assert versions() == {script.revision for script in known.walk_revisions()}


def test_every_migration_can_be_taken_back(engine: Engine) -> None:
    downgrade(engine, to="base")

    assert inspect(engine).get_table_names() == ["alembic_version"]
