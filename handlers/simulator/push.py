"""The caller side: what a resident does reaches the callback, as the platform would bring it."""

import threading
import time
from dataclasses import replace

from handlers.simulator import wire
from handlers.simulator.carrier import Callback, Carrier
from handlers.simulator.faults import FaultDesk
from handlers.simulator.media import MediaShelf
from handlers.simulator.model import Exchange
from handlers.simulator.replies import AbnormalReplyError, Reader, Reply
from handlers.simulator.sent import Sent
from handlers.simulator.wire import Answer
from handlers.simulator.world import World

FAILURE_LINE = "该服务号暂时无法提供服务，请稍后再试"
TRANSFER_LINE = "已转接微信客服，之后的消息不再经过服务号"


class Pusher:
    """Delivers what residents do."""

    def __init__(
        self, world: World, callback: Callback, faults: FaultDesk, media: MediaShelf
    ) -> None:
        """Push to *callback*; *faults* may spoil it."""
        self._world = world
        self._callback = callback
        self._carrier = Carrier(world, callback, faults)
        self._reader = Reader(callback.envelope, callback.account_id, media.has)

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
        answers, disguise = self._carrier.carry(exchange)
        plaintext = disguise.mode != "safe"
        reply, error = self._best(answers, exchange.openid, plaintext=plaintext)
        ms = round((time.perf_counter() - started) * 1000)
        return self._finish(exchange.id, sent, reply, error=error, ms=ms)

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
