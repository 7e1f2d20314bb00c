"""Policy documents: the list, uploading one, reading its articles over, putting it in force."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.errors import InvalidInputError
from bot.knowledge import policies, uploads
from bot.knowledge.policies import LONGEST_NUMBER, LONGEST_TITLE, PolicyDraft
from bot.knowledge.scope import NATIONAL
from bot.knowledge.second_reader import OWN, waits_for_another
from bot.knowledge.tables import UploadState
from bot.people.tables import Role, Staff
from handlers.console.display import local
from handlers.console.forms import beside, day
from handlers.console.knowledge_edit import SCOPES
from handlers.console.session import db, me, tools

LABELS = {
    "标题": "title", "文号": "document_number", "施行日期": "effective_on",
    "失效日期": "valid_until", "文件": "file", "地区": "scope",
}  # fmt: skip


def make_blueprint() -> Blueprint:
    """Return the pages of policy documents; everybody may read them, admins change them."""
    routes = Blueprint("policies", __name__, url_prefix="/policies")
    routes.add_url_rule("/", view_func=list_documents)
    routes.add_url_rule("/new", view_func=add, methods=["GET", "POST"])
    routes.add_url_rule("/<int:document_id>", view_func=show)
    routes.add_url_rule("/uploads/<int:upload_id>", view_func=upload)
    routes.add_url_rule("/uploads/<int:upload_id>/live", view_func=upload_live)
    routes.add_url_rule("/<int:document_id>/publish", view_func=publish, methods=["POST"])
    routes.add_url_rule("/<int:document_id>/withdraw", view_func=withdraw, methods=["POST"])
    return routes


def list_documents() -> ResponseReturnValue:
    """List every version of every document."""
    today = local(tools().now()).date()
    return render_template(
        "policies/list.html",
        rows=policies.listed(db()),
        uploads=uploads.without_document(db(), now=tools().now())
        if me().role == Role.ADMIN
        else (),
        today=today,
    )


def show(document_id: int) -> ResponseReturnValue:
    """Show a document as it was split, in force or not."""
    document, passages = policies.get(db(), document_id)
    author = db().get(Staff, document.author_id) if document.author_id else None
    return render_template(
        "policies/document.html",
        document=document,
        passages=passages,
        own=OWN if waits_for_another(db(), document, me().id) else "",
        author=author.name if author else "命令行导入",
        today=local(tools().now()).date(),
    )


def add() -> ResponseReturnValue:
    """Upload a document, a large one for a chore; it stays a draft until somebody read it over."""
    if request.method == "GET":
        return _form(MultiDict({"scope": NATIONAL}))
    try:
        draft, by, now = _draft(), me().id, tools().now()
        if len(draft.text) >= uploads.LARGE:
            waits = uploads.keep(db(), draft, author_id=by, now=now)
            return redirect(url_for("policies.upload", upload_id=waits.id))
        kept = policies.import_document(db(), draft, author_id=by, now=now)
    except InvalidInputError as error:
        return _form(request.form, problem=str(error), status=400)
    flash("文件已经拆好，还没有发布。请看一遍下面拆出来的条文，没问题再发布。")
    return redirect(url_for("policies.show", document_id=kept.id))


def upload(upload_id: int) -> ResponseReturnValue:
    """Show how far a large document has come."""
    return render_template("policies/upload.html", upload=uploads.get(db(), upload_id))


def upload_live(upload_id: int) -> ResponseReturnValue:
    """Return the same for a page that waits; nothing (204) while it still does."""
    found = uploads.get(db(), upload_id)
    if found.state == UploadState.WAITING:
        return "", 204
    return render_template("policies/_upload.html", upload=found)


def publish(document_id: int) -> ResponseReturnValue:
    """Offer the document's passages, and no other version's."""
    policies.publish(db(), document_id, staff_id=me().id, now=tools().now())
    flash("已发布，从居民的下一条消息起，没有现成答案时就会找到它。")
    return redirect(url_for("policies.show", document_id=document_id))


def withdraw(document_id: int) -> ResponseReturnValue:
    """Offer nothing of the document any more."""
    policies.withdraw(db(), document_id, staff_id=me().id, now=tools().now())
    flash("已撤下，从居民的下一条消息起不再给出它的原文。内容还在，可以再发布。")
    return redirect(url_for("policies.show", document_id=document_id))


def _draft() -> PolicyDraft:
    form, file = request.form, request.files.get("file")
    content = file.read() if file else b""
    scope = form.get("scope", NATIONAL)
    if scope not in SCOPES:
        msg = "没有这个地区，请重新选。"
        raise InvalidInputError(msg)
    if not content:
        msg = "请选择文件，不能是空的。"
        raise InvalidInputError(msg)
    return PolicyDraft(
        form.get("title", ""),
        policies.read_text(content),
        document_number=form.get("document_number", ""),
        scope=scope,
        effective_on=day(form.get("effective_on", ""), label="施行日期"),
        valid_until=day(form.get("valid_until", ""), label="失效日期"),
    )


def _form(
    values: MultiDict[str, str], *, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "policies/new.html",
        values=values,
        problems=beside(problem, LABELS) if problem else {},
        scopes=SCOPES,
        longest_title=LONGEST_TITLE,
        longest_number=LONGEST_NUMBER,
    )
    return make_response(page, status)
