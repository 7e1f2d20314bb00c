"""Ten thousand tickets in the inbox: how long its pages take on each database."""

import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine, event, select

from bot import sealing
from bot.clock import now
from bot.db.engine import engine_at, transaction
from bot.db.migrate import migrate
from bot.people.signin import sessions
from bot.people.tables import Role, Staff
from bot.settings import Service, Settings, WeChat
from bot.tickets.tables import Ticket
from handlers.console.app import make_app
from handlers.console.session import KEY
from tests.bench.inbox_filling import MESSAGES, TICKETS, fill
from tests.services import POSTGRES

RUNS = 15
DATABASE = "yunqiao_bench_inbox"
OWNER = "postgres"
PAGES = (
    ("supervisor, team", Role.SUPERVISOR, "/tickets?view=team"),
    ("supervisor, done", Role.SUPERVISOR, "/tickets?view=done"),
    ("supervisor, page 40", Role.SUPERVISOR, "/tickets?view=team&page=40"),
    ("supervisor, latest first", Role.SUPERVISOR, "/tickets?view=team&sort=latest"),
    ("caseworker, mine", Role.CASEWORKER, "/tickets"),
    ("ticket beside the list", Role.SUPERVISOR, "/tickets/{number}?view=team"),
    ("live, nothing new", Role.SUPERVISOR, "/tickets/live?open={number}&view=team"),
    ("search, a phrase", Role.SUPERVISOR, "/tickets?q=老板跑了"),
    ("search, a common pair", Role.SUPERVISOR, "/tickets?q=工资"),
    ("search, parts only", Role.SUPERVISOR, "/tickets?q=工资老板孩子"),
    ("search, a phone", Role.SUPERVISOR, "/tickets?q={phone}"),
    ("search, a number", Role.SUPERVISOR, "/tickets?q={number}"),
    ("search, a caseworker", Role.SUPERVISOR, "/tickets?q=社工07"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: milliseconds of the server, and how often it asked the database."""

    name: str
    median: float
    worst: float
    queries: int


def measure_inbox() -> None:
    """Fill both databases, ask for every page and print the figures."""
    sealing.use(sealing.parse(sealing.new_key()), search="bench")
    print(f"{TICKETS} tickets, {MESSAGES} messages")  # noqa: T201 (this is a command)
    with tempfile.TemporaryDirectory() as folder:
        for name, url in (("SQLite", f"sqlite:///{folder}/inbox.sqlite3"), _postgres()):
            _measure(name, url, Path(folder))


def _postgres() -> tuple[str, str]:
    with psycopg.connect(f"postgresql://{OWNER}@{POSTGRES}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
    return "PostgreSQL", f"postgresql+psycopg://{OWNER}@{POSTGRES}/{DATABASE}"


def _measure(name: str, url: str, folder: Path) -> None:
    with engine_at(url) as engine:
        migrate(engine)
        started = time.perf_counter()
        phone = fill(engine, now=now())
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")  # as both databases do by themselves in time
        print(f"\n{name}: filled in {time.perf_counter() - started:.0f} s")  # noqa: T201
        for one in _pages(engine, folder, phone):
            print(  # noqa: T201
                f"  {one.name:<26} median {one.median:6.1f} ms   worst {one.worst:6.1f} ms"
                f"   {one.queries:2d} queries"
            )


def _pages(engine: Engine, folder: Path, phone: str) -> Iterator[Measured]:
    app = make_app(_settings(folder), engine=engine, now=now)
    with transaction(engine) as session:
        people = {role: session.scalar(select(Staff).where(Staff.role == role)) for role in Role}
        number = session.scalar(select(Ticket.number).order_by(Ticket.id.desc()).limit(1))
    for name, role, path in PAGES:
        client = app.test_client()
        _log_in(client, engine, people[role])
        address = path.format(number=number, phone=phone)
        yield _page(engine, name, partial(client.get, address))


def _page(engine: Engine, name: str, ask: Callable[[], object]) -> Measured:
    ask()  # the first one compiles templates and statements
    with _counted(engine) as asked:
        ask()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) * 1000)
    return Measured(name, statistics.median(times), max(times), len(asked))


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        del conn, cursor, rest
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def _log_in(client: FlaskClient, engine: Engine, person: Staff | None) -> None:
    assert person is not None
    browser = sessions.Browser(secrets.token_urlsafe(32), "bench", "")
    with transaction(engine) as session:
        until = now() + timedelta(hours=1)
        sessions.start(session, person, browser, until=until, now=now())
    with client.session_transaction() as cookie:
        cookie[KEY] = browser.key


def _settings(folder: Path) -> Settings:
    wechat = WeChat(
        token=SecretStr("bench"), aes_key=SecretStr("k" * 43), app_id="wx0123456789abcdef"
    )
    settings = Settings(service=Service(data_dir=folder), wechat=wechat)
    own = settings.console.model_copy(update={"secret_key": SecretStr("bench")})
    return settings.model_copy(update={"console": own})
