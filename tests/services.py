"""What some tests need around them: PostgreSQL, Redis, a browser, a port.

Where one is missing the test is skipped and named at the end; in CI it fails,
so that a machine without the service cannot pass for one with it.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis
from _pytest.terminal import TerminalReporter
from playwright.sync_api import expect
from psycopg import sql

from bot.db.engine import make_engine
from bot.db.migrate import migrate
from bot.up import browser

MISSING = "缺少 missing: "
POSTGRES = "127.0.0.1:5432"
USERS = ("postgres", "root")
REDIS_DATABASES = range(15, 0, -1)
TAKEN = "yunqiao-test"
TAKEN_SECONDS = 300
# Where nobody listens the answer is immediate; on a busy machine a server takes its time.
CONNECT_SECONDS = 60
SHOWN_SECONDS = 60
LONGEST = ("tests/chaos/", "tests/handlers/console/test_access_matrix.py")
"""A minute each: whoever came to one of them last would leave the other workers idle."""
# As root Chromium runs only without its sandbox; the rest keeps it from calling home.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest-playwright be older than pytest, and pages take their time."""
    old = "ignore:Session-scoped fixtures defined as instance methods"
    config.addinivalue_line("filterwarnings", f"{old}:pytest.PytestRemovedIn10Warning")
    expect.set_options(timeout=1000 * SHOWN_SECONDS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run half as many again as there are processors: many wait for a browser or a process."""
    return (3 * (os.cpu_count() or 1) + 1) // 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Name every test that did not run for want of a service."""
    skipped = terminalreporter.stats.get("skipped", [])
    unrun = [report for report in skipped if MISSING in str(report.longrepr)]
    if unrun:
        terminalreporter.section("没有运行的测试 tests that did not run")
        for report in unrun:
            reason = str(report.longrepr).partition(MISSING)[2].rstrip("')\"")
            terminalreporter.line(f"{report.nodeid}: {MISSING}{reason}")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of this test's own, as SQLAlchemy writes its address."""
    with _database() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_to_copy() -> Iterator[str]:
    """A migrated PostgreSQL database that tests copy."""
    with _database() as url:
        engine = make_engine(url)
        migrate(engine)
        engine.dispose()
        yield url


@pytest.fixture
def migrated_postgres_url(postgres_to_copy: str) -> Iterator[str]:
    """A PostgreSQL database of this test's own with every table, and nothing in them."""
    with _database(like=postgres_to_copy) as url:
        yield url


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A Redis database that was empty and is emptied again."""
    for number in REDIS_DATABASES:
        url = f"redis://127.0.0.1:6379/{number}"
        with redis.Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS) as client:
            if not _take(client):
                continue
            try:
                yield url
            finally:
                client.flushdb()
            return
    _missing("Redis: every database of 127.0.0.1:6379 is in use")


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """A Chromium or Chrome that starts."""
    return browser.find() or _missing("a browser: install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_path: Path) -> dict[str, object]:
    """How pytest-playwright starts the browser."""
    return {"executable_path": str(browser_path), "args": CHROMIUM_ARGS}


@pytest.fixture
def free_port() -> int:
    """A port on which nobody listens now."""
    return _free_ports(1)[0]


@pytest.fixture
def free_ports() -> list[int]:
    """Five such ports."""
    return _free_ports(5)


def _free_ports(count: int) -> list[int]:
    """All are held until all are known, so that none is given twice."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


@contextmanager
def _database(like: str = "") -> Iterator[str]:
    """Yield the address of a new PostgreSQL database: empty, or a copy of the one at *like*."""
    user, server = _postgres()
    name = f"yunqiao_test_{secrets.token_hex(6)}"
    copied = like.rpartition("/")[2] or "template1"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
    with server:
        server.execute(create.format(sql.Identifier(name), sql.Identifier(copied)))
        try:
            yield f"postgresql+psycopg://{user}@{POSTGRES}/{name}"
        finally:
            server.execute(drop.format(sql.Identifier(name)))


def _postgres() -> tuple[str, psycopg.Connection]:
    reasons = []
    for user in USERS:
        address = f"postgresql://{user}@{POSTGRES}/postgres?connect_timeout={CONNECT_SECONDS}"
        try:
            return user, psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError as error:
            reasons.append(str(error).splitlines()[0])
    return _missing(f"PostgreSQL at {POSTGRES}: {reasons[0]}")


def _take(client: redis.Redis) -> bool:
    """Say whether this database was empty; from now on it is ours."""
    try:
        if client.dbsize():
            return False
        return bool(client.set(TAKEN, os.getpid(), nx=True, ex=TAKEN_SECONDS))
    except redis.RedisError as error:
        _missing(f"Redis at 127.0.0.1:6379: {error}")


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(MISSING + what)
    pytest.skip(MISSING + what)
