"""One message or note of a conversation, as staff read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.contracts import Urgency
from bot.inbox import InboundMessage
from bot.media import Media
from bot.outbox import OutboundMessage, SendState
from bot.tickets.basis import Basis, Named
from bot.tickets.tables import TicketEvent
from bot.understanding.crisis import why_crisis


class From(StrEnum):
    """Who said it."""

    RESIDENT = "resident"
    BOT = "bot"
    PERSON = "person"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message or note."""

    key: str
    """Unique on the page: what a refresh adds is told by it."""
    who: From
    at: datetime
    text: str
    name: str = ""
    """The member of staff who wrote it."""
    kind: str = "text"
    details: Mapping[str, str] = field(default_factory=dict)
    media: Media | None = None
    send_state: str = ""
    outcome: str = ""
    doubtful: bool = False
    """It may have arrived twice."""
    basis: Basis | None = None
    """What the machine's answer rested on."""
    grounds: tuple[Basis, ...] = ()
    """The policy answers a person put into it."""
    named: tuple[Named, ...] = ()
    """The passages of policy documents that the machine named."""
    alarm: str = ""
    """Why the machine held it to be a crisis."""
    outbound_id: int | None = None
    """Of a message with a fate that something can be done about."""
    not_before: datetime | None = None
    """When it will be sent, where it waits for the next to go out with it."""
    bundled: bool = False
    """It goes out, or went, in the text of the one before."""


def of_inbound(
    message: InboundMessage,
    media: Media | None,
    *,
    at: datetime,
    sent_apart: str,
    basis: Basis | None,
    named: tuple[Named, ...],
) -> Iterator[Bubble]:
    """Yield what the resident said, and what they were answered in the answer to WeChat's call."""
    yield Bubble(
        key=f"i{message.id}",
        who=From.RESIDENT,
        at=at,
        text=message.text,
        kind=message.kind,
        details=message.details,
        media=media,
        alarm=why_crisis(message.text) if message.urgency == Urgency.CRISIS else "",
    )
    # What went through the outbox has a row, and a fate, of its own.
    passive = message.reply.removesuffix(sent_apart).rstrip("\n")
    if passive and message.answered_at is not None:
        yield Bubble(
            key=f"r{message.id}",
            who=From.BOT,
            at=message.answered_at,
            text=passive,
            send_state=SendState.ACCEPTED if message.handed_at else SendState.QUEUED,
            basis=None if sent_apart else basis,
            named=() if sent_apart else named,
        )


def of_outbound(
    message: OutboundMessage,
    name: str,
    *,
    basis: Basis | None,
    grounds: tuple[Basis, ...],
    named: tuple[Named, ...],
) -> Bubble:
    """Return what was written to the resident, with its fate."""
    return Bubble(
        key=f"o{message.id}",
        who=From.BOT if message.by_machine and not message.staff_id else From.PERSON,
        at=message.created_at,
        text=message.text,
        name=name,
        kind=message.kind,
        details=message.details,
        send_state=message.state,
        outcome=message.outcome,
        doubtful=message.doubtful,
        basis=basis,
        grounds=grounds,
        named=named,
        outbound_id=message.id,
        not_before=message.not_before if message.attempts == 0 else None,
        bundled=message.bundle_id is not None,
    )


def of_note(event: TicketEvent, name: str) -> Bubble:
    """Return an internal note, or the words with which a ticket was handed over."""
    return Bubble(
        key=f"n{event.id}",
        who=From.NOTE,
        at=event.at,
        text=event.text,
        name=name,
        kind=event.kind,
    )
