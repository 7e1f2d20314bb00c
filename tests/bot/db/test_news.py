"""What a process writes is told over Redis, once it is committed and only then."""

import threading

import pytest
import redis
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.db.news import NUMBER, make_news
from bot.desk import presence
from bot.processes import beat
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.chaos.services import RedisServer
from tests.conftest import NOW
from tests.killed_redis import server, until

__all__ = ["server"]


@pytest.fixture
def engine(any_engine: Engine, server: RedisServer) -> Engine:
    make_news(server.url, any_engine)
    return any_engine


@pytest.fixture
def ticket(engine: Engine, server: RedisServer) -> Ticket:
    with transaction(engine) as session:
        ticket = a_ticket(session)
    assert until(lambda: _number(server) is not None)
    return ticket


def test_nothing_is_told_before_it_is_committed_and_nothing_that_is_not(
    engine: Engine, ticket: Ticket, server: RedisServer
) -> None:
    _pause()
    before = _number(server)

    with Session(engine) as session:
        with session.begin_nested():
            session.get_one(Ticket, ticket.id).summary = "别的"
        session.flush()
        _pause()
        assert _number(server) == before
        session.rollback()

    _pause()
    assert _number(server) == before


def test_signs_of_life_and_a_colleague_who_stays_are_no_news(
    engine: Engine, ticket: Ticket, server: RedisServer
) -> None:
    first = _number(server)
    with transaction(engine) as session:
        colleague = a_caseworker(session).id
        presence.look(session, ticket_id=ticket.id, staff_id=colleague, now=NOW)
    assert until(lambda: _number(server) != first)
    _pause()
    before = _number(server)

    with transaction(engine) as session:
        beat(session, "worker:here:1", now=NOW)
        presence.look(session, ticket_id=ticket.id, staff_id=colleague, now=NOW)
    _pause()
    assert _number(server) == before

    with transaction(engine) as session:
        presence.look(session, ticket_id=ticket.id, staff_id=colleague, now=NOW, typing=True)
    assert until(lambda: _number(server) != before)


def _number(server: RedisServer) -> object:
    with redis.Redis.from_url(server.url) as client:
        return client.get(NUMBER)


def _pause() -> None:
    threading.Event().wait(0.3)
