"""The simulator's Flask app."""

import atexit

from flask import Flask, Response, jsonify
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from bot import clock
from bot.clock import Clock
from bot.errors import SettingsError
from bot.logs import configure_logs
from bot.settings import Settings, load_settings
from handlers.simulator.carrier import Callback
from handlers.simulator.consent import consent
from handlers.simulator.control import control
from handlers.simulator.crypto import Envelope
from handlers.simulator.faults import FaultDesk
from handlers.simulator.guard import add_headers
from handlers.simulator.here import EXTENSION, Simulator
from handlers.simulator.media import MediaShelf
from handlers.simulator.page import page
from handlers.simulator.platform_api import api
from handlers.simulator.push import Pusher
from handlers.simulator.snapshot import Snapshot
from handlers.simulator.tokens import TokenDesk
from handlers.simulator.world import World

ACCOUNT_ID = "gh_yunqiao_demo"
LARGEST_BODY = 11 * 1024 * 1024


class ReadableJson(DefaultJSONProvider):
    """Chinese stays Chinese, for whoever reads the control API with curl."""

    ensure_ascii = False


def make_app(
    settings: Settings,
    *,
    now: Clock = clock.now,
    callback_url: str = "",
    limit_seconds: float = 5.0,
) -> Flask:
    """
    Return the simulator's app; it must run as one process, with threads.

    *callback_url* is the service's callback, by default where `web` listens;
    *limit_seconds* is the patience of the platform, which tests make shorter.

    Raises:
        SettingsError: a production installation, or the simulator is switched off.
    """
    _refuse_production(settings)
    app = Flask("handlers.simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json = ReadableJson(app)
    url = callback_url or f"http://{settings.web.host}:{settings.web.port}/wechat"
    app.extensions[EXTENSION] = _assemble(settings, now, url, limit_seconds)
    for blueprint in (api, consent, control, page):
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _explain)
    app.after_request(add_headers)
    return app


def create_app() -> Flask:
    """Return the app of the one process, from the settings; for the WSGI server."""
    settings = load_settings()
    configure_logs("simulator")
    app = make_app(settings)
    parts: Simulator = app.extensions[EXTENSION]
    atexit.register(parts.world.save)
    return app


def _refuse_production(settings: Settings) -> None:
    if settings.service.mode == "production":
        msg = "the phone simulator does not start in production: service.mode must be demo"
        raise SettingsError(msg)
    if not settings.simulator.enabled:
        msg = "the phone simulator is switched off: set simulator.enabled to true"
        raise SettingsError(msg)


def _assemble(settings: Settings, now: Clock, url: str, limit: float) -> Simulator:
    folder, wechat = settings.service.data_dir, settings.wechat
    world = World(Snapshot(folder / "simulator.json"), now)
    media = MediaShelf(folder / "simulator-media", world)
    faults = FaultDesk(world)
    envelope = Envelope(
        wechat.token.get_secret_value(), wechat.aes_key.get_secret_value(), wechat.app_id
    )
    callback = Callback(url, envelope, wechat.account_id or ACCOUNT_ID, limit)
    pusher = Pusher(world, callback, faults, media)
    return Simulator(settings, world, media, faults, TokenDesk(world), pusher)


def _explain(error: HTTPException) -> tuple[Response, int]:
    return jsonify({"error": error.description}), error.code or 500
