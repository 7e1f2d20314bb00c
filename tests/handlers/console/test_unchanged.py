"""With Redis, a page that asks again asks the database only where something was written."""

from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from sqlalchemy import Engine, update

from bot.db.engine import make_engine, transaction
from bot.inbox import InboundMessage
from bot.people.tables import Staff
from bot.sections import Redis
from bot.settings import Settings
from bot.tickets.tables import Ticket
from handlers.console import unchanged
from handlers.console.app import make_app
from tests.builders import a_caseworker, a_ticket
from tests.chaos.services import RedisServer
from tests.handlers.console.conftest import HASH, Browser, Time
from tests.handlers.console.queries import counted
from tests.handlers.console.test_tickets_live import write
from tests.killed_redis import answers, server, until

__all__ = ["server"]

on_both = pytest.mark.parametrize(
    "engine", ["database_url", "migrated_postgres_url"], indirect=True
)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """SQLite, or whatever the test names."""
    name = getattr(request, "param", "database_url")
    engine = make_engine(request.getfixturevalue(name))
    yield engine
    engine.dispose()


@pytest.fixture
def with_redis(console_settings: Settings, server: RedisServer) -> Settings:
    return console_settings.model_copy(update={"redis": Redis(url=server.url)})


@pytest.fixture
def app(with_redis: Settings, engine: Engine, time: Time) -> Flask:
    return make_app(with_redis, engine=engine, now=time)


class Page:
    """A page that is open, with what it has."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.browser, self.path = browser, path
        self.version = browser.open(path).headers["X-Version"]
        assert self.asks() == 204

    def asks(self) -> int:
        joint = "&" if "?" in self.path else "?"
        return self.browser.open(f"{self.path}{joint}v={self.version}").status_code

    def learns(self) -> bool:
        return until(lambda: self.asks() == 200)


@pytest.fixture
def page(desk: Browser, ticket: Ticket) -> Page:
    return Page(desk, f"/tickets/live?open={ticket.number}")


@on_both
def test_nothing_new_is_said_without_the_database(page: Page, engine: Engine) -> None:
    with counted(engine) as before:
        page.browser.open(page.path)
    settle(page)

    with counted(engine) as asked:
        answers = [page.asks() for _ in range(3)]

    assert (answers, len(asked)) == ([204, 204, 204], 0)
    assert len(before) > 3


@on_both
def test_what_another_host_writes_is_seen_at_once(
    page: Page, engine: Engine, ticket: Ticket, with_redis: Settings, time: Time
) -> None:
    other = make_engine(engine.url.render_as_string(hide_password=False))
    make_app(with_redis, engine=other, now=time)
    settle(page)

    write(other, ticket, "刚刚又来人了")

    assert page.learns()
    other.dispose()


@pytest.mark.parametrize("path", ["/notices/bell?v=0-0-0"])
def test_each_page_is_asked_for_itself(desk: Browser, engine: Engine, path: str) -> None:
    assert until(lambda: _statements(desk, engine, path) == 0)

    assert desk.open(path.replace("0-0-0", "1-0-0")).status_code == 200


@on_both
def test_whoever_is_signed_out_elsewhere_learns_it_at_once(
    page: Page, engine: Engine, worker: Staff
) -> None:
    settle(page)

    with transaction(engine) as session:
        session.get_one(Staff, worker.id).active = False

    assert until(lambda: page.asks() not in {200, 204})


def test_nobody_else_is_told_what_somebody_was_told(
    page: Page, app: Flask, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        a_caseworker(session).password_hash = HASH
        login = session.query(Staff.login).order_by(Staff.id.desc()).limit(1).scalar()
    colleague = Browser(app.test_client())
    colleague.log_in(str(login))
    settle(page)

    answer = colleague.open(f"{page.path}&v={page.version}")
    stranger = Browser(app.test_client()).open(f"{page.path}&v={page.version}")

    assert (answer.status_code, "已经转给别人" in answer.text) == (200, True)
    assert stranger.status_code not in {200, 204}


@on_both
def test_redis_that_dies_and_comes_back_hides_nothing(
    page: Page, engine: Engine, ticket: Ticket, server: RedisServer
) -> None:
    settle(page)
    server.kill()
    assert page.asks() == 204
    write(engine, ticket, "一")
    assert page.asks() == 200

    page = Page(page.browser, page.path)
    write(engine, ticket, "二")
    server.start()
    until(lambda: answers(server))

    assert page.learns()
    settle(Page(page.browser, page.path))


def test_what_nobody_could_be_told_is_seen_after_seconds(page: Page, engine: Engine) -> None:
    settle(page)

    with engine.begin() as connection:  # as a process would that dies right after its commit
        connection.execute(update(InboundMessage).values(text="又来"))
        connection.execute(update(Ticket).values(version=Ticket.version + 1, summary="又来了"))

    assert page.learns()


def test_redis_holds_numbers_and_nothing_of_anybody(
    page: Page, engine: Engine, ticket: Ticket, server: RedisServer
) -> None:
    with transaction(engine) as session:
        a_ticket(session, summary="丈夫打我")
    settle(page)

    with redis.Redis.from_url(server.url) as client:
        held = {key: client.get(key) for key in client.scan_iter("yunqiao:n*")}

    assert all(value is not None and value.isdigit() for value in held.values())
    assert all(len(key) in {len("yunqiao:news"), len("yunqiao:nothing-new:") + 64} for key in held)


def test_only_pages_that_ask_by_themselves_are_answered_so(app: Flask) -> None:
    assert app.view_functions.keys() >= unchanged.ASKED_AGAIN


def settle(page: Page) -> None:
    """Wait until all that was written is told, and the page is answered without the database."""
    engine = page.browser.client.application.extensions["console"].engine
    joint = "&" if "?" in page.path else "?"

    def known() -> bool:
        page.version = page.browser.open(page.path).headers["X-Version"]
        path = f"{page.path}{joint}v={page.version}"
        page.browser.open(path)
        return _statements(page.browser, engine, path) == 0

    assert until(known)
    # Its time begins now, so that the test has all of it.
    page.asks()


def _statements(browser: Browser, engine: Engine, path: str) -> int:
    with counted(engine) as asked:
        browser.open(path)
    return len(asked)
