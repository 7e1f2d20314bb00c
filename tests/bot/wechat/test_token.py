"""One token for all."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import redis
from sqlalchemy import Engine

from bot.db.engine import make_engine
from bot.errors import SendLaterError
from bot.wechat.outcomes import NoCode, failed
from bot.wechat.token import DatabaseTokenStore, RedisTokenStore, TokenStore
from tests.conftest import NOW

LEASE = timedelta(seconds=10)


class Fetching:
    """Gives a new token at each call and counts them; slow enough for others to come."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def __call__(self) -> tuple[str, timedelta]:
        with self._lock:
            self.count += 1
        threading.Event().wait(0.05)
        return f"token-{self.count}", timedelta(hours=1)


def a_store(engine: Engine, clock: Callable[[], datetime] = lambda: NOW) -> DatabaseTokenStore:
    return DatabaseTokenStore(engine, "wx1", lease=LEASE, clock=clock)


def at_once(stores: list[TokenStore], fetch: Fetching) -> set[str]:
    with ThreadPoolExecutor(len(stores)) as pool:
        return set(pool.map(lambda store: store.get(fetch), stores))


def test_twenty_threads_of_two_processes_fetch_once(database_url: str) -> None:
    engines = [make_engine(database_url) for _ in range(2)]
    fetch = Fetching()

    tokens = at_once([a_store(engines[n % 2]) for n in range(20)], fetch)

    assert (tokens, fetch.count) == ({"token-1"}, 1)
    for engine in engines:
        engine.dispose()


def test_twenty_threads_fetch_once_on_postgresql(postgres_engine: Engine) -> None:
    fetch = Fetching()

    tokens = at_once([a_store(postgres_engine) for _ in range(20)], fetch)

    assert (tokens, fetch.count) == ({"token-1"}, 1)


def test_twenty_threads_of_two_processes_fetch_once_over_redis(redis_url: str) -> None:
    clients = [redis.Redis.from_url(redis_url) for _ in range(2)]
    fetch = Fetching()
    stores = [RedisTokenStore(clients[n % 2], "wx1", lease=LEASE) for n in range(20)]

    tokens = at_once([*stores], fetch)

    assert (tokens, fetch.count) == ({"token-1"}, 1)
    stores[0].drop("token-0")
    assert stores[1].get(fetch) == "token-1"
    stores[0].drop("token-1")
    assert stores[1].get(fetch) == "token-2"
    for client in clients:
        client.close()


def test_a_token_is_fetched_again_when_its_time_is_over(engine: Engine) -> None:
    times = [NOW]
    store, fetch = a_store(engine, lambda: times[-1]), Fetching()
    store.get(fetch)
    times.append(NOW + timedelta(hours=1))

    assert store.get(fetch) == "token-2"


def test_only_the_token_that_was_refused_is_forgotten(engine: Engine) -> None:
    store, fetch = a_store(engine), Fetching()
    store.get(fetch)

    store.drop("token-0")
    assert store.get(fetch) == "token-1"
    store.drop("token-1")
    assert store.get(fetch) == "token-2"


def test_a_failed_fetch_leaves_the_way_free(engine: Engine) -> None:
    def fails() -> tuple[str, timedelta]:
        raise failed(NoCode.NETWORK)

    store = a_store(engine)
    with pytest.raises(SendLaterError):
        store.get(fails)

    assert store.get(Fetching()) == "token-1"


def test_the_lease_of_a_process_that_died_ends(engine: Engine) -> None:
    later = a_store(engine, lambda: NOW + LEASE)
    assert a_store(engine)._claim()

    assert not a_store(engine)._claim()
    assert later.get(Fetching()) == "token-1"


def test_redis_that_is_away_keeps_messages_for_later() -> None:
    store = RedisTokenStore(redis.Redis.from_url("redis://127.0.0.1:9"), "wx1", lease=LEASE)

    with pytest.raises(SendLaterError):
        store.get(Fetching())
    with pytest.raises(SendLaterError):
        store.drop("t")
