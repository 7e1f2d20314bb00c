"""What residents asked: which entry answers it, and what is kept of their words.  No raw text."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import audit
from bot.casefile.masking import NAME_LEFT_OUT, NUMBER_LEFT_OUT, anonymous
from bot.contracts import Action
from bot.conversation import asked_list
from bot.conversation.asked_list import Did, Group, Question
from bot.errors import ConflictError, InvalidInputError
from bot.knowledge import entries, wordings
from bot.knowledge.listing import questions_of
from bot.knowledge.tables import EntryState
from handlers.console.display import local
from handlers.console.looking import looked
from handlers.console.session import db, me, tools

PER_PAGE = 10
KEPT_PER_PAGE = 30
MOST_CHOICES = 6
MISSED = frozenset({Did.NONE, Did.USELESS, Did.DECLINED})
Which = Callable[[Question], bool]
TABS: tuple[tuple[str, str, Which], ...] = (
    ("", "全部", lambda _: True),
    ("missed", "没答上", lambda one: one.did in MISSED),
    ("picked", "自己选的", lambda one: one.did == Did.PICKED),
    ("answered", "直接答的", lambda one: one.action == Action.ANSWER),
)
DID = {
    Did.PICKED: "居民选了一条",
    Did.USEFUL: "居民说有用",
    Did.USELESS: "居民说没用",
    Did.NONE: "居民说都不是，找了社工",
    Did.DECLINED: "没有答，交给了社工",
    Did.NOTHING: "居民没有再说",
}
GONE = "这一句别人刚看过，或者已经删去了。"


@dataclass(frozen=True, slots=True)
class Card:
    """A group of questions as the page shows it."""

    group: Group
    text: str
    """Without numbers and plain names."""
    others: list[str]
    shown: list[str]
    """Questions of the entries that the first of them was shown."""
    entry_id: str
    question: str
    """Of the entry that probably answers it; empty: none is near."""

    @property
    def ids(self) -> str:
        """The messages, as the form hands them back."""
        return " ".join(str(one.id) for one in self.group.questions)


def make_blueprint() -> Blueprint:
    """Return the pages for supervisors, and for admins what comes of them."""
    routes = Blueprint("knowledge_asked", __name__, url_prefix="/knowledge/asked")
    routes.add_url_rule("", view_func=show)
    routes.add_url_rule("/choose", view_func=choose, methods=["POST"])
    routes.add_url_rule("/judge", view_func=judge, methods=["POST"])
    routes.add_url_rule("/kept", view_func=kept)
    routes.add_url_rule("/kept/<int:wording_id>/drop", view_func=drop, methods=["POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show what was asked and nobody has looked over, the most frequent first."""
    tab, page = request.args.get("did", ""), max(1, request.args.get("page", 1, type=int))
    which = next((one for key, _, one in TABS if key == tab), TABS[0][2])
    waiting = asked_list.waiting(db(), me())
    groups = asked_list.grouped(filter(which, waiting))
    here = groups[(page - 1) * PER_PAGE : page * PER_PAGE]
    looked("questions.read", page=page, did=tab)
    return render_template(
        "knowledge/asked.html",
        cards=_cards(here),
        tabs=[(key, name, sum(map(one, waiting))) for key, name, one in TABS],
        tab=tab,
        page=page,
        more=len(groups) > page * PER_PAGE,
        did=DID,
        answer=Action.ANSWER,
        many=len(waiting) == asked_list.MOST,
    )


def choose() -> ResponseReturnValue:
    """Look for another entry that answers it: by the words typed, else by the question."""
    words, text = request.form.get("q", "").strip(), request.form.get("text", "")
    if words:
        found = entries.find(db(), text=words, state=EntryState.PUBLISHED, per_page=MOST_CHOICES)
        hits = [(row.entry.id, row.newest.question) for row in found.rows]
    else:
        hits = _near(text)
    return render_template(
        "knowledge/_asked_choices.html",
        hits=hits[:MOST_CHOICES],
        of=request.form.get("of", 0, type=int),
    )


def judge() -> ResponseReturnValue:
    """Keep an editor's wording with the entry that answers it, or none; or keep nothing."""
    deed, _, entry_id = request.form.get("deed", "").partition(":")
    tab, now = request.form.get("did", ""), tools().now()
    numbers = [int(one) for one in request.form.get("ids", "").split() if one.isdecimal()]
    if not asked_list.settle(db(), me(), numbers[: asked_list.MOST]):
        raise ConflictError(GONE)
    if deed == "refuse":
        audit.record(
            db(), deed="questions.refuse", now=now, staff_id=me().id, questions=len(numbers)
        )
        flash("不收。这几句不会再出现在这里。")
    else:
        wordings.keep(db(), _checked(deed, entry_id), entry_id=entry_id, staff_id=me().id, now=now)
        flash("收下了，居民的下一条消息就认得。" if entry_id else "记下了：还没有一条能答。")
    return redirect(url_for("knowledge_asked.show", did=tab or None))


def kept() -> ResponseReturnValue:
    """Show the wordings that were kept: of entries, or that none answers."""
    is_open = request.args.get("which") == "open"
    page = max(1, request.args.get("page", 1, type=int))
    rows = wordings.listed(db(), answered=not is_open, page=page, per_page=KEPT_PER_PAGE)
    return render_template(
        "knowledge/wordings.html",
        rows=rows[:KEPT_PER_PAGE],
        more=len(rows) > KEPT_PER_PAGE,
        page=page,
        is_open=is_open,
        counts=wordings.counts(db()),
    )


def drop(wording_id: int) -> ResponseReturnValue:
    """Forget a wording."""
    which = "open" if wordings.get(db(), wording_id).entry_id is None else None
    wordings.drop(db(), wording_id, staff_id=me().id, now=tools().now())
    flash("撤掉了，从居民的下一条消息起不再算数。")
    return redirect(url_for("knowledge_asked.kept", which=which))


def _checked(deed: str, entry_id: str) -> str:
    text = request.form.get("text", "")
    if (deed, bool(entry_id)) not in {("this", True), ("none", False)}:
        msg = "请先选是哪一条。"
        raise InvalidInputError(msg)
    if anonymous(text) != text or any(mark in text for mark in (NUMBER_LEFT_OUT, NAME_LEFT_OUT)):
        msg = "里面还有号码、姓名，或者遮去的地方。请改一改再收，只留问的是什么。"
        raise InvalidInputError(msg)
    return text


def _cards(groups: list[Group]) -> list[Card]:
    asked_for = {one.right for one in groups} | {it for one in groups for it in one.first.shown}
    names = questions_of(db(), asked_for)
    return [_card(group, names) for group in groups]


def _card(group: Group, names: dict[str, str]) -> Card:
    texts = list(dict.fromkeys(anonymous(one.text.strip()) for one in group.questions))
    best = [(group.right, names[group.right])] if group.right in names else _near(group.first.text)
    likely = [(entry, name) for entry, name in best if entry not in group.refused]
    entry_id, question = likely[0] if likely else ("", "")
    return Card(
        group,
        text=texts[0],
        others=texts[1:],
        shown=[names[entry] for entry in group.first.shown if entry in names],
        entry_id=entry_id,
        question=question,
    )


def _near(text: str) -> list[tuple[str, str]]:
    found = tools().search.find(db(), text, today=local(tools().now()).date())
    return [(hit.entry_id, hit.question) for hit in found.hits]
