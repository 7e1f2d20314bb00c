"""The rarer deeds of a ticket's page: more time, other levels, joining, contact, approvals."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from bot.errors import InvalidInputError
from bot.knowledge.topics import NO_TOPIC, load_topics
from bot.people.consent import Object, Said
from bot.privacy.tables import ConsentKind, Ground, How
from bot.tickets import agreeing, joining, moves, watching
from bot.tickets.approvals import asking, deciding
from bot.tickets.outcome import CHANNELS
from bot.tickets.tables import Level
from handlers.console.session import db
from handlers.console.tickets_doing import act, chosen, done, field

ASKED = frozenset({How.PHONE, How.MEETING, How.PAPER})
WITHOUT = frozenset({Ground.EMERGENCY, Ground.DUTY})
SATISFIED = {"yes": True, "no": False, "unasked": None}


def extend(number: str) -> ResponseReturnValue:
    """Ask for more time."""
    asking.ask_extension(db(), number, by=act(), reason=field("reason"))
    return done(number, "延期已提交，督导决定后会告诉您，并把原因和新期限发给居民。")


def level(number: str) -> ResponseReturnValue:
    """Put the ticket on another level; out of a crisis only together with another."""
    wanted = Level(chosen("level", Level, "请选急缓。"))
    by, reason = act(), field("reason")
    if field("was") == Level.CRISIS and wanted != Level.CRISIS:
        asking.ask_calm(db(), number, by=by, reason=reason, level=wanted)
        return done(number, "已申请解除危机，要由督导再决定。在那之前仍按危机办。")
    watching.relevel(db(), number, by=by, level=wanted, reason=reason)
    return done(number, "急缓已改，期限从现在起按新的算。")


def supervise(number: str) -> ResponseReturnValue:
    """Watch over the ticket."""
    watching.supervise(db(), number, by=act(), reason=field("reason"))
    return done(number, "已督办。解除之前每天提醒负责人和督导。")


def end_supervision(number: str) -> ResponseReturnValue:
    """Watch over it no longer."""
    watching.end_supervision(db(), number, by=act())
    return done(number, "已解除督办。")


def partner(number: str) -> ResponseReturnValue:
    """Ask another body to help."""
    who, purpose, how = field("partner"), field("purpose"), field("how")
    it = Object(ConsentKind.SHARING, to=who, what=purpose)
    if how == How.CHAT:
        agreeing.ask(db(), number, by=act(), it=it)
        return done(number, "已经在微信里问居民。他回“同意”以后，再来这里请他们协办。")
    if how in ASKED:
        agreeing.write_down(
            db(), number, by=act(), it=it, given=True, said=Said(How(how), field("said_by"))
        )
    elif how in WITHOUT:
        agreeing.go_without(
            db(), number, by=act(), it=it, ground=Ground(how), reason=field("said_by")
        )
    watching.ask_partner(db(), number, by=act(), partner=who, purpose=purpose)
    return done(number, "已转为协办中，并告诉了居民。我们自己的期限照走。")


def partner_answered(number: str) -> ResponseReturnValue:
    """Note what the other body answered."""
    watching.partner_answered(db(), number, by=act(), result=field("result"))
    return done(number, "协办结果已记下，回到办理中。")


def try_contact(number: str) -> ResponseReturnValue:
    """Note a try to reach the resident."""
    channel = chosen("channel", CHANNELS, "请选怎么联系的。")
    reached = field("reached") == "yes"
    text = field("text")
    moves.try_contact(db(), number, by=act(), channel=channel, reached=reached, text=text)
    return done(number, "联系已记下。")


def call_back(number: str) -> ResponseReturnValue:
    """Note what the resident said when called back."""
    channel = chosen("channel", CHANNELS, "请选怎么联系的。")
    solved = chosen("solved", ("yes", "no"), "请选居民说解决了没有。") == "yes"
    said = chosen("satisfied", SATISFIED, "请选居民满不满意；没问到就选没问到。")
    moves.call_back(
        db(),
        number,
        by=act(),
        channel=channel,
        solved=solved,
        satisfied=SATISFIED[said],
        text=field("text"),
    )
    return done(number, "回访已记下，办结。" if solved else "回访已记下，重新办理。")


def merge(number: str) -> ResponseReturnValue:
    """Let the ticket go on in another."""
    other_person = bool(field("other_person"))
    target = moves_into(number, other_person=other_person)
    return done(target, f"{number} 已并入 {target}。随时可以拆出来。")


def moves_into(number: str, *, other_person: bool) -> str:
    """Merge and return the number it goes on under."""
    return joining.merge(
        db(), number, by=act(), into=field("into"), other_person=other_person
    ).number


def unmerge(number: str) -> ResponseReturnValue:
    """Let a merged ticket go on by itself."""
    joining.unmerge(db(), number, by=act())
    return done(number, "已拆出来，接着办。")


def split(number: str) -> ResponseReturnValue:
    """Open a ticket of its own for a second matter."""
    topic = field("topic")
    known = topic if topic in load_topics().by_key else NO_TOPIC
    keep = field("keep") != "no"
    made = joining.split(db(), number, by=act(), summary=field("summary"), topic=known, keep=keep)
    return done(made.number, f"已另立一件 {made.number}。居民的消息仍进 {number}。")


def link(number: str) -> ResponseReturnValue:
    """Note that two tickets have to do with each other."""
    joining.link(db(), number, by=act(), other=field("other"))
    return done(number, "已关联。")


def unlink(number: str) -> ResponseReturnValue:
    """Take that back."""
    joining.unlink(db(), number, by=act(), other=field("other"))
    return done(number, "已取消关联。")


def decide(number: str, approval_id: int) -> ResponseReturnValue:
    """Grant or refuse what somebody asked for."""
    said = field("decision")
    if said not in {"yes", "no"}:
        msg = "请选同意或不同意。"
        raise InvalidInputError(msg)
    answer = field("answer")
    deciding.decide(db(), approval_id, by=act(), approved=said == "yes", answer=answer)
    return done(
        number, "已同意，并告诉了申请人。" if said == "yes" else "已退回，并告诉了申请人。"
    )


DEEDS: dict[str, Callable[[str], ResponseReturnValue]] = {
    "extend": extend,
    "level": level,
    "supervise": supervise,
    "end-supervision": end_supervision,
    "partner": partner,
    "partner-answered": partner_answered,
    "contact": try_contact,
    "call-back": call_back,
    "merge": merge,
    "unmerge": unmerge,
    "split": split,
    "link": link,
    "unlink": unlink,
}
