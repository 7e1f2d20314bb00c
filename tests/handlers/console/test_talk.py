"""Replying from a ticket's page: what is put in, what is kept back, what is mended."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from bot import kept_files
from bot.db.engine import transaction
from bot.media import FOLDER
from bot.outbox import Kind, OutboundMessage, SendState
from bot.replies.tables import ReplyGround
from bot.settings import Settings
from bot.tickets.tables import Ticket
from bot.wechat import budget
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import QUESTION, Browser
from tests.handlers.console.test_tickets_page import said
from tests.handlers.console.tickets_forms import Page

HTMX = {"HX-Request": "true"}


def rows(engine: Engine) -> list[OutboundMessage]:
    with transaction(engine) as session:
        return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))


def has_left(engine: Engine, ticket: Ticket, count: int) -> None:
    with transaction(engine) as session:
        budget.opened_by_message(session, ticket.resident_id, now=NOW)
        for _ in range(budget.MESSAGE_LEFT - count):
            budget.take(session, ticket.resident_id, now=NOW)


def test_the_last_one_is_asked_for_and_the_text_kept(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    has_left(engine, ticket, 1)

    answer = Page(desk, ticket.number).send("reply", text="还有一句话")

    assert answer.status_code == 409
    assert "办理结果就发不出去" in answer.text
    assert ">还有一句话</textarea>" in answer.text
    assert rows(engine) == []


@pytest.mark.parametrize(("last", "state"), [("use", SendState.QUEUED), ("hold", SendState.HELD)])
def test_then_it_is_used_or_waits(
    desk: Browser, engine: Engine, ticket: Ticket, last: str, state: SendState
) -> None:
    has_left(engine, ticket, 1)

    Page(desk, ticket.number).send("reply", text="还有一句话", last=last)

    [row] = rows(engine)
    assert row.state == state
    assert ("还没发：只剩最后一条" in desk.open(f"/tickets/{ticket.number}").text) == (
        last == "hold"
    )


def test_with_htmx_only_the_question_changes(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    has_left(engine, ticket, 1)

    answer = Page(desk, ticket.number).send("reply", HTMX, text="还有一句话")

    assert (answer.status_code, answer.headers["HX-Reswap"]) == (409, "none")
    assert 'id="last"' in answer.text
    assert "<html" not in answer.text


def test_phrases_and_answers_are_found_in_one_place(
    desk: Browser, ticket: Ticket, entry: str
) -> None:
    found = Page(desk, ticket.number).send("compose", HTMX, find="工资").text

    assert QUESTION in found
    assert "《保障农民工工资支付条例》第三十条" in found
    assert "劳动监察投诉" not in found
    assert "常用语" in Page(desk, ticket.number).send("compose", HTMX, find="").text
    assert entry in found


def test_without_scripts_one_tap_inserts_and_keeps_what_was_typed(
    desk: Browser, engine: Engine, ticket: Ticket, entry: str
) -> None:
    page = Page(desk, ticket.number)
    step = page.send("compose", text="您好", insert="phrase:shipped-1").text
    typed = re.search(r'name="text"[^>]*>([^<]*)</textarea>', step)
    assert typed
    assert typed[1].startswith("您好\n我是社工王芳")
    assert ticket.number in typed[1]

    step = page.send(
        "compose", text=typed[1], inserted="pshipped-1", insert=f"answer:{entry}"
    ).text
    typed = re.search(r'name="text"[^>]*>([^<]*)</textarea>', step)
    marks = re.search(r'name="inserted" value="([^"]*)"', step)
    assert typed
    assert marks
    assert "由总包单位先垫付" in typed[1]
    assert rows(engine) == []

    page.send("reply", text=typed[1], inserted=marks[1])
    with transaction(engine) as session:
        ground = session.scalars(select(ReplyGround)).one()
        assert ground.outbound_id == session.scalars(select(OutboundMessage.id)).one()
    shown = desk.open(f"/tickets/{ticket.number}").text
    assert f"依据：{QUESTION}" in shown
    assert f"{entry} 第 1 版" in shown


def test_a_picture_goes_with_the_words_and_can_be_seen(
    desk: Browser, engine: Engine, ticket: Ticket, settings: Settings
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "PNG")
    page = Page(desk, ticket.number)
    out.seek(0)

    answer = page.desk.send(
        f"/tickets/{ticket.number}/reply",
        {**page.hidden, "text": "请看", "file": (out, "表.png")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 303
    words, picture = rows(engine)
    assert (words.kind, picture.kind) == (Kind.TEXT, Kind.IMAGE)
    path = settings.service.data_dir / FOLDER / picture.details["path"]
    shown = desk.client.get(f"/tickets/{ticket.number}/sent/{picture.id}", buffered=True)
    assert shown.data == kept_files.read(path)
    assert (shown.content_type, shown.headers["X-Content-Type-Options"]) == (
        "image/jpeg",
        "nosniff",
    )


def test_a_wrong_file_is_said_beside_it_and_the_text_kept(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    page = Page(desk, ticket.number)

    answer = page.desk.send(
        f"/tickets/{ticket.number}/reply",
        {**page.hidden, "text": "请看", "file": (io.BytesIO(b"%PDF-1.7"), "合同.pdf")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 400
    assert "截成图片" in answer.text
    assert ">请看</textarea>" in answer.text
    assert rows(engine) == []


def test_what_was_sent_for_another_ticket_is_not_served(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        other = a_ticket(session)
        said(session, other, "", kind="image", details={"path": "a.jpg", "content_type": "x"})
    outbound_id = rows(engine)[0].id

    for number in (ticket.number, other.number):
        assert desk.open(f"/tickets/{number}/sent/{outbound_id}").status_code == 404
