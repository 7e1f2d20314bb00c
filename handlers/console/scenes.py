"""QR codes of communities and organisations, and their posters."""

from collections.abc import Callable

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError, NotFoundError
from bot.people import organisations, places, scenes
from bot.people.areas import full_name, load_areas
from bot.people.posters import poster_pdf, poster_png
from handlers.console import forms
from handlers.console.forms import whole
from handlers.console.session import db, me, tools

LABELS = {"名称": "name", "地区": "area", "机构": "organisation_id"}
Draw = Callable[[str, str, str], bytes]


def make_blueprint() -> Blueprint:
    """Return the page of codes and what may be done there."""
    routes = Blueprint("staff_codes", __name__, url_prefix="/codes")
    routes.add_url_rule("/", view_func=list_codes)
    routes.add_url_rule("/", endpoint="make", view_func=make, methods=["POST"])
    routes.add_url_rule("/<code>/active", view_func=set_active, methods=["POST"])
    routes.add_url_rule("/<code>/again", view_func=again, methods=["POST"])
    routes.add_url_rule("/<code>/poster.pdf", view_func=pdf)
    routes.add_url_rule("/<code>/poster.png", view_func=png)
    return routes


def list_codes() -> ResponseReturnValue:
    """Show all codes."""
    return _page()


def make() -> ResponseReturnValue:
    """Have a new code made."""
    form = request.form
    try:
        scene = scenes.make(
            db(),
            name=form.get("name", ""),
            area_code=_area(form.get("area", "")),
            organisation_id=whole("organisation_id") or None,
            by=me(),
            now=tools().now(),
        )
    except InvalidInputError as error:
        return _page(problem=str(error))
    flash(f"“{scene.name}”的二维码正在向微信要，几秒钟就好，刷新这一页就能下载海报。")
    return redirect(url_for("staff_codes.list_codes"))


def set_active(code: str) -> ResponseReturnValue:
    """Retire a code, or take it into use again."""
    scene, on = scenes.get(db(), code), request.form.get("on") == "1"
    scenes.set_active(db(), scene, on=on, by=me(), now=tools().now())
    flash(f"“{scene.name}”{'又启用了' if on else '已停用，再扫它不会归到这里'}。")
    return redirect(url_for("staff_codes.list_codes"))


def again(code: str) -> ResponseReturnValue:
    """Ask WeChat once more."""
    scene = scenes.get(db(), code)
    scenes.ask_again(db(), scene, by=me(), now=tools().now())
    flash(f"再向微信要一次“{scene.name}”的二维码。")
    return redirect(url_for("staff_codes.list_codes"))


def pdf(code: str) -> ResponseReturnValue:
    """Hand out the poster to print."""
    return _poster(code, poster_pdf, "application/pdf", "pdf")


def png(code: str) -> ResponseReturnValue:
    """Hand out the poster as a picture."""
    return _poster(code, poster_png, "image/png", "png")


def _poster(code: str, draw: Draw, content_type: str, ending: str) -> Response:
    scene = scenes.get(db(), code)
    if not scene.url:
        msg = f"poster of {code}"
        raise NotFoundError(msg)
    content = draw(tools().settings.service.name, scene.name, scene.url)
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"poster-{code}.{ending}")
    return response


def _area(text: str) -> str:
    code = places.find(db(), text) if text.strip() else ""
    if text.strip() and not code:
        msg = (
            f"没有找到地区“{text.strip()}”，请写州市、县区，或导入过的乡镇、村和社区，"
            "例如 昆明市官渡区关上街道。"
        )
        raise InvalidInputError(msg)
    return code


def _page(*, problem: str = "") -> ResponseReturnValue:
    listed = scenes.listed(db())
    page = render_template(
        "scenes/list.html",
        listed=listed,
        where={it.scene.code: places.written(db(), it.scene.area_code) for it in listed},
        organisations=[it for it in organisations.everybody(db()) if it.active],
        areas=[full_name(code) for code in load_areas().by_code],
        values=request.form if problem else {},
        problems=forms.beside(problem, LABELS) if problem else {},
    )
    return make_response(page, 400 if problem else 200)
