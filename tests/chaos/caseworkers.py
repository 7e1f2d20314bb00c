"""Staff who answer meanwhile, so that the outbox has something to lose."""

import itertools
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import now
from bot.db.engine import transaction
from bot.errors import RefusedError
from bot.people.tables import Role, Staff
from bot.tickets import moves
from bot.tickets.change import last_event_id
from bot.tickets.tables import LIVE, Ticket

EVERY_SECONDS = 0.15


@contextmanager
def answering(engine: Engine, seed: int) -> Iterator[None]:
    """Let caseworkers answer one resident after another until the block is left."""
    stop = threading.Event()
    thread = threading.Thread(target=_answer, args=(engine, random.Random(seed), stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _answer(engine: Engine, chance: random.Random, stop: threading.Event) -> None:
    for number in itertools.count(1):
        if stop.wait(EVERY_SECONDS):
            return
        try:
            with transaction(engine) as session:
                _reply(session, chance, number)
        except (SQLAlchemyError, RefusedError):
            continue  # the database is down, or a resident's answer came first


def _reply(session: Session, chance: random.Random, number: int) -> None:
    live = session.execute(
        select(Ticket.id, Ticket.number, Ticket.assignee_id).where(Ticket.state.in_(LIVE))
    ).all()
    if not live:
        return
    ticket = chance.choice(live)
    staff = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    if staff is None or staff.role == Role.ADMIN:
        return
    act = moves.Act(staff, last_event_id(session, ticket.id), now())
    text = f"第{number}句：您别急，我来问"
    moves.reply(session, ticket.number, by=act, text=text, once=f"chaos-{number:08d}")
