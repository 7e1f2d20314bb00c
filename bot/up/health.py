"""Asking a process over HTTP whether it serves."""

import http.client
from http import HTTPStatus
from urllib.parse import urlsplit

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - never bound
SECONDS = 2


def answers(url: str) -> bool:
    """Say whether a GET of *url* is answered without an error."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(
        address.hostname or "", address.port or 80, timeout=SECONDS
    )
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status < HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def url(host: str, port: int, path: str = "") -> str:
    """Return the address at which this machine reaches a server bound to *host*."""
    host = EVERYWHERE.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
