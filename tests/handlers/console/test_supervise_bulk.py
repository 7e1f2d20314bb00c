"""Many tickets at once, in the console: chosen, looked at, done, taken back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.people.tables import Role, Staff
from bot.tickets.change import note_event
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.handlers.console.conftest import Browser, Time
from tests.handlers.console.queries import MOST_QUERIES, counted

Enter = Callable[[Role], Browser]


@pytest.fixture
def office(engine: Engine) -> tuple[Staff, Staff, list[Ticket]]:
    """Somebody with three tickets, and somebody with none."""
    with transaction(engine) as session:
        busy, free = a_caseworker(session, name="王芳"), a_caseworker(session, name="李明")
        return busy, free, [a_ticket(session, assignee=busy) for _ in range(3)]


def owners(engine: Engine, tickets: list[Ticket]) -> list[int | None]:
    with Session(engine) as session:
        return [session.get_one(Ticket, ticket.id).assignee_id for ticket in tickets]


def previewed(browser: Browser, form: dict[str, object]) -> dict[str, object]:
    """What the page of what would happen would send."""
    page = browser.send("/supervise/bulk/preview", form)
    assert page.status_code == 200
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    sent: dict[str, object] = {name: value for name, value in fields if name != "numbers"}
    return sent | {"numbers": [value for name, value in fields if name == "numbers"]}


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.ADMIN])
def test_it_is_for_supervisors(as_role: Enter, role: Role) -> None:
    browser = as_role(role)

    assert browser.open("/supervise/bulk/").status_code == 403
    for path in ("preview", "do", "1/undo"):
        assert browser.send(f"/supervise/bulk/{path}").status_code == 403


def test_a_caseload_is_handed_over_and_taken_back(
    as_role: Enter, engine: Engine, office: tuple[Staff, Staff, list[Ticket]]
) -> None:
    busy, free, tickets = office
    boss = as_role(Role.SUPERVISOR)
    page = boss.open(f"/supervise/bulk/?person={busy.id}").text
    assert page.count(" checked") == 3  # all of theirs
    with transaction(engine) as session:
        gone = session.get_one(Ticket, tickets[2].id)
        note_event(session, gone, "closed", now=gone.opened_at, code="withdrawn")
    numbers = [ticket.number for ticket in tickets]

    form = previewed(boss, {"numbers": numbers, "action": "assign", "to": free.id})
    assert len(form["numbers"]) == 2  # type: ignore[arg-type]
    answer = boss.send("/supervise/bulk/do", form)
    assert owners(engine, tickets[:2]) == [free.id, free.id]
    result = answer.headers["Location"]
    assert boss.open(result).text.count("做了") == 3  # the count, and each of two

    boss.send(f"{result}/undo")

    assert owners(engine, tickets) == [busy.id] * 3
    assert boss.open(result).text.count("已撤销") == 2


def test_what_changed_meanwhile_is_not_done_and_stops_no_other(
    as_role: Enter, engine: Engine, office: tuple[Staff, Staff, list[Ticket]]
) -> None:
    busy, free, tickets = office
    boss = as_role(Role.SUPERVISOR)
    numbers = [ticket.number for ticket in tickets]
    form = previewed(boss, {"numbers": numbers, "action": "assign", "to": free.id})
    with transaction(engine) as session:
        first = session.get_one(Ticket, tickets[0].id)
        note_event(session, first, "reply", now=first.opened_at, staff=busy)

    answer = boss.send("/supervise/bulk/do", form)

    assert owners(engine, tickets) == [busy.id, free.id, free.id]
    assert "刚回复过居民" in boss.open(answer.headers["Location"]).text


def test_ten_minutes_later_it_stays(
    as_role: Enter, engine: Engine, office: tuple[Staff, Staff, list[Ticket]], time: Time
) -> None:
    _, free, tickets = office
    boss = as_role(Role.SUPERVISOR)
    form = previewed(boss, {"numbers": [tickets[0].number], "action": "assign", "to": free.id})
    result = boss.send("/supervise/bulk/do", form).headers["Location"]
    time.at += timedelta(minutes=11)

    assert "撤销" not in boss.open(result).text
    assert boss.send(f"{result}/undo").status_code == 400
    assert owners(engine, tickets[:1]) == [free.id]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"action": "urge"}, "先在表里勾选工单"),
        ({"action": "assign"}, "请选改派给谁"),
        ({"action": "supervise"}, "请写明为什么督办"),
        ({"action": "erase"}, "请选要做什么"),
    ],
)
def test_what_is_missing_is_said_and_the_choice_stays(
    as_role: Enter, office: tuple[Staff, Staff, list[Ticket]], form: dict[str, object], says: str
) -> None:
    numbers = [] if form["action"] == "urge" else [office[2][1].number]

    page = as_role(Role.SUPERVISOR).send("/supervise/bulk/preview", form | {"numbers": numbers})

    assert page.status_code == 400
    assert says in page.text
    assert all(f'value="{number}" checked' in page.text for number in numbers)


def test_another_supervisor_sees_nothing_of_it(
    as_role: Enter, office: tuple[Staff, Staff, list[Ticket]]
) -> None:
    boss, other = as_role(Role.SUPERVISOR), as_role(Role.SUPERVISOR)
    form = previewed(boss, {"numbers": [office[2][0].number], "action": "urge"})
    result = boss.send("/supervise/bulk/do", form).headers["Location"]

    assert other.open(result).status_code == 404
    assert other.send(f"{result}/undo").status_code == 404


@pytest.mark.usefixtures("office")
def test_choosing_asks_little(as_role: Enter, engine: Engine) -> None:
    boss = as_role(Role.SUPERVISOR)

    with counted(engine) as asked:
        boss.open("/supervise/bulk/")

    assert len([one for one in asked if not one.startswith("BEGIN")]) <= MOST_QUERIES
