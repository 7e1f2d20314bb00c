"""A ticket shows what was agreed to; a caseworker asks, or writes down what was said."""

from typing import Any

from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.outbox import OutboundMessage
from bot.people.tables import Staff
from bot.privacy.tables import Consent
from bot.tickets.tables import State, Ticket
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser


def made(engine: Engine, worker: Staff, **columns: Any) -> str:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        return a_ticket(session, assignee=own, **columns).number


def test_what_is_missing_is_said_and_what_was_told_is_written_down(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    number = made(engine, worker, topic="health", facts={"age": 9})
    page = desk.open(f"/tickets/{number}/file").text
    assert "同意：还缺" in page
    assert "同意之前，案卷里不能记" in page
    assert "不满14岁" in page

    form = {"consent": "guardian", "how": "meeting", "given": "yes", "said_by": "孩子的奶奶"}
    desk.send(f"/tickets/{number}/consent", form)
    refused = desk.send(f"/tickets/{number}/consent", form | {"said_by": ""})
    desk.send(f"/tickets/{number}/consent", form | {"consent": "sensitive:health", "given": "no"})

    assert "谁说的" in refused.text
    page = desk.open(f"/tickets/{number}/file").text
    assert "同意：还缺" not in page
    assert "当面，孩子的奶奶说的" in page
    assert "不同意，或收回了" in page
    assert "王芳记的" in page


def test_the_resident_is_asked_in_the_chat_before_a_body_outside_is_told(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    number = made(engine, worker)
    desk.open(f"/tickets/{number}")
    form = {"partner": "劳动监察大队", "purpose": "工地名字、欠多少", "version": "9999"}

    assert "没有同意" in desk.send(f"/tickets/{number}/partner", form | {"how": "known"}).text
    desk.send(f"/tickets/{number}/partner", form | {"how": "chat"})
    with transaction(engine) as session:
        [asked] = session.scalars(select(OutboundMessage.text)).all()
        assert "劳动监察大队" in asked
        assert "工地名字、欠多少" in asked
        assert session.scalars(select(Ticket.state)).one() == State.IN_PROGRESS
    desk.send(f"/tickets/{number}/partner", form | {"how": "phone", "said_by": "本人"})

    with transaction(engine) as session:
        assert session.scalars(select(Ticket.state)).one() == State.WAITING_PARTNER
        row = session.scalars(select(Consent)).one()
        assert (row.given, row.how, row.said_by, row.by_id) == (True, "phone", "本人", worker.id)


def test_in_a_crisis_it_goes_on_with_its_ground(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    number = made(engine, worker, urgency="crisis")
    desk.open(f"/tickets/{number}")
    form = {"partner": "派出所", "purpose": "人在哪里", "version": "9999", "how": "emergency"}

    desk.send(f"/tickets/{number}/partner", form | {"said_by": "有人拿刀"})

    assert "没有问，危机照办" in desk.open(f"/tickets/{number}/file").text
