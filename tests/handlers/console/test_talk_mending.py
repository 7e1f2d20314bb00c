"""What failed is mended from a ticket's page; and the ways round a shut window."""

import pytest
from sqlalchemy import Engine, select

from bot.casefile.tables import CaseTask
from bot.db.engine import transaction
from bot.outbox import Kind, SendState
from bot.outbox.tables import TypingSign
from bot.people.tables import Staff
from bot.tickets.tables import Ticket
from bot.wechat import budget
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.test_talk import rows
from tests.handlers.console.test_tickets_page import said
from tests.handlers.console.tickets_forms import Page


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


@pytest.mark.parametrize("window", [True, False])
def test_an_outcome_is_never_called_sent_before_it_is(
    desk: Browser, engine: Engine, ticket: Ticket, *, window: bool
) -> None:
    if window:
        with transaction(engine) as session:
            budget.opened_by_message(session, ticket.resident_id, now=NOW)

    Page(desk, ticket.number).send("resolve", outcome="公司答应月底付清")

    told = desk.open("/tickets").text
    assert ("结果正在发给居民" in told) == window
    assert ("居民来信就发：微信现在不让发" in told) != window
