"""The console as an application: everything put together."""

import os
from functools import partial

from flask import Blueprint, Flask, Response, g, jsonify, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_bootstrap import Bootstrap5
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.routing import IntegerConverter, Map

from bot.clock import Clock, now
from bot.db.engine import make_engine
from bot.db.form import fits
from bot.db.news import make_news
from bot.db.replica import make_replica
from bot.knowledge.search import KnowledgeSearch
from bot.logs import configure_logs
from bot.people.tables import Role
from bot.settings import Settings, load_settings
from handlers.console import (
    account,
    assets,
    audit,
    auth,
    calendar,
    casefile,
    casefile_file,
    dangers,
    display,
    disputes,
    drills,
    identity,
    knowledge,
    knowledge_asked,
    knowledge_edit,
    knowledge_policies,
    leaves,
    navigation,
    notices,
    organisations,
    outbox,
    phrases,
    placement,
    privacy,
    privacy_books,
    problems,
    reports,
    reports_exports,
    reports_weekly,
    roster,
    scenes,
    second,
    security,
    staff,
    supervise,
    supervise_bulk,
    tickets,
)
from handlers.console.access import is_public
from handlers.console.session import Tools, tools, with_person
from handlers.console.unchanged import unless_unchanged

PAGES = (
    *(
        assets,
        auth,
        account,
        second,
        tickets,
        casefile,
        casefile_file,
        knowledge,
        knowledge_asked,
        knowledge_edit,
        knowledge_policies,
        dangers,
    ),
    *(notices, outbox, phrases, staff, placement, roster, leaves, scenes, organisations),
    *(calendar, audit, supervise, supervise_bulk, reports, reports_exports),
    *(reports_weekly, disputes, drills, privacy, privacy_books),
)
"""The parts of the console; each gives its routes by `make_blueprint()`."""

GUESSABLE = (
    *("auth.sign_in", "auth.second", "account.password"),
    *("second.start", "second.confirm", "second.codes", "second.remove", "second.prove"),
)
"""What asks for a password or a code."""


class Id(IntegerConverter):
    """A row's number in an address; one that no row can have names nothing."""

    def __init__(self, map: Map) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, max=2**31 - 1)


class Console(Flask):
    """Refuses by default: a view runs as somebody the table lets, in one transaction."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view that the address names."""
        if request.endpoint is None or is_public(request.endpoint):
            return super().dispatch_request()
        return unless_unchanged(partial(with_person, super().dispatch_request))


def create_app() -> Flask:
    """Return the console of this installation, for gunicorn."""
    configure_logs("console")
    settings = load_settings()
    engine = make_engine(settings.database_url)
    return make_app(settings, engine=engine, now=now)


def make_app(settings: Settings, *, engine: Engine, now: Clock) -> Flask:
    """Return a console on this database and clock."""
    app = Console("handlers.console")
    app.url_map.converters["int"] = Id
    replica = make_replica(settings.database.replica_url)
    news = make_news(settings.redis.url, engine)
    app.extensions["console"] = Tools(settings, engine, now, KnowledgeSearch(), replica, news)
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Bootstrap5(app)
    identity.protect(app)
    security.protect(app, settings)
    assets.install(app)
    display.install(app)
    problems.install(app)
    for part in PAGES:
        app.register_blueprint(part.make_blueprint())
    app.register_blueprint(_health())
    app.add_url_rule("/", "home", home)
    app.context_processor(_frame)
    security.throttle(app, settings, endpoints=GUESSABLE)
    return app


def home() -> ResponseReturnValue:
    """Go to what this person works with first."""
    return redirect(navigation.places(g.who)[0].url)


def _frame() -> dict[str, object]:
    """What the frame around every page shows."""
    who = g.get("who")
    return {
        "service_name": tools().settings.service.name,
        "who": who,
        "bell": g.get("bell"),
        "roles": Role,
        "places": navigation.places(who) if who else [],
        "phone_places": navigation.phone_places(who) if who else [],
    }


def _health() -> Blueprint:
    routes = Blueprint("health", __name__)
    routes.add_url_rule("/healthy", view_func=healthy)
    return routes


def healthy() -> Response:
    """Say whether the console can work, and name what cannot."""
    failing = _failing(tools().engine)
    return make_response(
        jsonify(healthy=not failing, failing=failing, process=os.getpid()), 503 if failing else 200
    )


def _failing(engine: Engine) -> list[str]:
    try:
        return [] if fits(engine) else ["migrations"]
    except SQLAlchemyError:
        return ["database"]
