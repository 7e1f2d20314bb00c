"""The caller side: what a resident does reaches the callback, as the platform would bring it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from handlers.simulator import wire
from handlers.simulator.crypto import Envelope
from handlers.simulator.faults import FaultDesk
from handlers.simulator.media import MediaShelf
from handlers.simulator.model import Attempt, Exchange
from handlers.simulator.replies import AbnormalReplyError, Reader, Reply
from handlers.simulator.sent import Sent
from handlers.simulator.wire import Answer, Disguise
from handlers.simulator.world import World

FAILURE_LINE = "该服务号暂时无法提供服务，请稍后再试"
TRANSFER_LINE = "已转接微信客服，之后的消息不再经过服务号"
STALE_SECONDS = 3600
HOLD_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Callback:
    """Whom to call, and how patiently."""

    url: str
    envelope: Envelope
    account_id: str
    limit: float = 5.0
    """Seconds until the platform hangs up."""
    tries: int = 3


class Pusher:
    """Delivers what residents do."""

    def __init__(
        self, world: World, callback: Callback, faults: FaultDesk, media: MediaShelf
    ) -> None:
        """Push to *callback*; *faults* may spoil it."""
        self._world = world
        self._callback = callback
        self._faults = faults
        self._reader = Reader(callback.envelope, callback.account_id, media.has)
        self._order = threading.Lock()
        self._held: threading.Event | None = None

    def push(self, openid: str, sent: Sent, *, wait: bool = True) -> Exchange:
        """Show what the resident did and deliver it; without *wait* return at once."""
        exchange = self._begin(openid, sent)
        if wait:
            return self._deliver(exchange, sent)
        threading.Thread(target=self._deliver, args=(exchange, sent), daemon=True).start()
        return exchange

    def verify(self, echo: str) -> Answer:
        """Ask the callback to prove itself, as the platform does when it is set up."""
        stamp = int(self._world.real_now().timestamp())
        callback = self._callback
        url = wire.verification(callback.envelope, url=callback.url, timestamp=stamp, echo=echo)
        return wire.call("GET", url, "", limit=callback.limit)

    def _begin(self, openid: str, sent: Sent) -> Exchange:
        with self._world.changing():
            msg_id = "" if sent.is_event else str(self._world.next_msg_id())
            created = self._world.real_now()
            xml = sent.to_xml(
                openid=openid,
                account_id=self._callback.account_id,
                created=int(created.timestamp()),
                msg_id=msg_id,
            )
            number = self._world.next_id()
            exchange = Exchange(number, openid, sent.kind, msg_id, created, xml)
            self._world.keep_exchange(exchange)
            if sent.opens:
                self._world.touch(openid, opens=sent.opens)
            if sent.bubble:
                self._world.say(
                    openid,
                    "resident",
                    sent.bubble,
                    sent.text,
                    exchange=number,
                    details=sent.details,
                )
            return exchange

    def _deliver(self, exchange: Exchange, sent: Sent) -> Exchange:
        started = time.perf_counter()
        with self._turn():
            disguise = self._disguise()
            twice = self._faults.take("push_duplicate") is not None
            answers = self._call(exchange, disguise, twice=twice)
        plaintext = disguise.mode != "safe"
        reply, error = self._best(answers, exchange.openid, plaintext=plaintext)
        ms = round((time.perf_counter() - started) * 1000)
        return self._finish(exchange.id, sent, reply, error=error, ms=ms)

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

    def _best(
        self, answers: list[Answer], openid: str, *, plaintext: bool
    ) -> tuple[Reply | None, str]:
        errors = []
        for answer in answers:
            try:
                reply = self._reader.read(answer, openid=openid, plaintext=plaintext)
            except AbnormalReplyError as error:
                errors.append(str(error))
            else:
                if reply is not None:
                    return reply, ""
        return None, errors[0] if len(errors) == len(answers) else ""

    def _finish(
        self, number: int, sent: Sent, reply: Reply | None, *, error: str, ms: int
    ) -> Exchange:
        with self._world.changing():
            found = self._world.find_exchange(number)
            if found is None:  # the world was reset meanwhile
                return Exchange(number, "", sent.kind, "", self._world.real_now(), "", done=True)
            xml = reply.xml if reply else ""
            done = replace(found, reply_xml=xml, error=error, failed=bool(error), done=True, ms=ms)
            self._world.keep_exchange(done)
            if sent.answerable:
                self._show(done, reply)
            return done

    def _show(self, exchange: Exchange, reply: Reply | None) -> None:
        if exchange.failed:
            self._line(exchange, "failure", FAILURE_LINE)
        elif reply is not None and reply.kind == "transfer_customer_service":
            self._line(exchange, "note", TRANSFER_LINE)
        elif reply is not None:
            self._world.touch(exchange.openid)
            self._world.change(exchange.openid, typing_until=None)
            self._world.say(
                exchange.openid,
                "account",
                reply.kind,
                reply.text,
                exchange=exchange.id,
                details={**reply.details, "passive": True},
            )

    def _line(self, exchange: Exchange, kind: str, text: str) -> None:
        self._world.say(exchange.openid, "system", kind, text, exchange=exchange.id)


MODES = ("push_plaintext", "push_compat")
DISGUISES = (*MODES, "push_bad_signature", "push_stale", "push_control_chars", "push_doctype")
