"""Files of a ticket: safe to hand out, within scope, restorable."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from bot import kept_files
from bot.casefile.attachments import FOLDER, MOST, sweep_files
from bot.casefile.tables import Attachment
from bot.db.engine import transaction
from bot.people.tables import Role
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.bot.casefile.papers import jpeg, office
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.test_casefile_tasks import PLAN

PDF = b"%PDF-1.7\n1 0 obj <</Type/Catalog>>"


def attach(
    desk: Browser, ticket: Ticket, *files: tuple[bytes, str], task: str = ""
) -> TestResponse:
    desk.open(f"/tickets/{ticket.number}/file")
    sent = [FileStorage(io.BytesIO(content), name) for content, name in files]
    # Encoded here: of a large form the test client leaves a temporary file open.
    boundary, body = encode_multipart({"csrf_token": desk.token, "file": sent, "task": task})
    answer = desk.client.post(
        f"/tickets/{ticket.number}/attach",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    return closed(answer)


def closed(answer: TestResponse) -> TestResponse:
    """The answer, read to its end, with the files under it closed."""
    answer.get_data()
    answer.close()
    return answer


def status(desk: Browser, file: Attachment) -> int:
    return closed(desk.client.get(f"/files/{file.id}")).status_code


def rows(engine: Engine) -> list[Attachment]:
    with Session(engine) as session:
        return list(session.scalars(select(Attachment)))


@pytest.fixture
def kept(desk: Browser, ticket: Ticket, engine: Engine) -> Attachment:
    assert attach(desk, ticket, (PDF, "合同 2024.pdf")).status_code == 303
    return rows(engine)[0]


def test_a_file_is_handed_out_for_saving_only(desk: Browser, kept: Attachment) -> None:
    answer = closed(desk.client.get(f"/files/{kept.id}"))

    assert answer.data == PDF
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_lies_outside_what_is_served_readable_by_the_service_alone(
    kept: Attachment, console_settings: Settings
) -> None:
    path = console_settings.service.data_dir / FOLDER / kept.path

    assert PDF not in path.read_bytes()
    assert kept_files.read(path) == PDF
    assert path.stat().st_mode & 0o777 == 0o600
    assert "合同" not in kept.path


def test_a_type_is_what_the_bytes_are_not_what_they_are_called(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    attach(desk, ticket, (jpeg(), "欠条.pdf"))

    assert [(row.content_type, row.name) for row in rows(engine)] == [("image/jpeg", "欠条.jpg")]


def test_of_several_files_with_a_bad_one_none_is_kept(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    answer = attach(desk, ticket, (PDF, "合同.pdf"), (office("word/vbaProject.bin"), "宏.docx"))

    assert answer.status_code == 400
    assert rows(engine) == []


def test_a_photo_of_a_visit_stands_with_the_visit(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    desk.open(f"/tickets/{ticket.number}")
    desk.send(f"/tickets/{ticket.number}/tasks", PLAN)
    attach(desk, ticket, (jpeg(), "现场.jpg"), task="1")
    attach(desk, ticket, (PDF, "别的.pdf"), task="999")

    page = desk.open("/tasks/1").text

    assert "现场.jpg" in page
    assert "别的.pdf" not in page
    assert [row.task_id for row in rows(engine)] == [1]


def test_the_same_file_twice_is_one(desk: Browser, ticket: Ticket, engine: Engine) -> None:
    attach(desk, ticket, (PDF, "合同.pdf"), (PDF, "合同副本.pdf"))

    assert len(rows(engine)) == 1


def test_a_file_of_some_megabytes_is_taken_and_a_huge_one_refused(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    assert attach(desk, ticket, (PDF + b" " * 3_000_000, "大.pdf")).status_code == 303
    assert attach(desk, ticket, (PDF + b" " * 11_000_000, "太大.pdf")).status_code == 400
    assert attach(desk, ticket, (b"x" * 33 * 1024 * 1024, "极大.bin")).status_code == 413
    assert len(rows(engine)) == 1


def test_other_forms_stay_as_small_as_they_were(desk: Browser, ticket: Ticket) -> None:
    desk.open(f"/tickets/{ticket.number}")

    answer = closed(desk.send(f"/tickets/{ticket.number}/tasks", {"text": "长" * 500_000}))

    assert answer.status_code == 413


def test_who_may_not_see_the_ticket_gets_no_file(
    kept: Attachment, as_role: Callable[[Role], Browser], ticket: Ticket
) -> None:
    for role in (Role.CASEWORKER, Role.ADMIN):
        stranger = as_role(role)
        assert stranger.open(f"/files/{kept.id}").status_code in {403, 404}
        assert stranger.send(f"/files/{kept.id}/remove").status_code in {403, 404}
        assert attach(stranger, ticket, (PDF, "a.pdf")).status_code in {403, 404}


def test_a_removed_file_can_be_put_back_for_a_week_then_its_bytes_go(
    desk: Browser, kept: Attachment, engine: Engine, console_settings: Settings
) -> None:
    path = console_settings.service.data_dir / FOLDER / kept.path
    desk.send(f"/files/{kept.id}/remove")
    assert status(desk, kept) == 404
    desk.send(f"/files/{kept.id}/restore")
    assert status(desk, kept) == 200
    desk.send(f"/files/{kept.id}/remove")

    with transaction(engine) as session:
        assert sweep_files(session, now=NOW + timedelta(days=6), settings=console_settings) == 0
        assert sweep_files(session, now=NOW + timedelta(days=8), settings=console_settings) == 1
    assert not path.exists()
    assert desk.send(f"/files/{kept.id}/restore").status_code == 404


def test_a_ticket_takes_only_so_many(
    desk: Browser, ticket: Ticket, engine: Engine, kept: Attachment
) -> None:
    with transaction(engine) as session:
        session.add_all(
            Attachment(
                ticket_id=ticket.id, name="a", path="a", content_type="a", size=1,
                digest=str(number), staff_id=kept.staff_id, at=NOW,
            )
            for number in range(MOST - 1)
        )  # fmt: skip

    answer = attach(desk, ticket, (PDF + b"\n", "再来一个.pdf"))

    assert answer.status_code == 400
    assert f"最多{MOST}个" in answer.text
