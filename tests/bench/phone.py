"""A crowd that pushes as WeChat does: signed, encrypted, on connections that stay open."""

import itertools
import random
import threading
import time
import xml.etree.ElementTree as ET  # what is read here is our own service's answer
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import yaml

from bot.clock import now
from bot.evaluation.shares import percentiles
from handlers.simulator.crypto import Envelope
from tests.bench.recipes import NLU
from tests.chaos.platform import ACCOUNT

SECONDS = 5.0
"""So long WeChat waits."""
IDLE_SECONDS = 1.0
EACH_WRITES = 10
MOST_EACH = 10_000
"""Residents that one connection may be, one after another."""
SHARES: Mapping[str, int] = {
    "policy_question": 50,
    "help_request": 15,
    "dispute": 10,
    "greeting": 8,
    "thanks": 5,
    "out_of_scope": 5,
    "ticket_status": 4,
    "crisis": 3,
}
"""Of a hundred messages."""
Ask = Callable[[int, str], bool]
"""Sends a text in the name of a resident; says whether it was answered properly in time."""


@dataclass(frozen=True, slots=True)
class Load:
    """What so many connections got."""

    clients: int
    answered: int
    missed: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


def sealed(
    envelope: Envelope, said: str, *, openid: str, nonce: str
) -> tuple[Mapping[str, str], bytes]:
    """Return query and body of a push as the platform makes them; *nonce* is its MsgId too."""
    stamp = str(int(now().timestamp()))
    xml = (
        f"<xml><ToUserName>{ACCOUNT}</ToUserName><FromUserName>{openid}</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType>text</MsgType>"
        f"<Content><![CDATA[{said}]]></Content><MsgId>{nonce}</MsgId></xml>"
    )
    cipher = envelope.encrypt(xml)
    query = {
        "timestamp": stamp,
        "nonce": nonce,
        "signature": envelope.sign(stamp, nonce),
        "encrypt_type": "aes",
        "msg_signature": envelope.sign(stamp, nonce, cipher),
    }
    body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{cipher}</Encrypt></xml>"
    return query, body.encode()


class Phone:
    """One connection, which pushes one message after another."""

    def __init__(self, port: int, envelope: Envelope, *, path: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self._envelope, self._path = envelope, path
        self._used = 0.0

    def push(self, number: int, said: str) -> bool:
        """Push a text; say whether a reply, or `success`, came in time and was signed."""
        query, body = sealed(
            self._envelope, said, openid=f"o-crowd-{number}", nonce=str(next(_MESSAGES))
        )
        try:
            answer = self._call(f"{self._path}?{urlencode(query)}", body)
        except (OSError, HTTPException):
            self._connection.close()
            return False
        return answer == b"success" or self._proper(answer)

    def _call(self, address: str, body: bytes) -> bytes:
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._connection.close()  # the server may be closing it; the next call opens another
        self._used = time.monotonic()
        self._connection.request("POST", address, body, {"Content-Type": "text/xml"})
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise HTTPException(str(response.status))
        return content

    def _proper(self, answer: bytes) -> bool:
        fields = {it.tag: it.text or "" for it in ET.fromstring(answer)}  # noqa: S314
        signed = (fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
        opened = self._envelope.decrypt(fields["Encrypt"])
        return self._envelope.sign(*signed) == fields["MsgSignature"] and "<Content>" in opened


_MESSAGES = itertools.count(10**15)


@cache
def piles() -> Mapping[str, Sequence[str]]:
    """Return what people write, by what they want."""
    found = {}
    for name in SHARES:
        content = yaml.load((NLU / "data" / f"{name}.yml").read_text("utf-8"), yaml.CSafeLoader)
        said = (example["text"].strip() for example in content["nlu"][0]["examples"])
        found[name] = [text for text in said if text]
    return found


def texts(seed: int) -> Iterator[str]:
    """Return what people write, in the shares of SHARES, for ever."""
    chance, known = random.Random(seed), piles()
    names = (chance.choices(list(SHARES), list(SHARES.values()))[0] for _ in itertools.count())
    return (chance.choice(known[name]) for name in names)


def crowd(
    asks: Sequence[Ask], words: Iterator[str], *, seconds: float, first: int, rate: float = 0.0
) -> Load:
    """
    Let each of *asks* send one text after another for so long; residents count from *first*.

    A connection is one resident for EACH_WRITES texts, then another: nobody writes
    twice at the same moment.

    With a *rate* so many messages a second come in all, whether answered or not, and
    what waited for a free connection counts as waiting.
    """
    lock, times, missed = threading.Lock(), list[float](), itertools.count()
    numbers = itertools.count()
    began = time.perf_counter()

    def live(place: int, ask: Ask) -> None:
        for own in itertools.count():
            with lock:
                number, said = next(numbers), next(words)
            due = began + number / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            if due - began >= seconds:
                return
            if ask(first + place * MOST_EACH + own // EACH_WRITES, said):
                times.append((time.perf_counter() - due) * 1000)
            else:
                next(missed)

    threads = [threading.Thread(target=live, args=it) for it in enumerate(asks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    found = percentiles(times)
    at = (found.p50 or 0.0, found.p95 or 0.0, found.p99 or 0.0)
    return Load(len(asks), len(times), next(missed), len(times) / took, *at)
