"""The HTTP face of the model: the part of Rasa's interface that the bot uses."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web

from nlu.serving.model import Model, ModelError, load

LARGEST_BODY = 64 * 1024
LONGEST_TEXT = 5_000

_HELD = web.AppKey("held", dict[str, Model])
_TOKEN = web.AppKey("token", str)
_OPEN_PATHS = {"/", "/healthy"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(model: Model, *, token: str) -> web.Application:
    """Return the application; every path but the health check needs *token*."""
    app = web.Application(
        middlewares=[refuse_clearly, require_token], client_max_size=LARGEST_BODY
    )
    app[_HELD] = {"model": model}
    app[_TOKEN] = token
    app.router.add_get("/", healthy)
    app.router.add_get("/healthy", healthy)
    app.router.add_post("/model/parse", parse)
    app.router.add_put("/model", swap)
    return app


async def healthy(request: web.Request) -> web.Response:
    """Say which model answers."""
    model = request.app[_HELD]["model"]
    return web.json_response({"status": "ok", "model": model.name, "model_id": model.model_id})


async def parse(request: web.Request) -> web.Response:
    """Answer what the model makes of {"text": …}."""
    text = (await _body(request)).get("text")
    if not isinstance(text, str):
        return refusal(HTTPStatus.BAD_REQUEST, '"text" must be a string')
    if len(text) > LONGEST_TEXT:
        reason = f'"text" is longer than {LONGEST_TEXT} characters'
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)
    return web.json_response(request.app[_HELD]["model"].parse(text))


async def swap(request: web.Request) -> web.Response:
    """Load {"model_file": …} beside the model in use, then answer with the new one."""
    name = (await _body(request)).get("model_file")
    if not isinstance(name, str):
        return refusal(HTTPStatus.BAD_REQUEST, '"model_file" must be a string')
    loop = asyncio.get_running_loop()
    try:
        request.app[_HELD]["model"] = await loop.run_in_executor(None, load, Path(name))
    except ModelError as error:
        return refusal(HTTPStatus.BAD_REQUEST, str(error))
    return web.Response(status=HTTPStatus.NO_CONTENT)


@web.middleware
async def require_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request pass that carries the token, in a time that tells nothing of it."""
    given = request.query.get("token", "").encode()
    known = hmac.compare_digest(given, request.app[_TOKEN].encode())
    if known or request.path in _OPEN_PATHS:
        return await handler(request)
    return refusal(HTTPStatus.UNAUTHORIZED, "the token is missing or wrong")


@web.middleware
async def refuse_clearly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error as JSON, and none with what a resident wrote."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return refusal(HTTPStatus(error.status), error.reason)
    except ValueError:
        return refusal(HTTPStatus.BAD_REQUEST, "the body must be a JSON object")


def refusal(status: HTTPStatus, reason: str) -> web.Response:
    """Return an error in the shape that Rasa uses."""
    body = {"status": "failure", "code": int(status), "reason": status.phrase, "message": reason}
    return web.json_response(body, status=status)


async def _body(request: web.Request) -> dict[str, Any]:
    body = json.loads(await request.text())
    if not isinstance(body, dict):
        msg = "not an object"
        raise ValueError(msg)  # noqa: TRY004  (the caller's mistake, answered with 400)
    return body
