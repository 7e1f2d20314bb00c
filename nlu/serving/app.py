"""The HTTP face of the model: the part of Rasa's interface that the bot uses."""

import asyncio
import functools
import hmac
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web

from nlu import encoder
from nlu.serving.model import Model, ModelError, load

LARGEST_BODY = 1024 * 1024
LONGEST_TEXT = 5_000
MOST_TEXTS = 32
MOST_WAITING = 4
"""Parses under way, from which the next does without a sentence vector: 40 ms for each
would make the last wait longer than anybody waits."""
MOST_ASKING = 2
"""Questions whose vector is made or waits, from which the next is refused at once: it would
come too late, and whoever asks goes by words alone."""
KINDS = {"query": encoder.query, "passage": encoder.passage}

_HELD = web.AppKey("held", dict[str, Model])
_WAITING = web.AppKey("waiting", dict[str, int])
_TOKEN = web.AppKey("token", str)
_PARSER = web.AppKey("parser", ThreadPoolExecutor)
_ENCODER = web.AppKey("encoder", ThreadPoolExecutor)
_OPEN_PATHS = {"/", "/healthy"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(model: Model, *, token: str) -> web.Application:
    """
    Return the application; every path but the health check needs *token*.

    It is to be run with `handler_cancellation`: what a caller no longer waits for is
    not begun, so that a rush is over when its callers have given up.
    """
    app = web.Application(
        middlewares=[refuse_clearly, require_token], client_max_size=LARGEST_BODY
    )
    app[_HELD] = {"model": model}
    app[_WAITING] = {"parses": 0, "questions": 0}
    app[_TOKEN] = token
    # One thread each: a model is asked one text at a time, and a second thread for
    # it cost more than it brought; more processes are the way to more messages.
    app[_PARSER] = ThreadPoolExecutor(1, "parse")
    app[_ENCODER] = ThreadPoolExecutor(1, "embed")
    app.router.add_get("/", healthy)
    app.router.add_get("/healthy", healthy)
    app.router.add_post("/model/parse", parse)
    app.router.add_post("/embed", embed)
    app.router.add_put("/model", swap)
    return app


async def healthy(request: web.Request) -> web.Response:
    """Say which model answers."""
    model = request.app[_HELD]["model"]
    return web.json_response({"status": "ok", "model": model.name, "model_id": model.model_id})


async def parse(request: web.Request) -> web.Response:
    """Answer what the model makes of {"text": …}; {…, "hurried": true}: without a vector."""
    body = await _body(request)
    text = body.get("text")
    if not isinstance(text, str):
        return refusal(HTTPStatus.BAD_REQUEST, '"text" must be a string')
    if len(text) > LONGEST_TEXT:
        reason = f'"text" is longer than {LONGEST_TEXT} characters'
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)
    app, loop = request.app, asyncio.get_running_loop()
    hurried = body.get("hurried") is True or app[_WAITING]["parses"] >= MOST_WAITING
    read = functools.partial(app[_HELD]["model"].parse, text, hurried=hurried)
    app[_WAITING]["parses"] += 1
    try:
        return web.json_response(await loop.run_in_executor(app[_PARSER], read))
    finally:
        app[_WAITING]["parses"] -= 1


async def embed(request: web.Request) -> web.Response:
    """Answer the vectors of {"texts": […], "kind": "query" or "passage"}."""
    body = await _body(request)
    texts, encode = body.get("texts"), KINDS.get(str(body.get("kind")))
    if encode is None:
        return refusal(HTTPStatus.BAD_REQUEST, '"kind" must be "query" or "passage"')
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
        return refusal(HTTPStatus.BAD_REQUEST, f'"texts" must be 1 to {MOST_TEXTS} strings')
    if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts):
        reason = f'each of "texts" must be a string of at most {LONGEST_TEXT} characters'
        return refusal(HTTPStatus.BAD_REQUEST, reason)
    waiting, one = request.app[_WAITING], len(texts) == 1
    if one and (waiting["questions"] >= MOST_ASKING or waiting["parses"] >= MOST_WAITING):
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many wait already")
    loop, pool = asyncio.get_running_loop(), request.app[_ENCODER]
    waiting["questions"] += one
    try:
        # Text by text, so that a question waits for one text of a long list and not for all.
        found = [await loop.run_in_executor(pool, encode, [text]) for text in texts]
    except encoder.EncoderMissingError as error:
        return refusal(HTTPStatus.NOT_IMPLEMENTED, str(error))
    finally:
        waiting["questions"] -= one
    written = [encoder.written(vector) for (vector,) in found]
    return web.json_response({"model": encoder.MODEL, "vectors": written})


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
