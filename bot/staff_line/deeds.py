"""What a caseworker can do from WeChat, with the same guards as in the console."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot import audit, outbox
from bot.casefile.masking import identity_masked
from bot.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from bot.inbox import InboundMessage
from bot.knowledge.topics import load_topics
from bot.notices import seen
from bot.notices.tables import Channel
from bot.outbox import SendState
from bot.people import staff
from bot.replies.reserve import room
from bot.replies.writing import Last, Reply, reply
from bot.settings import Settings
from bot.staff_line import words
from bot.staff_line.commands import WITH_NUMBER, Command, Verb
from bot.staff_line.recognising import Caller
from bot.tickets import moves, scope
from bot.tickets.allowed import STATE_NAMES
from bot.tickets.change import last_event_id, owes_answer
from bot.tickets.tables import LIVE, State, Ticket, TicketEvent
from bot.wechat import budget

AS_RESIDENT_FOR = timedelta(hours=12)
MOST_ROWS = 20
MOST_WORDS = 100
MOST_REMEMBERED = 100
_Deed = Callable[["Call", Command], str]


@dataclass(frozen=True, slots=True)
class Call:
    """One message of a caseworker, and what is needed to act on it."""

    session: Session
    caller: Caller
    msg_id: str
    now: datetime
    settings: Settings


def do(call: Call, command: Command) -> str:
    """Do what is asked for, wholly or not at all, and return what to answer."""
    if command.verb in WITH_NUMBER and not command.number:
        rest = words.WHICH_REST if command.verb == Verb.REPLY else ""
        return words.WHICH.format(verb=command.verb, rest=rest)
    try:
        with call.session.begin_nested():
            return _DEEDS[command.verb](call, command)
    except NotFoundError:
        return words.NOT_FOUND.format(number=command.number)
    except ConflictError as error:
        _has_seen(call, scope.find(call.session, command.number, staff=call.caller.staff))
        return words.CHANGED.format(why=error)
    except (InvalidInputError, NotAllowedError) as error:
        return str(error)


def _accept(call: Call, command: Command) -> str:
    ticket = scope.find(call.session, command.number, staff=call.caller.staff)
    mine = ticket.assignee_id == call.caller.staff.id and ticket.accepted_at is not None
    ticket = moves.accept(call.session, command.number, by=_act(call, ticket))
    _has_seen(call, ticket)
    if mine:
        return words.ACCEPTED_ALREADY.format(number=ticket.number)
    return words.ACCEPTED.format(number=ticket.number, topic=_topic(ticket))


def _reply(call: Call, command: Command) -> str:
    if not command.words:
        return words.NOTHING_TO_SAY.format(number=command.number)
    ticket = scope.find(call.session, command.number, staff=call.caller.staff)
    by = _act(call, ticket)
    once = f"wechat-{call.msg_id}"
    # Nobody can be asked here: the last message stays for the outcome.
    written = Reply(command.words, once, last=Last.HOLD)
    folder = call.settings.service.data_dir
    ticket = reply(call.session, command.number, written, by=by, folder=folder)
    _has_seen(call, ticket)
    return _what_becomes_of(call, ticket, once=f"reply:{ticket.id}:{once}")


def _what_becomes_of(call: Call, ticket: Ticket, *, once: str) -> str:
    """Say that it goes out, or why it waits; nothing is called sent that is not."""
    if budget.left(call.session, ticket.resident_id, now=call.now).left == 0:
        return words.WAITS.format(number=ticket.number, why=words.BUDGET_NONE)
    rows = outbox.written_as(call.session, once)
    if any(row.state == SendState.HELD for row in rows):
        return words.WAITS.format(number=ticket.number, why=words.BUDGET_LAST)
    limit = call.settings.wechat.text_bytes
    left = room(call.session, ticket.resident_id, now=call.now, limit_bytes=limit)
    said = words.BUDGET.format(left=left.free)
    return words.SENT.format(number=ticket.number, budget=said)


def _look(call: Call, command: Command) -> str:
    ticket = scope.find(call.session, command.number, staff=call.caller.staff)
    _has_seen(call, ticket)
    due = words.LOOK_NOT_OWED
    if owes_answer(ticket):
        at = ticket.reply_due_at.astimezone(call.settings.zone)
        due = words.LOOK_DUE.format(at=f"{at.month}月{at.day}日 {at:%H:%M}")
    return words.LOOK.format(
        number=ticket.number,
        topic=_topic(ticket),
        state=STATE_NAMES[State(ticket.state)],
        due=due,
        last=_last_words(call, ticket),
    )


def _mine(call: Call, command: Command) -> str:
    del command
    mine = (Ticket.assignee_id == call.caller.staff.id, Ticket.state.in_(LIVE))
    found = call.session.scalars(
        select(Ticket)
        .where(scope.visible(call.caller.staff), *mine)
        .order_by(Ticket.reply_due_at, Ticket.id)
    ).all()
    if not found:
        return words.MINE_NONE
    rows = [
        words.ROW.format(number=it.number, topic=_topic(it), state=STATE_NAMES[State(it.state)])
        for it in found[:MOST_ROWS]
    ]
    if len(found) > MOST_ROWS:
        rows.append(words.MINE_MORE.format(count=len(found) - MOST_ROWS))
    return words.MINE.format(count=len(found), rows="\n".join(rows))


def _duty(call: Call, command: Command) -> str:
    on, person = command.verb == Verb.ON, call.caller.staff
    staff.set_duty(call.session, person, on=on, by=person, now=call.now)
    return words.ON_DUTY if on else words.OFF_DUTY


def _help(call: Call, command: Command) -> str:
    del command
    return words.HELP.format(name=call.caller.staff.name)


def _as_resident(call: Call, command: Command) -> str:
    del command
    call.caller.phone.resident_until = call.now + AS_RESIDENT_FOR
    return words.AS_RESIDENT.format(hours=AS_RESIDENT_FOR // timedelta(hours=1))


def _as_staff(call: Call, command: Command) -> str:
    del command
    call.caller.phone.resident_until = None
    return words.AS_STAFF


def _act(call: Call, ticket: Ticket) -> moves.Act:
    return moves.Act(
        staff=call.caller.staff,
        version=_known(call, ticket),
        now=call.now,
        limit_bytes=call.settings.wechat.text_bytes,
    )


def _known(call: Call, ticket: Ticket) -> int:
    """
    Return how much of the ticket's history this person has seen.

    What was shown on this phone counts, and what they did themselves, and that it was given
    to them: of that they were told.
    """
    mine = call.caller.staff.id
    event = TicketEvent.ticket_id == ticket.id
    own = call.session.scalar(
        select(func.max(TicketEvent.id)).where(event, TicketEvent.staff_id == mine)
    )
    given = call.session.scalars(
        select(TicketEvent)
        .where(event, or_(TicketEvent.kind == "assigned", TicketEvent.kind == "passed_on"))
        .order_by(TicketEvent.id.desc())
        .limit(1)
    ).first()
    to_me = given.id if given is not None and given.data.get("to") == mine else 0
    shown = int(call.caller.phone.seen.get(str(ticket.id), 0))
    return max(own or 0, to_me, shown)


def _has_seen(call: Call, ticket: Ticket) -> None:
    """Note that this person now knows how the ticket stands."""
    phone = call.caller.phone
    newest = sorted(phone.seen.items(), key=lambda pair: -int(pair[1]))[:MOST_REMEMBERED]
    phone.seen = dict(newest) | {str(ticket.id): last_event_id(call.session, ticket.id)}
    seen.mark(
        call.session,
        call.caller.staff.id,
        now=call.now,
        ticket_id=ticket.id,
        channel=Channel.WECHAT,
    )


def _topic(ticket: Ticket) -> str:
    return words.TOPIC_HIDDEN if ticket.lane else load_topics().name(ticket.topic)


def _last_words(call: Call, ticket: Ticket) -> str:
    if not call.settings.alerts.show_last_words or ticket.lane:
        return words.LOOK_HIDDEN
    heard = call.session.scalar(
        select(InboundMessage.text)
        .where(InboundMessage.ticket_id == ticket.id, InboundMessage.text != "")
        .order_by(InboundMessage.id.desc())
        .limit(1)
    )
    audit.record(
        call.session, deed="ticket.read", now=call.now, staff_id=call.caller.staff.id,
        subject=audit.of_ticket(ticket.number), page="wechat",
    )  # fmt: skip
    return words.LOOK_LAST.format(words=identity_masked(heard or ticket.summary)[:MOST_WORDS])


_DEEDS: Mapping[Verb, _Deed] = {
    Verb.ACCEPT: _accept,
    Verb.REPLY: _reply,
    Verb.LOOK: _look,
    Verb.MINE: _mine,
    Verb.ON: _duty,
    Verb.OFF: _duty,
    Verb.HELP: _help,
    Verb.AS_RESIDENT: _as_resident,
    Verb.AS_STAFF: _as_staff,
}
