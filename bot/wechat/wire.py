"""HTTP to WeChat's API: one call, every failure one of our errors, no secret in any of them.

Plain requests instead of wechatpy's client, of which nothing would be left: it fetches a refused
token by calling itself without end, gives that fetch no timeout, puts the app secret into the
texts of its errors, returns an HTML page as if it were success, keeps the token per process, and
has no argument for the AI label, for typing or for stable_token.
"""

import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import (
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from bot.wechat.outcomes import NoCode, error_for, failed

_CHUNK = 65536
_JSON = "application/json; charset=utf-8"
_MOST_JSON = 1_000_000
_LONGEST_SECONDS = 60
_SECRETS = re.compile(r"((?:access_token|secret)=)[^&\s\"']+")


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an HTTP 200."""

    content: bytes
    content_type: str


class Wire:
    """Calls one API address with timeouts; follows no redirect and retries nothing."""

    def __init__(self, base: str, *, connect_seconds: float, read_seconds: float) -> None:
        """Keep one pool of connections; its log lines lose the tokens in their addresses."""
        self._base = base.rstrip("/")
        self._timeout = (connect_seconds, read_seconds)
        self._http = requests.Session()
        logging.getLogger("urllib3.connectionpool").addFilter(_mask)

    def call(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """
        Return WeChat's JSON object; a POST where there is a payload.

        Raises:
            SendRefusedError, SendLaterError: as bot/wechat/outcomes.py has them.
        """
        answer = self.fetch(path, params=params, payload=payload, most_bytes=_MOST_JSON)
        return read_object(answer.content)

    def fetch(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        payload: Mapping[str, Any] | None = None,
        most_bytes: int,
    ) -> Answer:
        """
        Return the body of an HTTP 200, whatever it is; at most one byte more than *most_bytes*.

        Raises:
            SendLaterError: no answer, or not with status 200.
        """
        # WeChat shows \\uXXXX on the phone as it stands, so the letters go out as they are.
        body = None if payload is None else json.dumps(payload, ensure_ascii=False).encode()
        sent: dict[str, Any] = {"data": body, "headers": {"Content-Type": _JSON}}
        return self._exchange(path, params=params, sent=sent, most_bytes=most_bytes)

    def upload(
        self, path: str, *, params: Mapping[str, str], content: bytes, content_type: str
    ) -> dict[str, Any]:
        """
        Post a file as a form does and return WeChat's JSON object.

        Raises:
            SendRefusedError, SendLaterError: as bot/wechat/outcomes.py has them.
        """
        name = f"file.{content_type.rpartition('/')[2]}"
        sent: dict[str, Any] = {"files": {"media": (name, content, content_type)}}
        answer = self._exchange(path, params=params, sent=sent, most_bytes=_MOST_JSON)
        return read_object(answer.content)

    def _exchange(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None,
        sent: Mapping[str, Any],
        most_bytes: int,
    ) -> Answer:
        url = path if urlsplit(path).scheme else self._base + path
        try:
            with self._http.request(
                "POST" if sent.get("data") or sent.get("files") else "GET",
                url,
                params=params,
                **sent,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response, most_bytes)
        except requests.ConnectTimeout:
            raise failed(NoCode.NETWORK) from None
        except requests.Timeout:
            raise failed(NoCode.TIMEOUT) from None
        except requests.ConnectionError as error:
            raise failed(_connection_failure(error)) from None
        except HTTPError:  # the answer broke off
            raise failed(NoCode.TIMEOUT) from None
        except requests.RequestException:
            raise failed(NoCode.UNREADABLE) from None


def read_object(content: bytes) -> dict[str, Any]:
    """Return the JSON object in *content*; an errcode other than 0 is its error."""
    try:
        answer = json.loads(content)
        code = int(answer.get("errcode") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise failed(NoCode.UNREADABLE) from None
    if code:
        raise error_for(code)
    return dict(answer)


def _read(response: requests.Response, most_bytes: int) -> Answer:
    status = response.status_code
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise failed(NoCode.REDIRECTED)
    if status != HTTPStatus.OK:
        raise failed(NoCode.HTTP_ERROR)
    content = bytearray()
    give_up_at = time.monotonic() + _LONGEST_SECONDS
    # The read timeout starts anew with every byte, so it alone does not end a slow trickle.
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        content += chunk
        if len(content) > most_bytes:
            break
        if time.monotonic() > give_up_at:
            raise failed(NoCode.TIMEOUT)
    kept = bytes(content[: most_bytes + 1])
    return Answer(kept, response.headers.get("Content-Type", ""))


def _connection_failure(error: requests.ConnectionError) -> NoCode:
    """Tell a call that never left from one whose answer was lost on the way."""
    never_left = (NewConnectionError, ProxyError, SSLError)
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return NoCode.NETWORK if isinstance(reason, never_left) else NoCode.TIMEOUT


def _mask(record: logging.LogRecord) -> bool:
    record.msg, record.args = _SECRETS.sub(r"\1…", record.getMessage()), ()
    return True
