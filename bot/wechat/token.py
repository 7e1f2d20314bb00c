"""The access token: one for all processes, fetched by one of them at a time.

Always from stable_token, which returns the same token to whoever asks and takes the app secret
in the body, not in the address.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import redis
from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.engine import reading, transaction
from bot.errors import SendLaterError, SendRefusedError
from bot.settings import Settings
from bot.wechat.outcomes import NoCode, failed
from bot.wechat.tables import SharedToken
from bot.wechat.wire import Wire

_EARLY_SECONDS = 300  # WeChat renews it that much before it ends
_LEAST_SECONDS = 60
_POLL_SECONDS = 0.05
Fetch = Callable[[], tuple[str, timedelta]]


class TokenStore(Protocol):
    """Where the token is kept for all."""

    def get(self, fetch: Fetch) -> str:
        """Return the token; where none is valid, one caller of all processes calls *fetch*."""

    def drop(self, token: str) -> None:
        """Forget *token*, unless another has taken its place."""


class TokenSource:
    """Gives out the token; shows neither it nor the app secret."""

    def __init__(self, settings: Settings, *, wire: Wire, store: TokenStore) -> None:
        self._settings = settings.wechat
        self._wire = wire
        self._store = store

    def get(self) -> str:
        """
        Return a token that should be good.

        Raises:
            SendLaterError: WeChat gives none now.
        """
        return self._store.get(self._fetch)

    def drop(self, token: str) -> None:
        """Note that WeChat refused *token*: the next `get` fetches."""
        self._store.drop(token)

    def _fetch(self) -> tuple[str, timedelta]:
        payload = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret.get_secret_value(),
            "force_refresh": False,
        }
        try:
            answer = self._wire.call("/cgi-bin/stable_token", payload=payload)
        except SendRefusedError as error:
            # Our account is at fault and not the message, which stays good.
            raise SendLaterError(error.code, error.outcome) from None
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise failed(NoCode.UNREADABLE)
        return token, timedelta(seconds=max(seconds - _EARLY_SECONDS, _LEAST_SECONDS))


class DatabaseTokenStore:
    """
    Keeps the token in the database.

    Whoever finds none valid writes a lease, fetches with no transaction open,
    and stores; the others wait for that.  A lease of a process that died
    ends by itself.
    """

    def __init__(self, engine: Engine, app_id: str, *, lease: timedelta, clock: Clock) -> None:
        self._engine = engine
        self._app_id = app_id
        self._lease = lease
        self._clock = clock

    def get(self, fetch: Fetch) -> str:
        """Return the token; one caller of all processes fetches it."""
        for _ in range(int(2 * self._lease.total_seconds() / _POLL_SECONDS)):
            token, somebody_fetches = self._look()
            if token:
                return token
            if not somebody_fetches and self._claim():
                return self._fetch(fetch)
            time.sleep(_POLL_SECONDS)
        raise failed(NoCode.TOKEN)

    def drop(self, token: str) -> None:
        """Forget *token*, unless another has taken its place."""
        with transaction(self._engine) as session:
            row = self._locked(session)
            if row.token == token:
                row.token, row.expires_at = "", None

    def _valid(self, row: SharedToken) -> bool:
        return bool(row.token and row.expires_at and row.expires_at > self._clock())

    def _look(self) -> tuple[str, bool]:
        """Return the valid token, and whether somebody fetches one; takes no lock."""
        with reading(self._engine) as session:
            row = session.get(SharedToken, self._app_id)
            if row is None:
                return "", False
            return row.token if self._valid(row) else "", self._leased(row)

    def _claim(self) -> bool:
        """Take the lease, unless there is one or a token came meanwhile."""
        with transaction(self._engine) as session:
            row = self._locked(session)
            if self._valid(row) or self._leased(row):
                return False
            row.fetching_until = self._clock() + self._lease
        return True

    def _leased(self, row: SharedToken) -> bool:
        return bool(row.fetching_until and row.fetching_until > self._clock())

    def _fetch(self, fetch: Fetch) -> str:
        token, lasts = "", timedelta(0)
        try:
            token, lasts = fetch()
        finally:
            with transaction(self._engine) as session:
                row = self._locked(session)
                row.fetching_until = None
                if token:
                    row.token, row.expires_at = token, self._clock() + lasts
        return token

    def _locked(self, session: Session) -> SharedToken:
        bind = session.get_bind()
        insert = postgresql.insert if bind.dialect.name == "postgresql" else sqlite.insert
        fresh = insert(SharedToken).values(app_id=self._app_id, token="")
        session.execute(fresh.on_conflict_do_nothing())
        mine = select(SharedToken).where(SharedToken.app_id == self._app_id)
        return session.scalars(mine.with_for_update()).one()


class RedisTokenStore:
    """Keeps the token in Redis, which forgets it by itself."""

    def __init__(self, client: "redis.Redis", app_id: str, *, lease: timedelta) -> None:
        self._redis = client
        self._key = f"yunqiao:token:{app_id}"
        self._lease = lease.total_seconds()

    def get(self, fetch: Fetch) -> str:
        """Return the token; one caller of all processes fetches it."""
        try:
            token = self._stored()
            if token:
                return token
            lock = f"{self._key}:lock"
            with self._redis.lock(lock, timeout=self._lease, blocking_timeout=2 * self._lease):
                return self._stored() or self._fetch(fetch)
        except redis.RedisError:
            raise failed(NoCode.TOKEN) from None

    def drop(self, token: str) -> None:
        """Forget *token*, unless another has taken its place."""
        # Between the two steps a newer token may come and be forgotten: one fetch too many.
        try:
            if self._stored() == token:
                self._redis.delete(self._key)
        except redis.RedisError:
            raise failed(NoCode.TOKEN) from None

    def _stored(self) -> str:
        found = self._redis.get(self._key)
        return found.decode() if isinstance(found, bytes) else ""

    def _fetch(self, fetch: Fetch) -> str:
        token, lasts = fetch()
        self._redis.set(self._key, token, ex=lasts)
        return token


def make_token_source(
    settings: Settings, *, engine: Engine, wire: Wire, clock: Clock
) -> TokenSource:
    """Return the source of this installation: over Redis where there is one, else the database."""
    wechat = settings.wechat
    lease = timedelta(seconds=wechat.connect_timeout_seconds + wechat.read_timeout_seconds + 5)
    store: TokenStore
    if settings.redis.url:
        client = redis.Redis.from_url(
            settings.redis.url, socket_timeout=5, socket_connect_timeout=3
        )
        store = RedisTokenStore(client, wechat.app_id, lease=lease)
    else:
        store = DatabaseTokenStore(engine, wechat.app_id, lease=lease, clock=clock)
    return TokenSource(settings, wire=wire, store=store)
