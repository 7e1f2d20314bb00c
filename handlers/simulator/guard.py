"""Who may drive the simulator: this machine's own page and programs, no other web site."""

import ipaddress
from urllib.parse import urlsplit

from flask import Response, abort, request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A form on another site can send only these without asking the browser first.
FORM_TYPES = frozenset(
    {"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def refuse_other_sites(configured_host: str) -> None:
    """Abort with 403 unless the request comes from the simulator's own page or a program."""
    _check_host(configured_host)
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403, "another web site may not drive the simulator")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403, "another web site may not drive the simulator")
    if request.method != "DELETE" and request.mimetype in FORM_TYPES:
        abort(415, "send application/json, or the file's own type")


def add_headers(response: Response) -> Response:
    """Keep the page to its own scripts, styles and pictures."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _check_host(configured_host: str) -> None:
    """A name that an attacker points at this machine must not open the door."""
    name = urlsplit(f"//{request.host}").hostname or ""
    if name in {"localhost", configured_host}:
        return
    try:
        ipaddress.ip_address(name)
    except ValueError:
        abort(403, "open the simulator by its address or as localhost")
