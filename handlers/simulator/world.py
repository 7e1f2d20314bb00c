"""The one state of the simulator: behind one lock, with its own clock, kept on disk."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.clock import Clock
from handlers.simulator import quota, samples
from handlers.simulator.model import ApiCall, Bubble, Exchange, Json, Resident, State
from handlers.simulator.snapshot import Snapshot, dump

MOST_BUBBLES = 6000
MOST_RECORDS = 400
Item = TypeVar("Item")


class World:
    """Holds the state; every change goes through `changing`."""

    def __init__(self, snapshot: Snapshot, now: Clock) -> None:
        """Go on from *snapshot*, or start with the sample residents."""
        self.real_now = now
        self.lock = threading.RLock()
        self._snapshot = snapshot
        self._state = snapshot.load() or State()
        if not self._state.residents:
            self.reset()

    @contextmanager
    def changing(self) -> Iterator[State]:
        """Give the state to one thread at a time; the change is on disk soon after."""
        with self.lock:
            yield self._state
        self._snapshot.write_soon(self.dump)

    @contextmanager
    def reading(self) -> Iterator[State]:
        """Give the state to one thread at a time."""
        with self.lock:
            yield self._state

    def dump(self) -> bytes:
        """Return the whole state as JSON."""
        with self.lock:
            return dump(self._state)

    def save(self) -> None:
        """Write the state to disk now."""
        self._snapshot.write_now(self.dump())

    def reset(self) -> None:
        """Forget everything and start with the sample residents; ids go on growing."""
        with self.changing() as state:
            self._state = State(
                epoch=state.epoch + 1, last_id=state.last_id, last_msg_id=state.last_msg_id
            )
            for sample in samples.RESIDENTS:
                self._state.residents[sample.openid] = replace(sample, followed_at=self.now())

    def now(self) -> datetime:
        """Return the time of the ledger, which can be moved."""
        with self.lock:
            return self.real_now() + timedelta(seconds=self._state.offset_seconds)

    def next_id(self) -> int:
        """Return a number larger than any before."""
        with self.changing() as state:
            state.last_id += 1
            return state.last_id

    def next_msg_id(self) -> int:
        """Return a 64-bit MsgId that no run of this simulator has used."""
        with self.changing() as state:
            floor = int(self.real_now().timestamp() * 1000) * 10_000
            state.last_msg_id = max(state.last_msg_id + 1, floor)
            return state.last_msg_id

    def find(self, openid: str) -> Resident | None:
        """Return the resident, or None."""
        with self.lock:
            return self._state.residents.get(openid)

    def change(self, openid: str, **fields: Any) -> Resident:  # noqa: ANN401 - as dataclasses.replace
        """Change some fields of a resident."""
        with self.changing() as state:
            changed = replace(state.residents[openid], **fields)
            state.residents[openid] = changed
            return changed

    def touch(self, openid: str, *, opens: str = "") -> None:
        """Note that resident and account have just exchanged something."""
        with self.changing() as state:
            now = self.now()
            windows = quota.opened(state.residents[openid].windows, opens, now)
            self.change(openid, windows=windows, exchanged_at=now)

    def say(self, openid: str, sender: str, kind: str, text: str, **more: Any) -> Bubble:  # noqa: ANN401
        """Put a bubble into a chat; *more* are further fields of Bubble."""
        with self.changing() as state:
            bubble = Bubble(self.next_id(), openid, sender, kind, text, self.now(), **more)
            _append(state.bubbles, bubble, MOST_BUBBLES)
            return bubble

    def chat(self, openid: str) -> list[Bubble]:
        """Return the bubbles of one chat, oldest first."""
        with self.lock:
            return [bubble for bubble in self._state.bubbles if bubble.openid == openid]

    def keep_exchange(self, exchange: Exchange) -> None:
        """Add or replace the record of a push."""
        with self.changing() as state:
            for place in range(len(state.exchanges) - 1, -1, -1):
                if state.exchanges[place].id == exchange.id:
                    state.exchanges[place] = exchange
                    return
            _append(state.exchanges, exchange, MOST_RECORDS)

    def find_exchange(self, number: int) -> Exchange | None:
        """Return the record of a push, or None when it is gone."""
        with self.lock:
            return next((e for e in self._state.exchanges if e.id == number), None)

    def keep_call(self, call: ApiCall) -> None:
        """Add the record of an API call."""
        with self.changing() as state:
            _append(state.calls, call, MOST_RECORDS)

    def quota(self, openid: str) -> Json:
        """Return what may still be sent to the resident."""
        with self.lock:
            return quota.describe(self._state.residents[openid].windows, self.now())


def _append(items: list[Item], item: Item, most: int) -> None:
    items.append(item)
    del items[:-most]
