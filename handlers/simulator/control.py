"""The control API, first half: residents, and everything they can do on the phone."""

import secrets

from flask import Blueprint, Response, abort, jsonify, request

from handlers.simulator import media, samples, sent, views
from handlers.simulator.control_events import events
from handlers.simulator.control_fields import (
    json_fields,
    known_resident,
    number_field,
    push,
    text_field,
)
from handlers.simulator.control_world import stage
from handlers.simulator.guard import refuse_other_sites
from handlers.simulator.here import simulator, world
from handlers.simulator.model import Media, Resident

control = Blueprint("control", __name__, url_prefix="/sim")
OPENID_LENGTH = 27
LONGEST_UPLOAD = 10 * 1024 * 1024


@control.before_request
def check_caller() -> None:
    """Refuse other web sites."""
    refuse_other_sites(simulator().settings.simulator.host)


@control.get("/residents")
def residents() -> Response:
    """List the residents."""
    with world().reading() as state:
        return jsonify([views.resident_json(world(), r) for r in state.residents.values()])


@control.post("/residents")
def create_resident() -> tuple[Response, int]:
    """Make a resident: {"name", "about", "openid", "followed"}, all optional."""
    fields = json_fields()
    with world().changing() as state:
        number = len(state.residents) + 1
        openid = str(fields.get("openid") or "o" + secrets.token_urlsafe(30)[:OPENID_LENGTH])
        followed = bool(fields.get("followed", False))
        made = Resident(
            openid=openid,
            name=text_field(fields, "name", samples.NEW_NAME.format(number=number)),
            about=text_field(fields, "about", samples.NEW_ABOUT),
            colour=str(1 + (number - 1) % 6),
            followed=followed,
            followed_at=world().now() if followed else None,
        )
        state.residents[openid] = made
    return jsonify(views.resident_json(world(), made)), 201


@control.get("/residents/<openid>")
def resident(openid: str) -> Response:
    """Show one resident."""
    return jsonify(views.resident_json(world(), known_resident(openid)))


@control.get("/residents/<openid>/chat")
def chat(openid: str) -> Response:
    """List the bubbles of a chat; `?after=` a bubble's id."""
    after = request.args.get("after", 0, int)
    return jsonify([views.bubble_json(b) for b in world().chat(openid) if b.id > after])


@control.get("/residents/<openid>/quota")
def quota(openid: str) -> Response:
    """Say what may still be sent to the resident."""
    return jsonify(world().quota(known_resident(openid).openid))


@control.post("/residents/<openid>/text")
def send_text(openid: str) -> Response:
    """Send {"text"}; with "menu_id" it is a tap on a choice."""
    fields = json_fields()
    text = text_field(fields, "text")
    if not text:
        abort(400, "text is empty")
    return push(openid, sent.text(text, menu_id=text_field(fields, "menu_id")))


@control.post("/residents/<openid>/voice")
def send_voice(openid: str) -> Response:
    """Send speech: {"text": recognised or null, "seconds"}."""
    fields = json_fields()
    heard = fields.get("text")
    seconds = max(1, min(60, int(fields.get("seconds") or 3)))
    kept = simulator().media.add("voice", media.silent_voice(seconds), "audio/amr")
    return push(openid, sent.voice(kept, str(heard) if heard else None, seconds))


@control.post("/residents/<openid>/image")
def send_image(openid: str) -> Response:
    """Send the photo in the body, or a small one when the body is JSON."""
    given = None if request.is_json else request.get_data()
    data = given or media.small_picture()
    mime = media.guess_mime(data)
    if not mime.startswith("image/") or len(data) > LONGEST_UPLOAD:
        abort(400, "a PNG, JPEG or GIF of up to 10 MB")
    kept = simulator().media.add("image", data, mime)
    return push(openid, sent.image(kept, f"{request.host_url}sim/media/{kept.media_id}"))


@control.post("/residents/<openid>/video")
def send_video(openid: str) -> Response:
    """Send a small video."""
    kept = simulator().media.add("video", media.small_video(), "video/mp4")
    thumb = simulator().media.add("thumb", media.small_picture(), "image/png")
    return push(openid, sent.video(kept, thumb))


@control.post("/residents/<openid>/location")
def send_location(openid: str) -> Response:
    """Send {"latitude", "longitude", "label"}."""
    fields = json_fields()
    latitude, longitude = (
        number_field(fields, "latitude", 25.04),
        number_field(fields, "longitude", 102.71),
    )
    return push(openid, sent.location(latitude, longitude, text_field(fields, "label")))


@control.post("/residents/<openid>/link")
def send_link(openid: str) -> Response:
    """Send {"title", "description", "url"}."""
    fields = json_fields()
    title, words, url = (text_field(fields, k) for k in ("title", "description", "url"))
    return push(openid, sent.link(title, words, url))


@control.post("/residents/<openid>/file")
def send_file(openid: str) -> Response:
    """Send a kind of message that services do not get: {"kind", "title"}."""
    fields = json_fields()
    kind = text_field(fields, "kind", "file")
    return push(openid, sent.unknown(kind, text_field(fields, "title", "工资表.xlsx")))


@control.get("/media/<media_id>")
def show_media(media_id: str) -> Response:
    """Give a file's bytes: a photo's PicUrl, as public as the platform's own."""
    kept: Media | None = simulator().media.find(media_id)
    if kept is None:
        abort(404)
    response = Response(simulator().media.read(kept), content_type=kept.mime)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


for blueprint in (events, stage):
    control.register_blueprint(blueprint)
