"""Changing the knowledge base: writing, publishing, withdrawing.  For admins."""

from dataclasses import asdict, fields

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.contracts import Source
from bot.errors import ConflictError, InvalidInputError
from bot.knowledge import entries, wordings
from bot.knowledge.drafts import LONGEST_ANSWER, LONGEST_QUESTION
from bot.knowledge.entries import Draft, EntryView
from bot.knowledge.scope import NATIONAL
from bot.knowledge.second_reader import OWN, waits_for_another
from bot.knowledge.tables import EntryVersion
from bot.people.areas import load_areas
from handlers.console.forms import beside, day, lines, words
from handlers.console.knowledge import topic_names
from handlers.console.session import db, me, tools

SOURCE = tuple(field.name for field in fields(Source))
LABELS = {
    "标准问题": "question", "问题和问法": "question", "问法": "variants", "答案": "answer",
    "出处": "sources", "主题": "topic", "细类": "subject", "适用地区": "scope",
    "总条目": "variant_of", "适用人群": "audience", "有效期": "valid_until",
    "开始日期": "valid_from", "结束日期": "valid_until", "编辑备注": "editor_note",
}  # fmt: skip
TEXTS = (
    "question", "answer", "topic", "subject", "scope", "variant_of", "audience", "editor_note",
)  # fmt: skip
IN_FORCE = "已发布，居民的下一条消息就按新内容回答。"
SPARE_ROWS = 1
SCOPES = (NATIONAL, *load_areas().by_code)


def make_blueprint() -> Blueprint:
    """Return the pages that change entries."""
    routes = Blueprint("knowledge_edit", __name__, url_prefix="/knowledge")
    routes.add_url_rule("/new", view_func=add, methods=["GET", "POST"])
    routes.add_url_rule("/<entry_id>/edit", view_func=edit, methods=["GET", "POST"])
    routes.add_url_rule("/<entry_id>/publish", view_func=publish, methods=["POST"])
    routes.add_url_rule("/<entry_id>/withdraw", view_func=withdraw, methods=["POST"])
    routes.add_url_rule("/<entry_id>/variants", view_func=add_variant, methods=["POST"])
    return routes


def add() -> ResponseReturnValue:
    """Write a new entry."""
    if request.method == "GET":
        return _form(MultiDict({"scope": "national", "question": _asked()}))
    if request.form.get("do") == "more":
        return _form(request.form, spare=SPARE_ROWS + 1)
    try:
        version = entries.create(db(), _draft(), author_id=me().id, now=tools().now())
    except InvalidInputError as error:
        return _form(request.form, problem=str(error), status=400)
    return _saved(version, draft="new")


def edit(entry_id: str) -> ResponseReturnValue:
    """Write a new version of an entry; nothing is overwritten that somebody else just wrote."""
    view = entries.get(db(), entry_id)
    if request.method == "GET":
        return _form(_values(view), view=view)
    if request.form.get("do") == "more":
        return _form(request.form, view=view, spare=SPARE_ROWS + 1)
    based_on = request.form.get("based_on", 0, type=int)
    try:
        version = entries.revise(
            db(), entry_id, _draft(), author_id=me().id, now=tools().now(), based_on=based_on
        )
    except ConflictError:
        return _form(request.form, view=view, theirs=True, status=409)
    except InvalidInputError as error:
        return _form(request.form, view=view, problem=str(error), status=400)
    return _saved(version, draft=entry_id)


def publish(entry_id: str) -> ResponseReturnValue:
    """Put the version that was read in force."""
    number = request.form.get("number", 0, type=int)
    entries.publish(db(), entry_id, staff_id=me().id, now=tools().now(), number=number)
    flash(IN_FORCE)
    return redirect(url_for("knowledge.show", entry_id=entry_id))


def withdraw(entry_id: str) -> ResponseReturnValue:
    """Stop answering from an entry."""
    entries.withdraw(db(), entry_id, staff_id=me().id, now=tools().now())
    flash("已撤下，从居民的下一条消息起不再用它回答。内容还在，随时可以再发布。")
    return redirect(url_for("knowledge.show", entry_id=entry_id))


def add_variant(entry_id: str) -> ResponseReturnValue:
    """Add a phrasing; in force at once where nothing else waits to be published."""
    before = entries.get(db(), entry_id)
    text = request.form.get("text", "")
    version = entries.add_variant(db(), entry_id, text, author_id=me().id, now=tools().now())
    if waits_for_another(db(), version, me().id):
        flash(f"问法已加进草稿。{OWN}")
    elif before.entry.published_version_id == before.newest.id:
        entries.publish(db(), entry_id, staff_id=me().id, now=tools().now(), number=version.number)
        flash("问法已加上，居民的下一条消息就能认出来。")
    else:
        flash("问法已加进草稿，发布后生效。")
    return redirect(url_for("knowledge.show", entry_id=entry_id))


def _asked() -> str:
    """Return the kept question that the new entry is to answer, if it is one's start."""
    wording_id = request.args.get("wording", 0, type=int)
    return wordings.get(db(), wording_id).text if wording_id else ""


def _saved(version: EntryVersion, *, draft: str) -> ResponseReturnValue:
    if request.form.get("do") != "publish":
        flash("草稿已保存，还没有发布；居民看到的没有变。")
    elif waits_for_another(db(), version, me().id):
        flash(f"草稿已保存。{OWN}")
    else:
        entries.publish(
            db(), version.entry_id, staff_id=me().id, now=tools().now(), number=version.number
        )
        flash(IN_FORCE)
    return redirect(url_for("knowledge.show", entry_id=version.entry_id, saved=draft))


def _form(
    values: MultiDict[str, str],
    *,
    view: EntryView | None = None,
    spare: int = SPARE_ROWS,
    problem: str = "",
    theirs: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "knowledge/edit.html",
        values=values,
        view=view,
        sources=[*_sources(values), *[Source("")] * spare],
        problems=beside(problem, LABELS) if problem else {},
        theirs=view.newest if theirs and view else None,
        topics=topic_names(),
        scopes=SCOPES,
        longest_answer=LONGEST_ANSWER,
        longest_question=LONGEST_QUESTION,
    )
    return make_response(page, status)


def _values(view: EntryView) -> MultiDict[str, str]:
    draft = entries.draft_of(view.newest)
    values: dict[str, str | list[str]] = {
        "variants": "\n".join(draft.variants),
        "hotlines": "、".join(draft.hotlines),
        "valid_from": str(draft.valid_from or ""),
        "valid_until": str(draft.valid_until or ""),
        "based_on": str(view.newest.number),
    }
    for name in TEXTS:
        values[name] = getattr(draft, name)
    for name in SOURCE:
        values[f"source_{name}"] = [asdict(source)[name] for source in draft.sources]
    return MultiDict(values)


def _sources(values: MultiDict[str, str]) -> list[Source]:
    columns = [values.getlist(f"source_{name}") for name in SOURCE]
    rows = [Source(*(text.strip() for text in row)) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(asdict(row).values())]


def _draft() -> Draft:
    form = request.form
    texts = {name: form.get(name, "") for name in TEXTS}
    return Draft(
        **texts,
        variants=lines(form.get("variants", "")),
        sources=tuple(_sources(form)),
        hotlines=words(form.get("hotlines", "")),
        valid_from=day(form.get("valid_from", ""), label="开始日期"),
        valid_until=day(form.get("valid_until", ""), label="结束日期"),
    )
