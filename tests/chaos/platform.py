"""A platform for a crowd: pushes with WeChat's own tries, an API that fails by turns.

The phone simulator keeps every chat for people to look at; this keeps only
what a verdict needs, and so many more messages.
"""

import json
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

from bot.clock import now
from handlers.simulator import wire
from handlers.simulator.crypto import Envelope
from handlers.simulator.replies import AbnormalReplyError, Reader
from handlers.simulator.sent import text
from handlers.simulator.wire import Disguise

ACCOUNT = "gh_chaos"
PATIENCE = 5.0
TRIES = 3
SLOW_SECONDS = 6.0
FAULTS = ("none", "timeout", "busy", "too_often", "token", "html", "slow")
CODES = {"busy": -1, "too_often": 45009, "token": 40001}


@dataclass(frozen=True, slots=True)
class Pushed:
    """One message of a resident, and what the platform saw of it."""

    msg_id: str
    openid: str
    acknowledged: bool
    """Some try was answered; WeChat will not come again."""
    reply: str
    tries: int
    ms: int
    """Of the try that was answered."""
    error: str = ""
    """What the last try met where none was answered."""


@dataclass
class Platform:
    """Both sides of WeChat, as far as a crowd needs them."""

    web: str
    envelope: Envelope
    fault: str = "none"
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each text was accepted for each resident."""
    calls: Counter[str] = field(default_factory=Counter)
    tokens: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def push(self, openid: str, content: str, msg_id: str) -> Pushed:
        """Bring a message to the callback as WeChat does: up to three tries of five seconds."""
        xml = text(content).to_xml(
            openid=openid,
            account_id=ACCOUNT,
            created=int(now().timestamp()),
            msg_id=msg_id,
        )
        met = ""
        reader = Reader(self.envelope, ACCOUNT, lambda media_id: False)
        for tried in range(1, TRIES + 1):
            began = time.monotonic()
            request = wire.seal(
                self.envelope,
                url=f"{self.web}/wechat",
                openid=openid,
                xml=xml,
                timestamp=int(now().timestamp()),
                disguise=Disguise(),
            )
            answer = wire.call("POST", request.url, request.body, limit=PATIENCE)
            try:
                reply = reader.read(answer, openid=openid)
            except AbnormalReplyError as error:
                met = str(error)
                # A connection refused is noticed at once; the next try comes no sooner for it.
                time.sleep(max(0.0, PATIENCE - (time.monotonic() - began)))
                continue
            return Pushed(
                msg_id,
                openid,
                acknowledged=True,
                reply=reply.text if reply else "",
                tries=tried,
                ms=answer.ms,
            )
        return Pushed(msg_id, openid, acknowledged=False, reply="", tries=TRIES, ms=0, error=met)

    def answer(self, path: str, body: dict[str, object], token: str) -> tuple[int, str]:
        """Answer a call of the API; status 0: let it hang."""
        self.calls[f"{self.fault}"] += 1
        if path.endswith("token"):
            made = secrets.token_hex(16)
            with self.lock:
                self.tokens.add(made)
            return 200, json.dumps({"access_token": made, "expires_in": 7200})
        if self.fault == "html":
            return 502, "<html><body>Bad Gateway</body></html>"
        if self.fault == "timeout":
            return 0, ""
        if self.fault in CODES or token not in self.tokens:
            code = CODES.get(self.fault, 40001)
            return 200, json.dumps({"errcode": code, "errmsg": "chaos"})
        if self.fault == "slow":
            time.sleep(SLOW_SECONDS)  # accepted, but the caller has hung up by then
        if path.endswith("message/custom/send"):
            self._accept(body)
        return 200, json.dumps({"errcode": 0, "errmsg": "ok"})

    def _accept(self, body: dict[str, object]) -> None:
        content = body.get("text")
        said = str(content.get("content", "")) if isinstance(content, dict) else ""
        with self.lock:
            self.accepted[str(body.get("touser", "")), said] += 1


class Handler(BaseHTTPRequestHandler):
    """One connection to the platform's API."""

    protocol_version = "HTTP/1.1"
    served: ClassVar[Platform]

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        token = parts.query.partition("access_token=")[2].partition("&")[0]
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            body = {}
        status, text = self.served.answer(parts.path, body, token)
        if status == 0:
            time.sleep(SLOW_SECONDS)
            self.close_connection = True
            return
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST  # noqa: N815 (http.server's name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: a crowd calls."""

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            return  # the caller was killed


def serve(platform: Platform, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """Serve the platform's API, on a port of its own if none is given, until it is shut down."""
    handler = type("Handler", (Handler,), {"served": platform})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
