"""Runs a month and says what came of it."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select

from bot.db.engine import engine_at, reading, transaction
from bot.db.migrate import migrate
from bot.errors import UpkeepError
from bot.inbox import InboundMessage
from bot.knowledge.load import load_cards
from bot.people.tables import Resident, Staff
from bot.settings import Settings
from bot.simulation import absences, emergencies, residents, staff, supervisors
from bot.simulation.month import Month, Prepared, VirtualClock
from bot.simulation.platform import Ledger
from bot.simulation.report import Report, report
from bot.simulation.scenario import STARTS_AT, Scenario, load_script, understood
from bot.simulation.town import settle
from bot.tickets.tables import Ticket
from bot.wiring import DATA, make_line

IN_USE = (Resident, InboundMessage, Ticket, Staff)
"""A database with rows of any of these is somebody's."""


def simulate(settings: Settings, scenario: Scenario, *, url: str = "") -> Report:
    """
    Live through the month in an empty database, one that is thrown away unless *url* is set.

    Raises:
        UpkeepError: the database is in use; nothing in it was touched.
    """
    with _database(url) as engine:
        month = first_midnight(settings, scenario, engine)
        month.run(scenario.ends_at)
        return report(month)


def first_midnight(settings: Settings, scenario: Scenario, engine: Engine) -> Month:
    """Return a month at its first midnight, with everything in place."""
    refuse_if_in_use(engine)
    script, clock = load_script(), VirtualClock()
    migrate(engine)
    with transaction(engine) as session:
        load_cards(session, DATA / "knowledge" / "cards.jsonl", now=STARTS_AT)
        town = settle(session, scenario)
    line = make_line(settings, engine=engine, clock=clock, nlu=Prepared(understood(script)))
    month = Month(
        scenario=scenario,
        script=script,
        line=line,
        clock=clock,
        ledger=Ledger(clock),
        town=town,
        chance=random.Random(scenario.seed),  # noqa: S311 (a repeatable month, no secret)
    )
    residents.write_all(month)
    absences.befall(month)
    month.at(STARTS_AT, month.keeps_timetable)
    month.at(STARTS_AT, lambda: staff.work(month))
    month.at(STARTS_AT, lambda: supervisors.supervise(month))
    month.listeners.append(emergencies.listen)
    return month


def refuse_if_in_use(engine: Engine) -> None:
    """
    Keep made-up residents away from real ones.

    Raises:
        UpkeepError: somebody writes, works or is helped in this database.
    """
    there = set(inspect(engine).get_table_names())
    with reading(engine) as session:
        for table in IN_USE:
            name = table.__tablename__
            if name in there and session.scalar(select(func.count()).select_from(table)):
                msg = (
                    f"this database is in use (it has rows in {name}): a month that did not "
                    "happen is never played among real people; give an empty one, or none"
                )
                raise UpkeepError(msg)


@contextmanager
def _database(url: str) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        thrown_away = f"sqlite:///{Path(folder) / 'month.sqlite3'}"
        with engine_at(url or thrown_away, durable=bool(url)) as engine:
            yield engine
