"""A restored backup brings back who had everything deleted since; a list kept elsewhere helps."""

import shutil
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.cli_privacy import privacy_group
from bot.db.engine import engine_at, transaction
from bot.people.tables import Resident, Role
from bot.privacy.erasure import erase_resident
from bot.sections import Database
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW


def run(settings: Settings, database: Path, *arguments: str) -> tuple[int, str]:
    there = settings.model_copy(update={"database": Database(url=f"sqlite:///{database}")})
    done = CliRunner().invoke(privacy_group, list(arguments), obj=there)
    return done.exit_code, done.output if done.exit_code == 0 else str(done.exception)


def end(session: Session, ticket: Ticket) -> None:
    known = session.get_one(Ticket, ticket.id)
    known.state, known.close_code, known.closed_at = "closed", "solved", NOW
    session.flush()


def test_who_was_deleted_is_deleted_again_and_nobody_else(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    database = Path(str(engine.url.database))
    with transaction(engine) as session:
        boss = a_caseworker(session, role=Role.SUPERVISOR)
        gone, live, stays = (a_resident(session) for _ in range(3))
        for one in (gone, stays):
            a_ticket(session, resident=one, state="closed", summary="老周打了阿英", closed_at=NOW)
        ticket = a_ticket(session, resident=live, summary="老周打了阿英")
    before = tmp_path / "restored.sqlite3"
    engine.dispose()
    shutil.copy(database, before)
    with transaction(engine) as session:
        end(session, ticket)
        for one in (gone, live):
            erase_resident(session, session.get_one(Resident, one.id), by=boss, now=NOW)

    code, listed = run(settings, database, "deletions")
    (tmp_path / "list").write_text(listed)
    assert (code, len(listed.splitlines())) == (0, 2)
    code, said = run(settings, before, "delete-again", str(tmp_path / "list"))

    assert code == 1
    assert f"residents {live.id} have a matter that is live" in said
    with engine_at(f"sqlite:///{before}") as restored, transaction(restored) as session:
        told = dict(session.execute(select(Ticket.resident_id, Ticket.summary)).all())
        assert told == {gone.id: "", live.id: "老周打了阿英", stays.id: "老周打了阿英"}
        end(session, ticket)
    assert run(settings, before, "delete-again", str(tmp_path / "list"))[0] == 0
    with engine_at(f"sqlite:///{before}") as restored, transaction(restored) as session:
        assert session.get_one(Ticket, ticket.id).summary == ""


def test_another_file_is_refused(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("[1]\n")

    code, said = run(
        settings, Path(str(engine.url.database)), "delete-again", str(tmp_path / "list")
    )

    assert code == 1
    assert "none of `privacy deletions`" in said
