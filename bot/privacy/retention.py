"""
How long stories are kept, and their deletion when the time is over.

data/retention.yaml has the times.  What a court or an authority needs is held
(`LegalHold`) and stays until the hold is lifted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation.tables import Conversation
from bot.inbox import InboundMessage
from bot.media import Media
from bot.outbox import OutboundMessage
from bot.people.tables import Resident, Staff
from bot.privacy.erasure import OVER, erase_ticket, let_go_of_media, prove_chat
from bot.privacy.tables import BY_REQUEST, Consent, ConsentKind, Erasure, LegalHold
from bot.privacy.times import load_times
from bot.settings import Settings
from bot.tickets import scope
from bot.tickets.sharing import without_consent
from bot.tickets.tables import Ticket

AT_A_TIME = 20
MESSAGES_AT_A_TIME = 500
AFTERWARDS = timedelta(minutes=10)


def expire(session: Session, *, now: datetime, settings: Settings) -> int:
    """Delete a part of what is over its time; the rest the next time."""
    del settings
    times = load_times()
    due = or_(*_due(now))
    tickets = session.scalars(_over(due).limit(AT_A_TIME).with_for_update(skip_locked=True)).all()
    done = sum(erase_ticket(session, ticket, now=now) is not None for ticket in tickets)
    done += _chat(session, now - timedelta(days=times.chat_days), None, now)
    last = (
        select(func.max(Consent.id))
        .where(Consent.kind == ConsentKind.NOTICE)
        .group_by(Consent.resident_id)
    )
    refused = select(Consent.resident_id).where(Consent.id.in_(last), Consent.given.is_(False))
    before = now - timedelta(days=times.refused_chat_days)
    done += _chat(session, before, refused, now)
    # What came in the very moment of a deletion, and was answered after it.
    nobody = select(Erasure.resident_id).where(Erasure.why == BY_REQUEST)
    done += _chat(session, now - AFTERWARDS, nobody, now)
    left = now - timedelta(days=times.unfollowed_chat_days)
    gone = select(Resident.id).where(Resident.following.is_(False), Resident.unfollowed_at <= left)
    return done + _chat(session, now, gone, now)


def soon(session: Session, staff: Staff, *, now: datetime) -> Sequence[Ticket]:
    """Return the tickets this person sees whose stories go within the warning time."""
    times = load_times()
    by = or_(*_due(now + timedelta(days=times.warn_days)))
    return session.scalars(_over(by).where(scope.visible(staff)).limit(100)).all()


def delete_files(session: Session, *, now: datetime, settings: Settings) -> int:
    """Delete the files of what was emptied; one that is gone already is fine."""
    del now
    proofs = session.scalars(
        select(Erasure)
        .where(cast(Erasure.files, Text) != "{}")  # what is empty is not encrypted
        .order_by(Erasure.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    ).all()
    for proof in proofs:
        for path in proof.files.get("paths", []):
            (settings.service.data_dir / path).unlink(missing_ok=True)
        proof.files = {}
    return len(proofs)


def _due(by: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What is over its time then: sooner where nobody agreed to what is sensitive in it."""
    times = load_times()
    return (
        Ticket.state_at <= by - timedelta(days=times.ticket_days),
        (Ticket.state_at <= by - timedelta(days=times.unconsented_days)) & without_consent(),
    )


def _over(due: ColumnElement[bool]) -> Select[Ticket]:
    held = select(LegalHold.ticket_id).where(LegalHold.lifted_at.is_(None))
    return (
        select(Ticket)
        .where(
            Ticket.state.in_(OVER),
            due,
            or_(Ticket.summary != "", Ticket.outcome != ""),
            Ticket.id.not_in(held),
        )
        .order_by(Ticket.state_at)
    )


def _chat(session: Session, before: datetime, whose: Select[int] | None, now: datetime) -> int:
    """Empty what was said before then and belongs to no matter: words, places, files."""
    mine = [] if whose is None else [InboundMessage.resident_id.in_(whose)]
    file = select(Media.inbound_id).where(Media.inbound_id == InboundMessage.id, Media.path != "")
    # A picture, a voice, a place on the map have no text; what is empty is not encrypted.
    holds = or_(
        InboundMessage.text != "",
        InboundMessage.reply != "",
        cast(InboundMessage.details, Text) != "{}",
        file.exists(),
    )
    old = session.execute(
        select(InboundMessage.id, InboundMessage.resident_id)
        .where(
            InboundMessage.ticket_id.is_(None),
            InboundMessage.received_at <= before,
            InboundMessage.answered_at.is_not(None),
            holds,
            *mine,
        )
        .order_by(InboundMessage.id)
        .limit(MESSAGES_AT_A_TIME)
    ).all()
    said: dict[int, list[int]] = {}
    for message_id, resident_id in old:
        said.setdefault(resident_id, []).append(message_id)
    for resident_id, messages in said.items():
        prove_chat(session, resident_id, len(messages), _emptied(session, messages), now=now)
    _forget_pending(session, before, whose)
    return len(old)


def _emptied(session: Session, messages: Sequence[int]) -> list[str]:
    """Empty these messages and what was answered to them; return the files to be deleted."""
    paths = list(let_go_of_media(session, Media.inbound_id.in_(messages)))
    blank = {"text": "", "reply": "", "reply_xml": "", "passive_text": "", "details": {}}
    emptied = update(InboundMessage).where(InboundMessage.id.in_(messages))
    session.execute(emptied.values(blank | {"shown": None}))
    session.execute(
        update(OutboundMessage)
        .where(OutboundMessage.inbound_id.in_(messages), OutboundMessage.ticket_id.is_(None))
        .values(text="", details={})
    )
    return paths


def _forget_pending(session: Session, before: datetime, whose: Select[int] | None) -> None:
    """What a short answer would have meant quotes the question."""
    mine = [] if whose is None else [Conversation.resident_id.in_(whose)]
    session.execute(
        update(Conversation)
        .where(Conversation.updated_at <= before, cast(Conversation.pending, Text) != "{}", *mine)
        .values(pending={}, pending_until=None)
    )
