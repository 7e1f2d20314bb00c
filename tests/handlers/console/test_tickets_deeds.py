"""Working on a ticket from its page, with and without JavaScript."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.outbox import OutboundMessage
from bot.people.tables import Role, Staff
from bot.tickets import moves
from bot.tickets.tables import CloseCode, State, Ticket, TicketEvent
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.tickets_forms import Page

HTMX = {"HX-Request": "true"}


def now_of(engine: Engine, ticket: Ticket) -> Ticket:
    with transaction(engine) as session:
        return session.get_one(Ticket, ticket.id)


def sent(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.scalars(select(OutboundMessage.text).order_by(OutboundMessage.id)))


def test_an_answer_is_sent_without_javascript(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    answer = Page(desk, ticket.number).send("reply", text="您在哪个工地？")

    assert answer.status_code == 303
    assert answer.location == f"/tickets/{ticket.number}"
    assert sent(engine) == ["我是社工王芳，接着由我来帮您。\n您在哪个工地？"]


def test_a_double_click_sends_once(desk: Browser, engine: Engine, ticket: Ticket) -> None:
    page = Page(desk, ticket.number)

    for _ in range(3):
        assert page.send("reply", text="您在哪个工地？").status_code == 303

    assert len(sent(engine)) == 1


def test_sending_and_waiting_is_one_click(desk: Browser, engine: Engine, ticket: Ticket) -> None:
    page = Page(desk, ticket.number)

    answers = [page.send("reply", text="发张照片来", then="wait") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert now_of(engine, ticket).state == State.WAITING_RESIDENT


def test_with_htmx_the_answer_appears_in_place_with_a_fresh_form(
    desk: Browser, ticket: Ticket
) -> None:
    page = Page(desk, ticket.number)

    answer = page.send("reply", HTMX, text="您在哪个工地？")

    assert answer.status_code == 200
    assert "您在哪个工地？" in answer.text
    fresh = re.search(r'id="once" name="once" value="([^"]+)"', answer.text)
    assert fresh is not None
    assert fresh.group(1) != page.hidden["once"]
    assert json.loads(answer.headers["HX-Trigger"])["sent"]["version"] > 0


def test_an_answer_that_takes_the_ticket_over_renews_the_page(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        person = session.get_one(Staff, worker.id)
        ticket = a_ticket(session, assignee=person, state=State.DISPATCHED)

    first = Page(desk, ticket.number).send("reply", HTMX, text="您在哪个工地？")
    second = Page(desk, ticket.number).send("reply", HTMX, text="还有几个人？")

    assert first.headers.get("HX-Refresh") == "true"
    assert "HX-Refresh" not in second.headers


def test_a_ticket_taken_by_a_colleague_keeps_what_was_typed(desk: Browser, engine: Engine) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(session, state="triage")
    page = Page(desk, ticket.number)
    with transaction(engine) as session:
        moves.accept(session, ticket.number, by=moves.Act(a_caseworker(session), 0, NOW))

    path = f"/tickets/{ticket.number}/reply"
    fields = {**page.hidden, "text": "我来帮您"}
    answer = desk.send(
        path, fields, headers={"Referer": f"http://localhost/tickets/{ticket.number}"}
    )

    assert (answer.status_code, answer.location) == (303, "/drafts")
    assert "我来帮您</blockquote>" in desk.open("/drafts").text


def test_a_deed_that_comes_too_late_gives_back_what_was_typed_and_no_marks_of_the_page(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    page = Page(desk, ticket.number)
    with transaction(engine) as session:
        session.add(TicketEvent(ticket_id=ticket.id, kind="accepted", at=NOW))
    came_from = {"Referer": f"http://localhost/tickets/{ticket.number}"}

    answer = page.send("resolve", came_from, outcome="老板答应给了", draft="77.3")

    assert answer.status_code == 409
    assert re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text) == ["老板答应给了"]


def test_a_note_is_kept_and_not_sent(desk: Browser, engine: Engine, ticket: Ticket) -> None:
    page = Page(desk, ticket.number)

    for _ in range(2):
        page.send("note", note="他妻子在旁边听")

    assert sent(engine) == []
    assert desk.open(f"/tickets/{ticket.number}").text.count("他妻子在旁边听") == 1


def test_the_queue_is_taken_from_the_page(desk: Browser, engine: Engine, worker: Staff) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(session, state="triage")

    answer = Page(desk, ticket.number).send("accept")

    assert answer.status_code == 303
    assert now_of(engine, ticket).assignee_id == worker.id


def test_what_is_handed_on_leads_back_to_the_list(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        other = a_caseworker(session, name="陈静")

    answer = Page(desk, ticket.number).send("assign", to=str(other.id), reason="会苗语")

    assert (answer.status_code, answer.location) == (303, "/tickets")
    assert now_of(engine, ticket).assignee_id == other.id


def test_handing_back_needs_a_reason(desk: Browser, engine: Engine, ticket: Ticket) -> None:
    page = Page(desk, ticket.number)

    refused, done = page.send("hand-back", reason=" "), page.send("hand-back", reason="不懂")

    assert (refused.status_code, done.status_code) == (400, 303)
    assert now_of(engine, ticket).state == State.TRIAGE


def test_closing_asks_the_resident_first(desk: Browser, engine: Engine, ticket: Ticket) -> None:
    Page(desk, ticket.number).send("resolve", outcome="公司已付清")

    assert now_of(engine, ticket).state == State.RESOLVED
    assert "解决了回1，没解决回2" in sent(engine)[0]


def test_closing_otherwise_and_opening_again(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    Page(desk, ticket.number).send("close", code=CloseCode.DUPLICATE, reason="说过两遍")
    closed = now_of(engine, ticket).state
    Page(desk, ticket.number).send("reopen")

    assert (closed, now_of(engine, ticket).state) == (State.CLOSED, State.IN_PROGRESS)


@pytest.mark.parametrize(
    ("deed", "fields"),
    [
        ("close", {"code": "solved", "reason": "好"}),
        ("assign", {"to": "x"}),
        ("reply", {"once": ""}),
    ],
)
def test_what_no_page_sends_is_refused(
    desk: Browser, engine: Engine, ticket: Ticket, deed: str, fields: dict[str, str]
) -> None:
    page = Page(desk, ticket.number)
    page.hidden |= {"text": "好", **fields}

    answer = page.send(deed)

    assert answer.status_code == 400
    assert sent(engine) == []


def test_an_admin_does_nothing_to_tickets(
    as_role: Callable[[Role], Browser], engine: Engine, ticket: Ticket
) -> None:
    admin = as_role(Role.ADMIN)

    answer = admin.send(f"/tickets/{ticket.number}/note", {"note": "看看", "once": "12345678"})

    assert answer.status_code == 403
    with transaction(engine) as session:
        assert session.scalars(select(TicketEvent)).all() == []


def test_looking_marks_as_seen_without_a_collision(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    page = Page(desk, ticket.number)

    assert page.send("seen").status_code == 204

    assert now_of(engine, ticket).seen_at == NOW
    assert page.send("reply", text="您在哪个工地？").status_code == 303


def test_a_call_back_says_whether_the_resident_is_satisfied(
    as_role: Callable[[Role], Browser], engine: Engine
) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(session, state="resolved", resolved_at=NOW)
    page = Page(as_role(Role.SUPERVISOR), ticket.number)

    unsaid, done = (
        page.send("call-back", channel="phone", solved="yes", text="就是慢", satisfied=satisfied)
        for satisfied in ("", "no")
    )

    assert (unsaid.status_code, done.status_code) == (400, 303)
    assert now_of(engine, ticket).satisfied is False
    assert "回访：居民说解决了，不满意" in page.desk.open(f"/tickets/{ticket.number}").text
