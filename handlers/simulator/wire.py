"""One request of a push: its address, its body, and the call over HTTP."""

import http.client
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from handlers.simulator.crypto import Envelope

NONCE_BELOW = 10**10


@dataclass(frozen=True, slots=True)
class Request:
    """What goes over the wire."""

    url: str
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; *error* is set when nothing did."""

    status: int = 0
    body: bytes = b""
    ms: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Disguise:
    """How a push differs from a proper one, by fault."""

    mode: str = "safe"
    bad_signature: bool = False
    age_seconds: int = 0
    control_chars: bool = False
    doctype: bool = False


def seal(
    envelope: Envelope, *, url: str, openid: str, xml: str, timestamp: int, disguise: Disguise
) -> Request:
    """Return the signed request that carries *xml*, as the platform makes it."""
    stamp, nonce = str(timestamp - disguise.age_seconds), str(secrets.randbelow(NONCE_BELOW))
    xml = _spoil(xml, disguise)
    query = {"signature": envelope.sign(stamp, nonce), "timestamp": stamp, "nonce": nonce}
    query["openid"] = openid
    if disguise.mode == "plaintext":
        return Request(f"{url}?{urlencode(query)}", xml)
    sealed = envelope.encrypt(xml)
    signature = envelope.sign(stamp, nonce, sealed)
    query |= {
        "encrypt_type": "aes",
        "msg_signature": signature[::-1] if disguise.bad_signature else signature,
    }
    inner = f"<Encrypt><![CDATA[{sealed}]]></Encrypt>"
    if disguise.mode == "compat":
        return Request(f"{url}?{urlencode(query)}", xml.replace("</xml>", f"{inner}</xml>"))
    to = xml.partition("<ToUserName>")[2].partition("</ToUserName>")[0]
    return Request(f"{url}?{urlencode(query)}", f"<xml><ToUserName>{to}</ToUserName>{inner}</xml>")


def verification(envelope: Envelope, *, url: str, timestamp: int, echo: str) -> str:
    """Return the address of the GET with which the platform checks a callback."""
    stamp, nonce = str(timestamp), str(secrets.randbelow(NONCE_BELOW))
    query = {"signature": envelope.sign(stamp, nonce), "echostr": echo}
    return f"{url}?{urlencode(query | {'timestamp': stamp, 'nonce': nonce})}"


def call(method: str, url: str, body: str, *, limit: float) -> Answer:
    """Make the request; anything slower than *limit* seconds is no answer."""
    started = time.perf_counter()
    try:
        status, answer = _exchange(method, url, body.encode(), limit)
    except TimeoutError:
        return Answer(ms=_since(started), error="timeout")
    except (OSError, http.client.HTTPException) as error:
        return Answer(ms=_since(started), error=f"no answer: {type(error).__name__}")
    if time.perf_counter() - started > limit:
        return Answer(ms=_since(started), error="timeout")
    return Answer(status, answer, _since(started))


def _exchange(method: str, url: str, body: bytes, limit: float) -> tuple[int, bytes]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=limit)
    try:
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        connection.request(method, f"{parts.path}?{parts.query}", body or None, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _spoil(xml: str, disguise: Disguise) -> str:
    if disguise.control_chars:
        xml = xml.replace("<Content><![CDATA[", "<Content><![CDATA[\x08\x1d")
    if disguise.doctype:
        xml = f'<!DOCTYPE xml [<!ENTITY a "a">]>{xml}'
    return xml


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
