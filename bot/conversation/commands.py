"""Words that always mean the same, whatever the NLU makes of them; menu taps send them too."""

from sqlalchemy.orm import Session

from bot import wording, wording_personal
from bot.contracts import Action
from bot.conversation import choices, my_information
from bot.conversation.intents.human_handoff import human_handoff
from bot.conversation.intents.ticket_status import ticket_status
from bot.conversation.ticketing import go_on_with, went_on
from bot.conversation.turn import Handler, Outcome, Tools, Turn, expect, say
from bot.conversation.withdrawing import withdraw
from bot.tickets import lookup


def privacy(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Say what happens to what residents tell us."""
    del session, turn, tools
    return Outcome(Action.CHAT, say(wording_personal.PRIVACY))


def not_solved(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Go on with the matter that was closed last; long after, in a new one that is linked."""
    if turn.ticket is not None:
        text = wording.TICKET_ADDED.format(number=turn.ticket.number)
        return Outcome(Action.TICKET, say(text), ticket=turn.ticket)
    before = lookup.last_done(session, turn.resident.id)
    if before is None:
        return human_handoff(session, turn, tools)
    opened = go_on_with(session, turn, tools, before)
    return Outcome(Action.TICKET, say(went_on(session, opened, turn, tools)), ticket=opened.ticket)


def how_to_ask(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Say what can be asked here."""
    del session, turn, tools
    return Outcome(Action.CHAT, say(wording.GREETING))


def change_area(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Ask where the resident lives now."""
    del session
    expect(turn, "area", tools)
    return Outcome(Action.CHAT, say(wording.AREA_CHANGE))


COMMANDS: dict[str, Handler] = {
    "人工": human_handoff,
    "转人工": human_handoff,
    "找社工": human_handoff,
    "社工": human_handoff,
    "人工服务": human_handoff,
    "查进度": ticket_status,
    "进度": ticket_status,
    "查询进度": ticket_status,
    "撤销": withdraw,
    "取消": withdraw,
    **dict.fromkeys(
        ("没解决", "还没解决", "没有解决", "没办好", "没办成", "接着办", "重新办", "没人管"),
        not_solved,
    ),
    "隐私": privacy,
    "同意": my_information.agree,
    "不同意": my_information.disagree,
    **dict.fromkeys(("我的信息", "查看我的信息", "看我的信息"), my_information.show),
    **dict.fromkeys(("更正我的信息", "改我的信息", "更正"), my_information.correct),
    **dict.fromkeys(("删除我的信息", "删我的信息", "注销"), my_information.erase),
    **dict.fromkeys(("不删了", "不要删"), my_information.keep_all),
    **dict.fromkeys(("谁看过我的信息", "谁看过"), my_information.who_looked),
    "帮助": how_to_ask,
    "改地区": change_area,
    "换地区": change_area,
    "改地址": change_area,
    "搬家了": change_area,
    "我搬家了": change_area,
    "问政策": how_to_ask,
}


def command(text: str) -> Handler | None:
    """Return what a text that is nothing but a command does."""
    return COMMANDS.get(choices.bare(text))
