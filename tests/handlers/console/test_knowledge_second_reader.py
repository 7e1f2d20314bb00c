"""What one admin wrote another publishes."""

from sqlalchemy import Engine

from bot.people.tables import Role
from tests.handlers.console.conftest import DRAFT
from tests.handlers.console.test_knowledge_edit import FORM, Enter, found


def test_where_there_is_another_admin_they_read_it_before_residents_do(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    reader = as_role(Role.ADMIN)
    writer = as_role(Role.ADMIN)

    done = writer.send(f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "publish"})
    own = writer.open(done.headers["Location"]).text
    refused = writer.send(f"/knowledge/{entry}/publish", {"number": "2"})
    before = found(engine, "包工头跑了找哪个")
    reader.send(f"/knowledge/{entry}/publish", {"number": "2"})

    assert "另一位管理员看过再发布" in own
    assert "发布这一版" not in own
    assert refused.status_code == 403
    assert before == [DRAFT.answer]
    assert found(engine, "包工头跑了找哪个") == [FORM["answer"]]


def test_what_was_read_before_its_writer_puts_in_force_again(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    reader, writer = as_role(Role.ADMIN), as_role(Role.ADMIN)
    writer.send(f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "save"})
    reader.send(f"/knowledge/{entry}/publish", {"number": "2"})

    writer.send(f"/knowledge/{entry}/withdraw")
    writer.send(f"/knowledge/{entry}/publish", {"number": "2"})

    assert found(engine, "包工头跑了找哪个") == [FORM["answer"]]
