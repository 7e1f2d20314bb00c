"""Files are had by who asked, for a day, and of what they may see."""

import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import kept_files
from bot.audit import AuditEvent
from bot.chores.tables import Chore
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Role, Staff
from bot.privacy.tables import Erasure
from bot.reports import exporting, exports
from bot.reports.deeds import deeds
from bot.reports.exports import Asking, Written
from bot.reports.tables import Export, ExportState
from bot.sealing import FILE_MARK
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.narrow import EVERYTHING
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

DAY = timedelta(days=1)
Ask = Callable[..., Export]


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, role=Role.SUPERVISOR)


@pytest.fixture
def ask(session: Session, boss: Staff) -> Ask:
    def make(reason: str = "给民政局报数", staff: Staff = boss) -> Export:
        asking = Asking(EVERYTHING, "", ["state"], with_words=False, reason=reason)
        return exports.ask(session, staff, asking, now=NOW)

    return make


@pytest.mark.parametrize("reason", ["", "   ", "报数", "长" * 201])
def test_a_file_needs_a_purpose(ask: Ask, reason: str) -> None:
    with pytest.raises(InvalidInputError, match="用途"):
        ask(reason)


def test_whoever_asks_has_it_written_once(session: Session, ask: Ask) -> None:
    export = ask()

    assert session.scalars(select(Chore.kind)).all() == [exports.CHORE]
    assert exports.is_wanted(session, export.id)
    exports.finish(session, export.id, Written(1, "abc"), now=NOW)
    assert not exports.is_wanted(session, export.id)


def test_what_cannot_be_written_is_given_up(session: Session, ask: Ask) -> None:
    export = ask()

    exports.give_up(session, export.id)

    assert export.state == ExportState.FAILED


def test_only_who_asked_may_fetch_it_and_for_a_day(
    session: Session, ask: Ask, boss: Staff
) -> None:
    export = ask()
    exports.finish(session, export.id, Written(1, "abc"), now=NOW)
    other = a_caseworker(session, role=Role.SUPERVISOR)

    assert exports.fetch(session, export.id, boss, now=NOW + DAY / 2) is export
    for staff, now in ((other, NOW), (boss, NOW + DAY)):
        with pytest.raises(NotFoundError):
            exports.fetch(session, export.id, staff, now=now)


def test_an_old_file_is_taken_away(session: Session, ask: Ask, settings: Settings) -> None:
    export = ask()
    written = exports.write(session, export.id, now=NOW, settings=settings)
    exports.finish(session, export.id, written, now=NOW)
    path = exports.path_of(export, settings)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(FILE_MARK)  # an xlsx would begin with PK
    assert kept_files.read(path)[:2] == b"PK"

    assert exports.expire(session, now=NOW + DAY / 2, settings=settings) == 0
    assert exports.expire(session, now=NOW + DAY, settings=settings) == 1

    assert not path.exists()
    assert export.state == ExportState.EXPIRED


def test_a_caseworker_takes_only_their_own(session: Session, settings: Settings) -> None:
    worker = a_caseworker(session)
    own = a_ticket(session, assignee=worker)
    a_ticket(session)
    a_ticket(session, state="triage")
    a_ticket(session, assignee=worker, lane="minor")

    found = exporting.rows(
        session, worker, narrow=EVERYTHING, columns=["number"], now=NOW,
        office=hours.office(session, settings),
    )  # fmt: skip

    assert list(found) == [[own.number]]
    assert exports.count(session, worker, narrow=EVERYTHING, now=NOW) == 1


def test_an_admin_takes_nothing(session: Session) -> None:
    admin = a_caseworker(session, role=Role.ADMIN)
    a_ticket(session)

    assert exports.count(session, admin, narrow=EVERYTHING, now=NOW) == 0


@pytest.mark.parametrize(("why", "state"), [("request", "expired"), ("retention", "ready")])
def test_a_file_goes_with_what_a_resident_had_deleted_since(
    session: Session, settings: Settings, ask: Ask, why: str, state: str
) -> None:
    export = ask()
    exports.finish(session, export.id, Written(1, "abc"), now=NOW)
    kept_files.put(exports.path_of(export, settings), b"words of hers")
    session.add(Erasure(resident_id=a_resident(session).id, why=why, at=NOW + DAY / 4))
    session.flush()

    exports.expire(session, now=NOW + DAY / 2, settings=settings)

    assert export.state == state
    assert exports.path_of(export, settings).exists() == (state == "ready")


def test_the_record_names_the_file_and_not_what_it_was_asked_for(
    session: Session, ask: Ask
) -> None:
    export = ask("给张桂芳的案子备查")
    exports.finish(session, export.id, Written(1, "abc"), now=NOW)
    session.flush()

    assert "张桂芳" not in repr(session.scalars(select(AuditEvent.data)).all())
    [line] = deeds(session)
    assert line.data["reason"] == "给张桂芳的案子备查"  # as the page of the record shows it


def test_what_a_killed_process_was_writing_does_not_lie_about(
    session: Session, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    left, young, other = (folder / name for name in ("openpyxl.ab", "openpyxl.cd", "mine.txt"))
    for path, age in ((left, DAY), (young, DAY * 0), (other, DAY)):
        path.write_text("words of hers")
        os.utime(path, ((NOW - age).timestamp(), (NOW - age).timestamp()))

    exports.expire(session, now=NOW, settings=settings)

    assert sorted(it.name for it in folder.iterdir()) == ["mine.txt", "openpyxl.cd"]
