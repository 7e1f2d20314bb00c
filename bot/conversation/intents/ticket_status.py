"""The resident asks how their matter is getting on."""

import re

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.intents.policy_question import add_to_ticket, policy_question
from bot.conversation.leaning import asks
from bot.conversation.ticketing import promise
from bot.conversation.turn import Outcome, Tools, Turn, expect, say
from bot.disputes import keeping
from bot.knowledge.naming import asked_about
from bot.people.tables import Staff
from bot.tickets import lookup
from bot.tickets.tables import LIVE, State, Ticket

_PROGRESS = re.compile(
    "进度|进展|结果|消息|[咋怎]个?么?样|到哪|办好|办成|弄好|处理|回[复我信话]|答复|联系|催|编号"
    "|上次|上回|那件|我的事|多久|几时|什么时候|等"
)
NUMBER = re.compile(r"(?<!\d)\d{4}-\d{4,}(?!\d)")


def ticket_status(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Say where the named, else the latest matter stands; another's looks like none."""
    named = NUMBER.search(turn.text)
    if not named and not _PROGRESS.search(turn.text):
        # 报过警了, 我手机号换了: told, not asked; and 我想问医保的事 is a question of its own.
        if turn.ticket is not None and not asks(turn.text):
            return add_to_ticket(session, turn, tools)
        if turn.ticket is None and asked_about(turn.text):
            return policy_question(session, turn, tools)
    if named:
        ticket = lookup.by_number(session, named.group(), resident_id=turn.resident.id)
    else:
        ticket = turn.ticket or lookup.latest(session, turn.resident.id)
    if ticket is None:
        return Outcome(Action.STATUS, say(wording.STATUS_NONE))
    if ticket.state == State.RESOLVED:
        expect(turn, "rate", tools, ticket=ticket.id)
    words = _words(session, ticket, turn, tools)
    rights = keeping.said(session, ticket) if ticket.state in LIVE else ""
    text = "\n".join(part for part in (words, rights) if part)
    return Outcome(Action.STATUS, say(text), ticket=ticket)


def _words(session: Session, ticket: Ticket, turn: Turn, tools: Tools) -> str:
    staff = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    return wording.STATUS[ticket.state].format(
        number=ticket.number,
        name=staff.name if staff else "",
        promise=promise(ticket, turn, tools),
        outcome=ticket.outcome,
    )
