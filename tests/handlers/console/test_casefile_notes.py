"""Notes, hand-overs and checklists on pages."""

from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.people.tables import Role, Staff
from bot.tickets.tables import Ticket, TicketEvent
from tests.builders import a_caseworker
from tests.handlers.console.conftest import PASSWORD, Browser
from tests.handlers.console.tickets_forms import Page


def kinds(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id)))


def test_a_note_that_names_a_colleague_appears_in_their_list(
    app: object, desk: Browser, ticket: Ticket, person: Callable[..., Staff], visitor: Browser
) -> None:
    boss = person(Role.SUPERVISOR, name="赵敏")

    Page(desk, ticket.number).send("note", note="@赵敏 请看一下")

    colleague = Browser(desk.client.application.test_client())
    colleague.log_in(boss.login, PASSWORD)
    assert "@赵敏 请看一下" in colleague.open("/mentions").text
    assert '提到我的 <b class="number">1</b>' in colleague.open("/tasks").text
    colleague.open(f"/tickets/{ticket.number}")
    colleague.send(f"/tickets/{ticket.number}/seen")
    assert 'class="number">1<' not in colleague.open("/tasks").text


def test_a_note_that_names_a_stranger_is_refused_beside_what_was_typed(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    with transaction(engine) as session:
        a_caseworker(session, name="李娜")

    answer = Page(desk, ticket.number).send(
        "note", {"Referer": f"http://localhost/tickets/{ticket.number}"}, note="@李娜 来看看"
    )

    assert answer.status_code == 400
    assert "李娜看不到这件工单" in answer.text
    assert "@李娜 来看看" in answer.text
    assert kinds(engine) == []


def test_only_who_may_see_the_ticket_is_offered(
    desk: Browser, ticket: Ticket, person: Callable[..., Staff]
) -> None:
    person(Role.SUPERVISOR, name="赵敏")
    person(name="李娜")
    person(Role.ADMIN, name="周敏")

    names = desk.open(f"/tickets/{ticket.number}/mentionable").json

    assert names == {"names": ["王芳", "赵敏"]}


def test_the_word_of_who_gives_it_away_stands_first_for_the_next(
    desk: Browser, ticket: Ticket, person: Callable[..., Staff], engine: Engine
) -> None:
    boss = person(Role.SUPERVISOR, name="赵敏")
    Page(desk, ticket.number).send("assign", to=str(boss.id), handover="老板答应周五给钱")
    colleague = Browser(desk.client.application.test_client())
    colleague.log_in(boss.login, PASSWORD)

    page = colleague.open(f"/tickets/{ticket.number}").text
    assert page.index("王芳 的交接") < page.index('aria-label="办理"')
    colleague.send(f"/tickets/{ticket.number}/handover")

    assert "的交接 <time" not in colleague.open(f"/tickets/{ticket.number}").text
    assert kinds(engine)[:2] == ["handover", "passed_on"]


def test_words_are_left_for_all_tickets_at_once(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    assert ticket.number in desk.open("/handover").text
    assert desk.send("/handover", {f"word-{ticket.id}": " "}).status_code == 400

    desk.send("/handover", {f"word-{ticket.id}": "老板答应周五给钱", "word-999": "别人的"})

    assert kinds(engine) == ["handover"]
    assert "写过：老板答应周五给钱" in desk.open("/handover").text


def test_a_line_is_ticked_with_and_without_scripts(desk: Browser, ticket: Ticket) -> None:
    path = f"/tickets/{ticket.number}/checklist/tick"
    desk.open(f"/tickets/{ticket.number}/file")

    part = desk.send(path, {"key": "site", "done": "1"}, headers={"HX-Request": "true"})
    assert "问清 1 / 9" in part.text
    assert "<html" not in part.text
    assert desk.send(path, {"key": "asked", "done": "1"}).status_code == 303

    assert "问清 2 / 9" in desk.open(f"/tickets/{ticket.number}/file").text


def test_a_colleague_opens_no_case_file(
    ticket: Ticket, as_role: Callable[[Role], Browser]
) -> None:
    colleague = as_role(Role.CASEWORKER)

    assert colleague.open(f"/tickets/{ticket.number}/file").status_code == 404
    path = f"/tickets/{ticket.number}/checklist/tick"
    assert colleague.send(path, {"key": "site", "done": "1"}).status_code == 404
