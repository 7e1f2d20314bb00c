"""One push on its way: the tries, their order, and what the faults do to them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from handlers.simulator import wire
from handlers.simulator.crypto import Envelope
from handlers.simulator.faults import FaultDesk
from handlers.simulator.model import Attempt, Exchange
from handlers.simulator.wire import Answer, Disguise
from handlers.simulator.world import World

STALE_SECONDS = 3600
HOLD_SECONDS = 10.0
MODES = ("push_plaintext", "push_compat")
DISGUISES = (*MODES, "push_bad_signature", "push_stale", "push_control_chars", "push_doctype")


@dataclass(frozen=True, slots=True)
class Callback:
    """Whom to call, and how patiently."""

    url: str
    envelope: Envelope
    account_id: str
    limit: float = 5.0
    """Seconds until the platform hangs up."""
    tries: int = 3


class Carrier:
    """Carries pushes to the callback."""

    def __init__(self, world: World, callback: Callback, faults: FaultDesk) -> None:
        """Call *callback*; *faults* may spoil it."""
        self._world = world
        self._callback = callback
        self._faults = faults
        self._order = threading.Lock()
        self._held: threading.Event | None = None

    def carry(self, exchange: Exchange) -> tuple[list[Answer], Disguise]:
        """Return what the callback answered, more than once where it was called twice."""
        with self._turn():
            disguise = self._disguise()
            twice = self._faults.take("push_duplicate") is not None
            return self._call(exchange, disguise, twice=twice), disguise

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold one push back until the next is through, while that fault is on."""
        with self._order:
            earlier, self._held = self._held, None
            mine = None
            if earlier is None and self._faults.take("push_out_of_order"):
                mine = self._held = threading.Event()
        if mine is not None:
            mine.wait(HOLD_SECONDS)
            with self._order:
                self._held = None if self._held is mine else self._held
        try:
            yield
        finally:
            if earlier is not None:
                earlier.set()

    def _disguise(self) -> Disguise:
        took = {kind for kind in DISGUISES if self._faults.take(kind)}
        modes = [kind.removeprefix("push_") for kind in MODES if kind in took]
        return Disguise(
            mode=modes[0] if modes else "safe",
            bad_signature="push_bad_signature" in took,
            age_seconds=STALE_SECONDS if "push_stale" in took else 0,
            control_chars="push_control_chars" in took,
            doctype="push_doctype" in took,
        )

    def _call(self, exchange: Exchange, disguise: Disguise, *, twice: bool) -> list[Answer]:
        if not twice:
            return [self._persist(exchange, disguise)]
        second: list[Answer] = []
        thread = threading.Thread(
            target=lambda: second.append(self._once(exchange, disguise, duplicate=True)),
            daemon=True,
        )
        thread.start()
        first = self._persist(exchange, disguise)
        thread.join()
        return [first, *second]

    def _persist(self, exchange: Exchange, disguise: Disguise) -> Answer:
        """Try until there is any answer at all; what it says is not looked at here."""
        answer = Answer(error="not tried")
        for _ in range(self._callback.tries):
            answer = self._once(exchange, disguise)
            if not answer.error:
                break
        return answer

    def _once(self, exchange: Exchange, disguise: Disguise, *, duplicate: bool = False) -> Answer:
        callback = self._callback
        request = wire.seal(
            callback.envelope,
            url=callback.url,
            openid=exchange.openid,
            xml=exchange.xml,
            timestamp=int(self._world.real_now().timestamp()),
            disguise=disguise,
        )
        answer = wire.call("POST", request.url, request.body, limit=callback.limit)
        answer = self._slowed(answer)
        body = answer.body.decode(errors="replace")
        attempt = Attempt(
            request.url, request.body, answer.status, body, answer.ms, answer.error, duplicate
        )
        self._note(exchange.id, attempt)
        return answer

    def _slowed(self, answer: Answer) -> Answer:
        fault = self._faults.take("push_slow")
        if fault is None or answer.error:
            return answer
        room = self._callback.limit - answer.ms / 1000
        time.sleep(max(0.0, min(fault.seconds, room)))
        ms = answer.ms + round(min(fault.seconds, max(room, 0)) * 1000)
        return Answer(ms=ms, error="timeout") if fault.seconds > room else replace(answer, ms=ms)

    def _note(self, number: int, attempt: Attempt) -> None:
        with self._world.changing():
            exchange = self._world.find_exchange(number)
            if exchange is not None:
                tried = (*exchange.attempts, attempt)
                self._world.keep_exchange(replace(exchange, attempts=tried))
