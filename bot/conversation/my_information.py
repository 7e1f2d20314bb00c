"""What residents may do about what we keep of them: see it, mend it, delete it, see who looked."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import wording_personal
from bot.contracts import Action
from bot.conversation import choices
from bot.conversation.turn import Outcome, Tools, Turn, expect, expect_nothing, say
from bot.db.types import JsonObject
from bot.people import consent
from bot.people.areas import full_name
from bot.privacy import requests
from bot.privacy.known import known, looks
from bot.privacy.tables import ConsentKind, RequestKind
from bot.privacy.times import load_times

YES, NO = 1, 2


def show(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Say what we keep, and what can be done about it."""
    it = known(session, turn.resident)
    text = wording_personal.MY_INFORMATION.format(
        since=_day(it.since, tools),
        messages=it.messages,
        files=it.files,
        tickets="、".join(it.tickets) or "没有",
        place=full_name(turn.resident.area_code) if turn.resident.area_code else "没有记",
    )
    return Outcome(Action.STATUS, say(text))


def who_looked(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Say who read their matters."""
    rows = [
        wording_personal.LOOKED_ROW.format(name=it.name, times=it.times, day=_day(it.last, tools))
        for it in looks(session, turn.resident)
    ]
    if not rows:
        return Outcome(Action.STATUS, say(wording_personal.LOOKED_NONE))
    return Outcome(Action.STATUS, say(wording_personal.LOOKED.format(rows="\n".join(rows))))


def correct(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Ask what is wrong."""
    del session
    expect(turn, "correct", tools)
    return Outcome(Action.CHAT, say(wording_personal.CORRECT_ASK))


def corrected(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    """Take down what is wrong and how it is right."""
    del tools, asked
    if choices.number(turn.text) is not None or not turn.text.strip():
        return None
    expect_nothing(turn)
    requests.ask(session, turn.resident, RequestKind.CORRECT, now=turn.now, text=turn.inbound.text)
    return Outcome(
        Action.STATUS, say(wording_personal.CORRECT_NOTED.format(days=requests.WITHIN.days))
    )


def erase(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Ask whether everything shall really be deleted."""
    del session
    live = turn.ticket or turn.resolved
    if live is not None:
        return Outcome(Action.STATUS, say(wording_personal.ERASE_LIVE.format(number=live.number)))
    expect(turn, "erase", tools)
    return Outcome(Action.STATUS, say(wording_personal.ERASE_SURE))


def erased(session: Session, turn: Turn, tools: Tools, asked: JsonObject) -> Outcome | None:
    """Take the wish down, or let it be."""
    del tools, asked
    picked = choices.number(turn.text)
    if picked not in {YES, NO}:
        return None
    expect_nothing(turn)
    if picked == NO:
        return Outcome(Action.STATUS, say(wording_personal.ERASE_KEPT))
    requests.ask(session, turn.resident, RequestKind.ERASE, now=turn.now)
    text = wording_personal.ERASE_NOTED.format(
        days=requests.WITHIN.days, backup_days=load_times().backup_days
    )
    return Outcome(Action.STATUS, say(text))


def keep_all(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Take the wish to delete back."""
    del tools
    requests.take_back(session, turn.resident, RequestKind.ERASE, now=turn.now)
    return Outcome(Action.STATUS, say(wording_personal.ERASE_KEPT))


def agree(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Write down that they agree to how we use what they tell us."""
    del tools
    _note(session, turn, given=True)
    return Outcome(Action.CHAT, say(wording_personal.CONSENT_YES))


def disagree(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Write down that they do not; questions are answered all the same."""
    del tools
    _note(session, turn, given=False)
    return Outcome(Action.CHAT, say(wording_personal.CONSENT_NO))


def _note(session: Session, turn: Turn, *, given: bool) -> None:
    consent.note(
        session, turn.resident.id, ConsentKind.NOTICE,
        version=wording_personal.PRIVACY_VERSION, given=given, now=turn.now,
    )  # fmt: skip


def _day(moment: datetime, tools: Tools) -> str:
    local = moment.astimezone(tools.settings.zone)
    return f"{local.month}月{local.day}日"
