"""Whatever a resident sends in parallel, there is one live ticket."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, func, select, text

from bot.contracts import Intent, Urgency
from bot.db.engine import transaction
from bot.people.residents import lock_conversation
from bot.people.tables import Resident
from bot.settings import Settings
from bot.tickets import waiting
from bot.tickets.opening import open_ticket
from bot.tickets.tables import Ticket, TicketEvent
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

THREADS = 8


def send(engine: Engine, resident_id: int, settings: Settings) -> bool:
    with transaction(engine) as session:
        return open_ticket(
            session,
            resident=session.get_one(Resident, resident_id),
            intent=Intent.HELP_REQUEST,
            urgency=Urgency.NORMAL,
            topic="wages",
            text="快来人",
            facts={},
            area_code="",
            now=NOW,
            settings=settings,
        ).created


def test_parallel_messages_of_one_resident_make_one_ticket(
    any_engine: Engine, settings: Settings
) -> None:
    with transaction(any_engine) as session:
        a_caseworker(session)
        resident_id = a_resident(session).id

    with ThreadPoolExecutor(THREADS) as pool:
        created = list(pool.map(lambda _: send(any_engine, resident_id, settings), range(20)))

    with transaction(any_engine) as session:
        assert created.count(True) == 1
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
        added = select(func.count()).where(TicketEvent.kind == "added")
        assert session.scalar(added) == 19


def test_parallel_residents_get_numbers_of_their_own(
    any_engine: Engine, settings: Settings
) -> None:
    with transaction(any_engine) as session:
        a_caseworker(session)
        residents = [a_resident(session).id for _ in range(20)]

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda resident_id: send(any_engine, resident_id, settings), residents))

    with transaction(any_engine) as session:
        numbers = session.scalars(select(Ticket.number).order_by(Ticket.number)).all()
        assert numbers == [f"2603-{number:04d}" for number in range(1, 21)]


def test_a_job_leaves_what_somebody_is_at_work_on(
    postgres_engine: Engine, settings: Settings
) -> None:
    engine = postgres_engine
    with transaction(engine) as session:
        ticket = a_ticket(session, state="triage")
        lock_conversation(session, ticket.resident_id, now=NOW)
        a_caseworker(session)

    with transaction(engine) as working:
        lock_conversation(working, ticket.resident_id, now=NOW)
        with transaction(engine) as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            left = waiting.drain(session, now=NOW, settings=settings)
    with transaction(engine) as session:
        done = waiting.drain(session, now=NOW, settings=settings)
    engine.dispose()

    assert (left, done) == (0, 1)
