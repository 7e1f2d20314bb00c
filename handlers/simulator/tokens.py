"""Access tokens: `stable_token` repeats itself, `token` replaces the last one."""

import secrets
from datetime import datetime, timedelta

from handlers.simulator.model import Token
from handlers.simulator.world import World

LIFE = timedelta(seconds=7200)
RENEWED_EARLY = timedelta(minutes=5)
INVALID = 40001
MISSING = 41001
EXPIRED = 42001
REMEMBERED = 40


class TokenDesk:
    """Gives out tokens and checks them, by the ledger's clock."""

    def __init__(self, world: World) -> None:
        """Keep the tokens in *world*."""
        self._world = world

    def stable(self, *, force: bool = False) -> tuple[str, int]:
        """Return the token and its seconds; the same again until it is renewed early."""
        with self._world.changing() as state:
            now = self._world.now()
            live = [t for t in state.tokens if t.route == "stable" and t.expires_at > now]
            if live and not force and live[-1].expires_at - now >= RENEWED_EARLY:
                return live[-1].value, _seconds(live[-1], now)
            if force:
                self.expire(route="stable")
            return self._make("stable", now)

    def plain(self) -> tuple[str, int]:
        """Return a fresh token; the one before works for five minutes more."""
        with self._world.changing() as state:
            now = self._world.now()
            grace = now + RENEWED_EARLY
            for place, token in enumerate(state.tokens):
                if token.route == "plain" and token.expires_at > grace:
                    state.tokens[place] = Token(token.value, token.route, grace)
            return self._make("plain", now)

    def check(self, value: str) -> int:
        """Return 0 or the errcode of a token that does not work."""
        if not value:
            return MISSING
        with self._world.reading() as state:
            found = next((token for token in state.tokens if token.value == value), None)
            if found is None:
                return INVALID
            return 0 if found.expires_at > self._world.now() else EXPIRED

    def expire(self, *, route: str = "") -> None:
        """Make every token, or those of one route, stop working now."""
        with self._world.changing() as state:
            now = self._world.now()
            state.tokens = [
                Token(t.value, t.route, min(t.expires_at, now)) if route in {"", t.route} else t
                for t in state.tokens
            ]

    def _make(self, route: str, now: datetime) -> tuple[str, int]:
        with self._world.changing() as state:
            token = Token(secrets.token_urlsafe(100), route, now + LIFE)
            state.tokens = [*state.tokens, token][-REMEMBERED:]
            return token.value, _seconds(token, now)


def _seconds(token: Token, now: datetime) -> int:
    return int((token.expires_at - now).total_seconds())
