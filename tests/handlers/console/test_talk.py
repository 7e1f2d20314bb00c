"""Replying from a ticket's page: what is put in, what is kept back, what is mended."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from bot.casefile.tables import CaseTask
from bot.db.engine import transaction
from bot.media import FOLDER
from bot.outbox import Kind, OutboundMessage, SendState
from bot.outbox.tables import TypingSign
from bot.people.tables import Staff
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
    assert shown.data == path.read_bytes()
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


@pytest.mark.parametrize(
    ("state", "outcome", "remedy"),
    [
        (SendState.GIVEN_UP, "network", "again"),
        (SendState.REFUSED, "no_permission", "again"),
        (SendState.HELD, "kept_for_outcome", "use-last"),
        (SendState.HELD, "no_window", "withdraw"),
    ],
)
def test_what_did_not_go_out_is_mended_from_its_bubble(
    desk: Browser, ticket: Ticket, state: SendState, outcome: str, remedy: str
) -> None:
    engine = desk.client.application.extensions["console"].engine
    with transaction(engine) as session:
        said(session, ticket, "一句话", staff_id=ticket.assignee_id, state=state, outcome=outcome)
    outbound_id = rows(engine)[0].id
    page = desk.open(f"/tickets/{ticket.number}").text
    address = f"/tickets/{ticket.number}/messages/{outbound_id}/{remedy}"
    assert f'formaction="{address}"' in page

    answer = desk.send(address)

    assert answer.status_code == 303
    after = SendState.WITHDRAWN if remedy == "withdraw" else SendState.QUEUED
    assert rows(engine)[0].state == after


def test_a_message_that_is_refused_for_its_words_offers_other_words(
    desk: Browser, engine: Engine, ticket: Ticket, worker: Staff
) -> None:
    with transaction(engine) as session:
        said(
            session, ticket, "一句话", staff_id=worker.id,
            state=SendState.REFUSED, outcome="too_long",
        )  # fmt: skip

    page = desk.open(f"/tickets/{ticket.number}").text

    assert "/again" not in page
    assert 'data-insert="一句话"' in page


def test_nobody_mends_anothers_message(desk: Browser, engine: Engine, ticket: Ticket) -> None:
    with transaction(engine) as session:
        other = a_ticket(session)
        said(session, other, "别人的", state=SendState.HELD)
    outbound_id = rows(engine)[0].id
    desk.open(f"/tickets/{ticket.number}")

    for number in (ticket.number, other.number):
        path = f"/tickets/{number}/messages/{outbound_id}/withdraw"
        assert desk.send(path).status_code == 404
    assert rows(engine)[0].state == SendState.HELD


def test_behind_a_shut_window_there_are_other_ways(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    page = Page(desk, ticket.number)
    shown = desk.open(f"/tickets/{ticket.number}").text
    assert "超过 48 小时没有来信" in shown
    assert all(way in shown for way in ("改为打电话", "改为上门", "存着并发提醒"))

    page.send("reply", text="批下来了", then="notice")

    words, notice = rows(engine)
    assert (words.kind, notice.kind, notice.text) == (
        Kind.TEXT,
        Kind.NOTICE,
        "您有一条新答复，请点开回复任意字查看",
    )
    again = desk.open(f"/tickets/{ticket.number}").text
    assert "已经发过提醒" in again
    assert "存着并发提醒" not in again


def test_a_call_is_planned_with_what_was_to_be_said(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    answer = Page(desk, ticket.number).send("call", kind="phone", text="批下来了")

    assert answer.status_code == 303
    with transaction(engine) as session:
        task = session.scalars(select(CaseTask)).one()
    assert (task.kind, task.text) == ("phone", "微信发不出，打电话告诉居民：批下来了")
    assert task.due_at > NOW
    assert Page(desk, ticket.number).send("call", kind="pigeon").status_code == 404


def test_typing_is_noted_only_for_whose_ticket_it_is(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        queue = a_ticket(session, state="triage")

    for number in (ticket.number, queue.number):
        assert Page(desk, number).send("typing").status_code == 204

    with transaction(engine) as session:
        signs = session.scalars(select(TypingSign.resident_id)).all()
    assert signs == [ticket.resident_id]
