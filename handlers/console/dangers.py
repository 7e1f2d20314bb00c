"""What counts as a crisis: the rules as they are written, why each fires, trying a sentence."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.understanding.crisis import (
    CrisisKind,
    all_rules,
    crisis_rules,
    excuses,
    find_crisis,
    why_crisis,
)
from handlers.console.knowledge import LONGEST_TRIAL

KINDS = {
    CrisisKind.SELF_HARM: "自杀、自伤",
    CrisisKind.VIOLENCE: "正在打人、要打人",
    CrisisKind.CHILD_ABUSE: "伤害孩子",
    CrisisKind.SEXUAL: "性侵",
    CrisisKind.MISSING: "走失、失踪",
    CrisisKind.CONFINED: "被关、被拐",
    CrisisKind.THREAT: "扬言杀人、放火、跳楼",
    CrisisKind.MEDICAL: "要命的病和伤",
    CrisisKind.OTHER: "别的危险",
}


def make_blueprint() -> Blueprint:
    """Return the page; everybody may read it, nobody changes rules from here."""
    routes = Blueprint("knowledge_dangers", __name__, url_prefix="/knowledge/dangers")
    routes.add_url_rule("/", view_func=show, methods=["GET", "POST"])
    return routes


def show() -> ResponseReturnValue:
    """Show every rule with its examples, and what the rules see in a sentence."""
    book, text = crisis_rules(), request.form.get("text", "").strip()[:LONGEST_TRIAL]
    sign = find_crisis(text)
    rules = all_rules()
    of_kind = {name: [rule for rule in rules if rule.kind == kind] for kind, name in KINDS.items()}
    return render_template(
        "knowledge/dangers.html",
        book=book,
        groups={name: rules for name, rules in of_kind.items() if rules},
        text=text,
        sign=sign,
        kind=KINDS[sign.kind] if sign else "",
        why=why_crisis(text),
        excused=[book.excuses[name].says for name in sorted(excuses(text))],
    )
