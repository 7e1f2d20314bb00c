"""The caseworkers' desk: lists, a ticket's conversation, and what changes while one looks."""

import hashlib

from flask import Blueprint, Response, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from bot.errors import NotFoundError
from bot.media import FOLDER, Media
from bot.tickets import scope, thread
from handlers.console import (
    talk,
    talk_words,
    tickets_deeds,
    tickets_deeds_more,
    tickets_drafts,
    tickets_filters,
    tickets_flags,
    tickets_sealed,
    tickets_words,
)
from handlers.console.kept import shown
from handlers.console.looking import looked, query_mark
from handlers.console.session import db, me, tools
from handlers.console.tickets_desk import desk, kept_lists
from handlers.console.tickets_page import ticket_page

TOKEN_LENGTH = 16


def make_blueprint() -> Blueprint:
    """Return the pages of tickets."""
    routes = Blueprint("tickets", __name__)
    routes.add_url_rule("/tickets", "mine", show_list)
    routes.add_url_rule("/tickets/live", "live", live)
    routes.add_url_rule("/tickets/<number>", "show", show)
    routes.add_url_rule("/tickets/<number>/media/<int:media_id>", "media", media)
    routes.add_url_rule("/tickets/<number>/media/<int:media_id>/preview", "preview", preview)
    tickets_deeds.add_routes(routes)
    talk.add_routes(routes)
    tickets_drafts.add_routes(routes)
    tickets_filters.add_routes(routes)
    tickets_sealed.add_routes(routes)
    routes.record_once(_install_words)
    return routes


def show_list() -> ResponseReturnValue:
    """Show a view of the board."""
    kept, parts = kept_lists(), desk()
    wanted = parts["wanted"]
    looked("tickets.list", view=wanted.view)
    if wanted.words:
        key = tools().settings.console.secret_key.get_secret_value()
        looked("tickets.search", view=wanted.view, query=query_mark(wanted.words, key))
    return render_template("tickets/desk.html", **parts, kept_lists=kept)


def show(number: str) -> ResponseReturnValue:
    """Show a ticket beside the list it was opened from; of a confidential one its cover."""
    try:
        page = ticket_page(number)
    except NotFoundError:
        cover = tickets_sealed.instead_of(number)
        if cover is None:
            raise
        return cover
    return render_template("tickets/desk.html", **(desk() | page))


def live() -> ResponseReturnValue:
    """Return what is on the page now; nothing (204) when the page has it already."""
    number = request.args.get("open", "")
    parts = desk()
    try:
        parts |= ticket_page(number) if number else {}
    except NotFoundError:
        parts["gone"] = number
    return if_changed(render_template("tickets/live.html", **parts), str(parts["unread"]))


def if_changed(fragment: str, unread: str) -> Response:
    """Answer with the fragment and a token of it, unless the page sent this very token."""
    version = hashlib.sha256(fragment.encode()).hexdigest()[:TOKEN_LENGTH]
    if request.args.get("v") == version:
        return make_response("", 204)
    response = make_response(fragment)
    response.headers["X-Version"] = version
    response.headers["HX-Trigger"] = f'{{"unread": {unread}}}'
    return response


def media(number: str, media_id: int) -> ResponseReturnValue:
    """Serve a picture, voice or video of this ticket, under the type its bytes have."""
    found = _media(number, media_id)
    return _file(number, found.path, found.content_type)


def preview(number: str, media_id: int) -> ResponseReturnValue:
    """Serve what a browser can show of it: a voice as MP3, a picture small."""
    found = _media(number, media_id)
    return _file(number, found.preview_path, found.preview_type)


def _media(number: str, media_id: int) -> Media:
    found = thread.media_of(db(), scope.find(db(), number, staff=me()), media_id)
    if found is None:
        raise NotFoundError(number)
    return found


def _file(number: str, name: str, content_type: str) -> ResponseReturnValue:
    path = tools().settings.service.data_dir / FOLDER / name
    if not name or not path.is_file():
        raise NotFoundError(number)
    return shown(path, content_type)


def _install_words(state: BlueprintSetupState) -> None:
    tickets_words.install(state.app)
    jinja = state.app.jinja_env
    jinja.filters.update(
        flags=tickets_flags.flags,
        draft_name=tickets_flags.draft_name,
        matter=tickets_flags.matter,
    )
    jinja.filters.update(talk_words.FILTERS)
    jinja.globals["deeds_with_drafts"] = (
        "reply",
        *tickets_deeds.DEEDS,
        *tickets_deeds_more.DEEDS,
    )
