"""The public Flask app: WeChat's callback, health, metrics for this machine."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from flask import Flask, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.orm import configure_mappers
from werkzeug.exceptions import HTTPException

from bot import metrics
from bot.db.engine import engine_at
from bot.health import check
from bot.knowledge.search import KnowledgeSearch
from bot.line import Line
from bot.logs import configure_logs
from bot.places import threads_for
from bot.settings import Settings, load_settings
from bot.understanding.crisis import find_crisis
from bot.wechat.envelope import Envelope
from bot.wiring import keep_fresh, make_line, warm_up
from handlers.web import binding, callback
from handlers.web.handed import Handed

LOOPBACK = {"127.0.0.1", "::1"}


def make_app(settings: Settings, line: Line) -> Flask:
    """Return the public app on an assembled line."""
    app = Flask("yunqiao.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.wechat.max_body_bytes
    edge = callback.Edge(
        envelope=Envelope(settings.wechat),
        line=line,
        # More than turns at once: a turn goes on when its call has been answered, and what
        # comes meanwhile is stored.
        pool=ThreadPoolExecutor(threads_for(settings.web.threads), thread_name_prefix="turn"),
        handed=Handed(line.engine, line.now),
        passive_seconds=settings.wechat.passive_seconds,
    )
    app.register_blueprint(callback.make_blueprint(edge))
    app.register_blueprint(binding.make_blueprint(line))
    app.add_url_rule("/healthy", view_func=lambda: _healthy(line))
    app.add_url_rule("/metrics", view_func=_metrics)
    app.register_error_handler(HTTPException, _short)
    return app


def share() -> None:
    """Load what the processes of a server share, before they part: `bot/up/succession.py`."""
    configure_logs("web")
    configure_mappers()
    find_crisis("")
    settings = load_settings()
    with engine_at(settings.database_url) as engine:
        warm_up(make_line(settings, engine=engine, knowledge=_knowledge()))


def create_app() -> Flask:
    """Return the app of one process, from the settings; for the WSGI server."""
    settings = load_settings()
    configure_logs("web")
    line = make_line(settings, knowledge=_knowledge())
    warm_up(line)
    keep_fresh(line)
    return make_app(settings, line)


@cache
def _knowledge() -> KnowledgeSearch:
    return KnowledgeSearch()


def _healthy(line: Line) -> tuple[Response, int]:
    urls = line.tools.settings.nlu.urls
    health = check(line.engine, now=line.now(), nlu=urls)
    parts = {**health.parts, "last_read_by": line.reader.status().source}
    return jsonify(ok=health.ok, parts=parts, process=os.getpid()), 200 if health.ok else 503


def _metrics() -> Response:
    # A proxy on the same machine has the same address; it says so in this header.
    if request.remote_addr not in LOOPBACK or "X-Forwarded-For" in request.headers:
        abort(404)
    return Response(metrics.numbers(), content_type=CONTENT_TYPE_LATEST)


def _short(error: HTTPException) -> Response:
    """Answer scanners with a code and nothing to read."""
    return Response("", status=error.code, content_type="text/plain")
