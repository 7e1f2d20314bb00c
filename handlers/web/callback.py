"""WeChat's callback: check, hand to the line, answer in time whatever happens."""

import time
from concurrent.futures import Executor
from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot import metrics
from bot.contracts import Push
from bot.errors import BadPushError, NotStoredError
from bot.line import Line, Passive, receive
from bot.wechat.envelope import SUCCESS, Envelope, Opened, text_reply
from bot.window import PassiveWindow
from handlers.web.handed import Handed
from handlers.web.waited import waited

log = structlog.get_logger(__name__)

LET_GO_SECONDS = 30.0
STORING_SECONDS = 0.3
"""What storing is given even where a call waited long for us: its repeat finds it stored."""
WECHAT_HANGS_UP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Edge:
    """What the callback needs."""

    envelope: Envelope
    line: Line
    pool: Executor
    handed: Handed
    passive_seconds: float


def make_blueprint(edge: Edge) -> Blueprint:
    """Return the routes that WeChat calls."""
    blueprint = Blueprint("wechat", __name__)

    @blueprint.get("/wechat")
    def confirm() -> Response:
        try:
            echo = edge.envelope.confirm(request.args, now=edge.line.now())
        except BadPushError as error:
            return _refuse(error)
        return _plain(echo)

    @blueprint.post("/wechat")
    def push() -> Response:
        started = time.monotonic() - waited(request.environ)
        with metrics.CALLBACK_SECONDS.time():
            try:
                opened = edge.envelope.open(request.args, request.get_data(), now=edge.line.now())
            except BadPushError as error:
                return _refuse(error)
            except RequestEntityTooLarge:
                return _refuse(BadPushError("too_large"))
            return _answer(edge, opened, started)

    return blueprint


def _answer(edge: Edge, opened: Opened, started: float) -> Response:
    try:
        passive = _passive(edge, opened.push, started)
    except NotStoredError:
        # Not acknowledged, so WeChat tries again.
        return Response("", status=503, content_type="text/plain")
    if passive is None:
        return _plain(SUCCESS)
    sealed = edge.envelope.seal(passive.xml, opened, now=edge.line.now())
    response = Response(sealed, content_type="application/xml; charset=utf-8")
    if time.monotonic() - started < WECHAT_HANGS_UP_SECONDS:
        response.call_on_close(lambda: edge.handed.note(passive.inbound_id))
    return response


def _passive(edge: Edge, push: Push, started: float) -> Passive | None:
    """Return the reply if it is ready in time; the turn goes on either way."""
    window = PassiveWindow(started + edge.passive_seconds - time.monotonic())

    def render(text: str) -> str:
        return text_reply(push, text, now=edge.line.now())

    turn = edge.pool.submit(receive, edge.line, push, window=window, render=render)
    try:
        try:
            return turn.result(timeout=max(window.seconds_left, STORING_SECONDS))
        except TimeoutError:
            if not window.stored:
                # The turn may still come to store it; if not, only WeChat's next try saves it.
                msg = "not stored in time"
                raise NotStoredError(msg) from None
            if window.close():
                metrics.LATE.inc()
                return None
            # The reply is being written as a passive one.  Waiting past WeChat's five
            # seconds makes it call again, and that call gets the stored reply.
            return turn.result(timeout=LET_GO_SECONDS)
    except NotStoredError:
        raise
    except Exception as error:  # noqa: BLE001 (the resident must never see an error)
        metrics.FAILED.inc()
        log.error("turn_failed", error=type(error).__name__)  # noqa: TRY400 (no content in logs)
        if not window.stored:
            raise NotStoredError(type(error).__name__) from None
        return None  # the worker answers it


def _refuse(error: BadPushError) -> Response:
    metrics.REFUSED.labels(reason=str(error)).inc()
    log.info("push_refused", reason=str(error))
    if error.signed:
        # WeChat's own call, and nothing a repeat would mend: it must not show a failure.
        return _plain(SUCCESS)
    return Response("", status=403, content_type="text/plain")


def _plain(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")
