"""What WeChat tells us beside messages: follow, unfollow, scan, menu tap, a notice's end."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.commands import command
from bot.conversation.turn import SILENCE, Handler, Outcome, Tools, Turn, say
from bot.outbox.finished import note_failed
from bot.people.residents import unfollow
from bot.people.scenes import adopt

SCENE = "qrscene_"
ARRIVED = "success"


def subscribe(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Welcome the resident, and remember the code that brought them."""
    del tools
    turn.resident.following, turn.resident.unfollowed_at = True, None
    _remember_scene(session, turn)
    return Outcome(Action.CHAT, say(wording.WELCOME))


def unsubscribe(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Note that nothing can be sent any more."""
    del tools
    unfollow(session, turn.resident, now=turn.now)
    return Outcome(Action.CHAT, SILENCE)


def scan(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Greet somebody who follows already and scanned a code."""
    del tools
    _remember_scene(session, turn)
    return Outcome(Action.CHAT, say(wording.WELCOME_BACK), ticket=turn.ticket)


def click(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Do what the menu's key says; keys are commands."""
    handler = command(turn.inbound.details.get("EventKey", ""))
    if handler is None:
        return Outcome(Action.CHAT, say(wording.GREETING))
    return handler(session, turn, tools)


def notice_finished(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Note that a notice WeChat had taken did not reach the phone."""
    del tools
    told = turn.inbound.details
    if told.get("Status") != ARRIVED:
        note_failed(session, turn.resident.id, told.get("MsgID", ""), now=turn.now)
    return Outcome(Action.CHAT, SILENCE)


def _remember_scene(session: Session, turn: Turn) -> None:
    key = turn.inbound.details.get("EventKey", "")
    # After a payment WeChat puts last_trade_no_… there, which is no code of ours.
    scene = key.removeprefix(SCENE)
    if scene and not scene.startswith("last_trade_no_"):
        adopt(session, turn.resident, scene)


EVENTS: dict[str, Handler] = {
    "event.subscribe": subscribe,
    "event.unsubscribe": unsubscribe,
    "event.scan": scan,
    "event.click": click,
    "event.templatesendjobfinish": notice_finished,
}
