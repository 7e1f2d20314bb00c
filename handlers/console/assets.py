"""Icons and scripts out of installed packages; nothing comes from another host."""

import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Flask, Response, send_file
from markupsafe import Markup

HERE = Path(__file__).parent
SPRITE = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/icons/bootstrap-icons.svg"
SYMBOL = re.compile(r'<symbol class="[^"]*" viewBox="([^"]*)" id="([^"]*)">(.*?)</symbol>')
VERSIONED = frozenset({"static", "bootstrap.static", "assets.htmx"})


def make_blueprint() -> Blueprint:
    """Return the route of htmx."""
    routes = Blueprint("assets", __name__)
    routes.add_url_rule("/assets/htmx.js", view_func=htmx)
    return routes


def htmx() -> Response:
    """Serve htmx as its package ships it."""
    return send_file(str(files("js_lib_htmx") / "static/htmx/htmx.min.js"))


def install(app: Flask) -> None:
    """Give templates `icon(name)`, and every address of a file a version, for long caching."""
    app.jinja_env.globals["icon"] = icon

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint in VERSIONED:
            values["v"] = _version(str(values.get("filename", "")))


def icon(name: str) -> Markup:
    """
    Return a Bootstrap icon as inline SVG, for use beside a word.

    The whole sprite has 1.1 MB, which nobody should load on a village's network.
    """
    box, shapes = _symbols()[name]
    return Markup(  # noqa: S704 (both parts come from the installed package)
        f'<svg class="icon" viewBox="{box}" fill="currentColor" aria-hidden="true">{shapes}</svg>'
    )


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    found = SYMBOL.findall(SPRITE.read_text("utf-8"))
    return {name: (box, shapes) for box, name, shapes in found}


@cache
def _version(filename: str) -> str:
    """A hash of our own file; the packages' files change with the packages only."""
    path = HERE / "static" / filename
    content = path.read_bytes() if filename and path.is_file() else b"package"
    return hashlib.sha256(content).hexdigest()[:10]
