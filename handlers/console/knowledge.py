"""The knowledge base: finding entries, reading them as residents do, trying a sentence."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.contracts import Action, Hit
from bot.conversation.answering import answer_text
from bot.conversation.feedback import feedback_on
from bot.knowledge import entries
from bot.knowledge.listing import LONE
from bot.knowledge.scope import variants_of
from bot.knowledge.second_reader import OWN, waits_for_another
from bot.knowledge.tables import EntryState, EntryVersion
from bot.knowledge.topics import NO_TOPIC, load_topics
from bot.people.areas import place_meant
from bot.people.tables import Staff
from handlers.console.display import local
from handlers.console.session import db, me, tools

STATES = (
    ("", "全部状态"),
    (EntryState.PUBLISHED, "已发布"),
    (entries.PENDING, "待发布"),
    (EntryState.DRAFT, "草稿"),
    (EntryState.WITHDRAWN, "已撤下"),
    (LONE, "只有一种问法"),
)
BANDS = {
    Action.ANSWER: ("直接回答", "good", "把第一条发给居民。"),
    Action.OFFER: ("给出选项", "soon", "让居民从前三条里选，或者找社工。"),
    Action.DECLINE: ("转给社工", "info", "没有把握，不回答，登记给社工。"),
}
LONGEST_TRIAL = 500


def make_blueprint() -> Blueprint:
    """Return the pages everybody may read."""
    routes = Blueprint("knowledge", __name__, url_prefix="/knowledge")
    routes.add_url_rule("/", view_func=list_entries)
    routes.add_url_rule("/try", view_func=try_out, methods=["GET", "POST"])
    routes.add_url_rule("/<entry_id>", view_func=show)
    return routes


def list_entries() -> ResponseReturnValue:
    """List entries; what is looked for stands in the address."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "topic", "state")}
    found = entries.find(
        db(),
        text=asked["q"],
        topic=asked["topic"],
        state=asked["state"],
        page=request.args.get("page", 1, type=int),
    )
    template = "knowledge/_rows.html" if "HX-Request" in request.headers else "knowledge/list.html"
    return render_template(
        template, found=found, asked=asked, states=STATES, topics=topic_names(), today=_today()
    )


def show(entry_id: str) -> ResponseReturnValue:
    """Show one entry: in force, as a resident reads it, and all it said before."""
    view = entries.get(db(), entry_id)
    shown = view.published or view.newest
    return render_template(
        "knowledge/entry.html",
        view=view,
        shown=shown,
        preview=preview(shown),
        own=OWN if waits_for_another(db(), view.newest, me().id) else "",
        pending=view.newest.id != view.entry.published_version_id,
        names=dict(db().execute(select(Staff.id, Staff.name)).all()),
        sources=entries.sources_of(shown),
        local=variants_of(db(), entry_id),
        feedback=feedback_on(db(), [version.id for version in view.history]),
        today=_today(),
    )


def try_out() -> ResponseReturnValue:
    """Say what the service would do with a sentence, and which entries it would think of."""
    text = request.form.get("text", "").strip()[:LONGEST_TRIAL]
    area = place_meant(text, "")
    finding = tools().search.find(db(), text, today=_today(), area=area) if text else None
    inside = "HX-Request" in request.headers
    return render_template(
        "knowledge/_trial.html" if inside else "knowledge/try.html",
        text=text,
        finding=finding,
        band=BANDS[finding.band] if finding else None,
        current=request.form.get("current", ""),
    )


def preview(version: EntryVersion) -> str:
    """Return the text a resident would get from this version."""
    return answer_text(
        Hit(
            entry_id=version.entry_id,
            version_id=version.id,
            topic=version.topic,
            question=version.question,
            answer=version.answer,
            sources=entries.sources_of(version),
            score=0.0,
            scope=version.scope,
        )
    )


def topic_names() -> list[tuple[str, str]]:
    """Return the topics an entry can have, with their names."""
    topics = load_topics()
    return [(key, topics.name(key)) for key in topics.keys if key != NO_TOPIC]


def _today() -> date:
    return local(tools().now()).date()
