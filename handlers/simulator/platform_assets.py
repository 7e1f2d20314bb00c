"""The API side: temporary media, the menu, QR codes and user data."""

import io
import secrets
from datetime import timedelta

import segno
from flask import Blueprint, Response, request

from handlers.simulator import media as files
from handlers.simulator.answers import PlatformError, answer, body, done, part, refusal, string
from handlers.simulator.here import simulator, world
from handlers.simulator.model import Json, Ticket

assets = Blueprint("assets", __name__)
MOST_TOP = 3
MOST_SUB = 5
LONGEST_TOP = 16
LONGEST_SUB = 60
LONGEST_SCENE = 64
LONGEST_LIFE = 2_592_000


@assets.post("/media/upload")
def upload() -> Response:
    """Take a temporary file."""
    kind = request.args.get("type", "")
    if kind not in files.LIMITS:
        raise PlatformError(40004)
    data = _file()
    if not data:
        raise PlatformError(41005)
    largest, mimes = files.LIMITS[kind]
    if len(data) > largest:
        raise PlatformError(40006)
    if files.guess_mime(data) not in mimes:
        raise PlatformError(40005)
    kept = simulator().media.add(kind, data, files.guess_mime(data))
    created = int(kept.created_at.timestamp())
    return answer(type=kind, media_id=kept.media_id, created_at=created)


@assets.get("/media/get")
def download() -> Response:
    """Give a temporary file back, for three days; a video as an address."""
    found = simulator().media.find(request.args.get("media_id", ""))
    if found is None:
        raise PlatformError(40007)
    if found.kind == "video":
        return answer(video_url=f"{request.host_url}sim/media/{found.media_id}")
    response = Response(simulator().media.read(found), content_type=found.mime)
    name = f"{found.media_id[:12]}.{found.mime.partition('/')[2]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@assets.post("/menu/create")
def create_menu() -> Response:
    """Replace the menu."""
    buttons = body().get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_TOP:
        raise PlatformError(40016)
    for button in buttons:
        _check_button(button)
    with world().changing() as state:
        state.menu = {"button": buttons}
    return done()


@assets.route("/menu/delete", methods=["GET", "POST"])
def delete_menu() -> Response:
    """Remove the menu."""
    with world().changing() as state:
        state.menu = None
    return done()


@assets.get("/menu/get")
def get_menu() -> Response:
    """Return the menu as it was made."""
    with world().reading() as state:
        return answer(menu=state.menu) if state.menu else refusal(46003)


@assets.get("/get_current_selfmenu_info")
def current_menu() -> Response:
    """Return the menu in the platform's other form."""
    with world().reading() as state:
        buttons = (state.menu or {}).get("button", [])
        shown = [_current(button) for button in buttons]
        return answer(is_menu_open=int(bool(shown)), selfmenu_info={"button": shown})


@assets.post("/qrcode/create")
def create_code() -> Response:
    """Make a QR code for a scene."""
    fields = body()
    scene = part(part(fields, "action_info"), "scene")
    value = string(scene, "scene_str") or string(scene, "scene_id")
    if not value or len(value) > LONGEST_SCENE:
        raise PlatformError(40035)
    temporary = string(fields, "action_name") in {"QR_SCENE", "QR_STR_SCENE"}
    seconds = min(int(string(fields, "expire_seconds") or 60), LONGEST_LIFE) if temporary else 0
    url = f"http://weixin.qq.com/q/02{secrets.token_urlsafe(12)}"
    ends = world().now() + timedelta(seconds=seconds) if temporary else None
    made = Ticket(f"gQ{secrets.token_urlsafe(60)}", value, url, ends)
    with world().changing() as state:
        state.tickets[made.ticket] = made
    life = {"expire_seconds": seconds} if temporary else {}
    return answer(ticket=made.ticket, url=url, **life)


@assets.get("/showqrcode")
def show_code() -> Response:
    """Draw a QR code."""
    with world().reading() as state:
        found = state.tickets.get(request.args.get("ticket", ""))
    if found is None or (found.expires_at and found.expires_at <= world().now()):
        return Response("", 404)
    picture = io.BytesIO()
    segno.make(found.url).save(picture, kind="png", scale=8)
    return Response(picture.getvalue(), content_type="image/png")


@assets.get("/user/info")
def user_info() -> Response:
    """Tell the little that the platform still tells of a user."""
    openid = request.args.get("openid", "")
    resident = world().find(openid)
    if resident is None:
        raise PlatformError(40003)
    if not resident.followed:
        return answer(subscribe=0, openid=openid, tagid_list=[])
    since = int(resident.followed_at.timestamp()) if resident.followed_at else 0
    return answer(
        subscribe=1,
        openid=openid,
        language="zh_CN",
        subscribe_time=since,
        remark="",
        groupid=0,
        tagid_list=[],
        subscribe_scene="ADD_SCENE_QR_CODE" if resident.scene else "ADD_SCENE_SEARCH",
        qr_scene=0,
        qr_scene_str=resident.scene,
    )


def _file() -> bytes:
    file = request.files.get("media")
    if file is None:
        return b""
    with file.stream as stream:
        return stream.read()


def _check_button(button: object, *, top: bool = True) -> None:
    if not isinstance(button, dict):
        raise PlatformError(47001)
    name = string(button, "name")
    if not name or len(name.encode()) > (LONGEST_TOP if top else LONGEST_SUB):
        raise PlatformError(40018)
    subs = button.get("sub_button") or []
    if not isinstance(subs, list) or len(subs) > MOST_SUB or (subs and not top):
        raise PlatformError(40023)
    for sub in subs:
        _check_button(sub, top=False)


def _current(button: Json) -> Json:
    subs = button.get("sub_button")
    return {**button, "sub_button": {"list": subs}} if subs else button
