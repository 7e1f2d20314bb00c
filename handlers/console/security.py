"""What every answer of the console carries, and what every request must."""

from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.settings import Settings

POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
REFUSED = 400
COOKIE = "yunqiao_console"
FILES = frozenset({"static", "bootstrap.static", "assets.htmx"})
LARGEST_FORM = 1024 * 1024
LARGEST_WITH_FILES = {
    "file.attach": 32 * 1024 * 1024,
    "tickets.reply": 11 * 1024 * 1024,
    "tickets.compose": 11 * 1024 * 1024,
    "tickets.call": 11 * 1024 * 1024,
}
"""What takes files: they are counted and measured one by one afterwards."""
MINUTES_AN_HOUR = 10
"""An address that goes on trying gets so many minutes' worth of tries an hour."""
YEAR = 365 * 24 * 3600


def protect(app: Flask, settings: Settings) -> None:
    """Set cookies, form tokens, headers and the proxy's address for every request."""
    app.config.update(
        SECRET_KEY=settings.console.secret_key.get_secret_value(),
        # The prefix keeps a neighbouring host of the same domain from planting one.
        SESSION_COOKIE_NAME=("__Host-" if settings.console.secure_cookies else "") + COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.console.secure_cookies,
        PERMANENT_SESSION_LIFETIME=settings.console.session_hours * 3600,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # a token lasts as long as the login it belongs to
        # The token is bound to the cookie; comparing the Referer with Host as well only
        # breaks installations whose proxy does not hand the Host on.
        WTF_CSRF_SSL_STRICT=False,
    )
    # Before the token is looked for: that reads the form, as large as it is.
    app.before_request(_make_room)
    CSRFProtect(app)
    app.after_request(_with_headers)
    if settings.console.secure_cookies:
        # HTTPS means a proxy stands before us on this machine; its last entry is the caller.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


def throttle(app: Flask, settings: Settings, *, endpoints: Sequence[str]) -> None:
    """Allow each address so many POSTs a minute to each view that asks for a password."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=settings.redis.url or "memory://",
        in_memory_fallback_enabled=True,
    )
    often = settings.console.login_per_minute
    limits = f"{often} per minute; {often * MINUTES_AN_HOUR} per hour"
    limit = limiter.limit(limits, methods=["POST"])
    for endpoint in endpoints:
        app.view_functions[endpoint] = cast("RouteCallable", limit(app.view_functions[endpoint]))


def safe_next(target: str) -> str:
    """Return *target* if it is a path of this app, else the home page: no open redirect."""
    parts = urlsplit(target)
    odd = "\\" in target or any(ord(character) <= ord(" ") for character in target)
    if parts.scheme or parts.netloc or odd or not target.startswith("/") or target[1:2] == "/":
        return "/"
    return target


def came_from() -> str:
    """Return the page of ours the form stood on, or home."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))


def _make_room() -> None:
    if request.endpoint in LARGEST_WITH_FILES:
        request.max_content_length = LARGEST_WITH_FILES[request.endpoint]


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint in FILES and "v" in request.args and response.status_code < REFUSED:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
