"""The page on which quick replies are kept: one's own, a team's, everybody's."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.errors import InvalidInputError
from bot.people.tables import Role, Team
from bot.replies import filling, phrases
from bot.replies.phrases import Draft, Phrase, Shared
from handlers.console.forms import beside
from handlers.console.session import db, me, tools

SHARED = {Shared.OWN: "只给我自己用", Shared.TEAM: "给一个小组用", Shared.ALL: "给大家用"}
HEADS = (
    (Shared.OWN, "我的", "person"),
    (Shared.TEAM, "小组的", "people"),
    (Shared.ALL, "大家的", "globe"),
    (Shared.SHIPPED, "通用的", "box"),
)
LABELS = {"名称": "title", "内容": "text", "小组": "team"}
MOST_DIGITS = 9


def make_blueprint() -> Blueprint:
    """Return the pages of quick replies."""
    routes = Blueprint("phrases", __name__, url_prefix="/phrases")
    routes.add_url_rule("/", "list_phrases", list_phrases)
    routes.add_url_rule("/new", "new", edit, methods=["GET", "POST"])
    routes.add_url_rule("/<key>", "edit", edit, methods=["GET", "POST"])
    routes.add_url_rule("/<key>/drop", "drop", drop, methods=["POST"])
    return routes


def list_phrases() -> ResponseReturnValue:
    """Show every phrase this person may use, and what they may change."""
    words = request.args.get("q", "").strip()
    found = [
        phrase
        for phrase in phrases.visible_to(db(), me())
        if all(word in phrase.title or word in phrase.text for word in words.split())
    ]
    groups = [
        (label, symbol, [phrase for phrase in found if phrase.shared == shared])
        for shared, label, symbol in HEADS
    ]
    return render_template("phrases/list.html", groups=groups, words=words, gaps=filling.OPEN)


def edit(key: str = "") -> ResponseReturnValue:
    """Show the form of a phrase, and keep what it holds."""
    phrase = phrases.get(db(), me(), key) if key else None
    if request.method == "GET":
        copied = request.args.get("copy", "")
        start = phrase or (phrases.get(db(), me(), copied) if copied else None)
        return _form(key, _of(start, own=bool(copied)), {})
    draft = _typed()
    try:
        phrases.keep(db(), draft, by=me(), now=tools().now(), key=key)
    except InvalidInputError as error:
        return make_response(_form(key, draft, beside(str(error), LABELS)), 400)
    flash("存好了，写回复时在“常用语、政策”里找得到。")
    return redirect(url_for("phrases.list_phrases"), 303)


def drop(key: str) -> ResponseReturnValue:
    """Delete a phrase."""
    phrases.drop(db(), key, by=me())
    flash("删掉了。已经发出去的回复不变。")
    return redirect(url_for("phrases.list_phrases"), 303)


def _form(key: str, draft: Draft, problems: dict[str, str]) -> str:
    choices = SHARED if me().role == Role.SUPERVISOR else {Shared.OWN: SHARED[Shared.OWN]}
    teams = db().execute(select(Team.id, Team.name).order_by(Team.name)).all()
    if not teams:
        choices = {shared: label for shared, label in choices.items() if shared != Shared.TEAM}
    return render_template(
        "phrases/form.html",
        key=key,
        draft=draft,
        problems=problems,
        choices=choices,
        teams=teams,
        gaps=filling.OPEN,
        longest=phrases.LONGEST_TEXT,
        longest_title=phrases.LONGEST_TITLE,
    )


def _of(phrase: Phrase | None, *, own: bool) -> Draft:
    if phrase is None:
        return Draft("", "", Shared.OWN)
    return Draft(phrase.title, phrase.text, Shared.OWN if own else phrase.shared, phrase.team_id)


def _typed() -> Draft:
    form, shared = request.form, request.form.get("shared", "")
    team = form.get("team", "")
    return Draft(
        form.get("title", ""),
        form.get("text", ""),
        Shared(shared) if shared in set(SHARED) else Shared.OWN,
        int(team) if team.isdecimal() and len(team) <= MOST_DIGITS else None,
    )
