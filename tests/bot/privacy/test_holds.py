"""What a court needs is kept, and nobody believes to keep what is gone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.errors import InvalidInputError
from bot.people.tables import Role, Staff
from bot.privacy import holds
from bot.privacy.erasure import erase_ticket
from bot.privacy.tables import LegalHold
from bot.tickets.tables import State, Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


def test_what_is_deleted_already_cannot_be_kept(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session, state=State.CLOSED, closed_at=NOW)
    erase_ticket(session, ticket, now=NOW)

    with pytest.raises(InvalidInputError, match="已经删除"):
        holds.put(session, ticket.number, by=boss, reason="盘龙法院调取", now=NOW)


def test_who_keeps_a_ticket_waits_for_whoever_deletes_it(any_engine: Engine) -> None:
    with transaction(any_engine) as session:
        boss = a_caseworker(session, role=Role.SUPERVISOR).id
        ticket = a_ticket(session, state=State.CLOSED, closed_at=NOW)
        ticket_id, number = ticket.id, ticket.number

    def keep() -> None:
        with transaction(any_engine) as session:
            by = session.get_one(Staff, boss)
            holds.put(session, number, by=by, reason="盘龙法院调取", now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with transaction(any_engine) as session:
            erase_ticket(session, session.get_one(Ticket, ticket_id), now=NOW)
            kept = pool.submit(keep)
        with pytest.raises(InvalidInputError, match="已经删除"):
            kept.result()


def test_two_who_keep_it_at_once_keep_it_once(any_engine: Engine) -> None:
    with transaction(any_engine) as session:
        boss = a_caseworker(session, role=Role.SUPERVISOR).id
        number = a_ticket(session, state=State.CLOSED, closed_at=NOW).number

    def keep(_: int) -> None:
        with transaction(any_engine) as session:
            by = session.get_one(Staff, boss)
            holds.put(session, number, by=by, reason="盘龙法院调取", now=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(8)))

    with transaction(any_engine) as session:
        assert session.scalar(select(func.count(LegalHold.id))) == 1
