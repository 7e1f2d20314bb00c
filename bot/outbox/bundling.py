"""Several answers of one person as one message, where each message counts."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox.tables import Kind, OutboundMessage, SendState

BETWEEN: Final = "\n"
SIGNATURE: Final = "——"


def gather(session: Session, head: OutboundMessage, *, limit_bytes: int) -> None:
    """
    Let what waits right behind *head*, from the same person, go out in its text.

    A message of anybody else, a file, or one that no longer fits ends it: the
    order in which things were written is kept.  What may have arrived already, since whoever
    sent it did not say, goes again as it was: the resident knows it for the same.
    """
    if head.by_machine or head.kind != Kind.TEXT or head.doubtful or head.paid_from:
        return
    waiting = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.resident_id == head.resident_id,
            OutboundMessage.id > head.id,
            OutboundMessage.state == SendState.QUEUED,
            OutboundMessage.bundle_id.is_(None),
        )
        .order_by(OutboundMessage.id)
        .with_for_update()
    ).all()
    texts = [head.text, *(other.text for other in members(session, head))]
    for other in waiting:
        if not _alike(head, other):
            break
        texts.append(other.text)
        if len(closing_said_once(texts).encode()) > limit_bytes:
            break
        other.bundle_id = head.id
    session.flush()


def members(
    session: Session, head: OutboundMessage, *, state: SendState | None = SendState.QUEUED
) -> Sequence[OutboundMessage]:
    """Return what goes out in the text of *head*, in order; *state* None: whatever its fate."""
    inside = select(OutboundMessage).where(OutboundMessage.bundle_id == head.id)
    if state is not None:
        inside = inside.where(OutboundMessage.state == state)
    return session.scalars(inside.order_by(OutboundMessage.id)).all()


def closing_said_once(texts: Sequence[str]) -> str:
    """Return the texts as one; a signature that several of them end with is said at the end."""
    last = texts[-1].rpartition("\n")[2]
    if last.startswith(SIGNATURE):
        ends = f"\n{last}"
        texts = [*(text.removesuffix(ends) for text in texts[:-1]), texts[-1]]
    return BETWEEN.join(texts)


def _alike(head: OutboundMessage, other: OutboundMessage) -> bool:
    return (
        other.kind == Kind.TEXT
        and not other.by_machine
        and (other.staff_id, other.ticket_id) == (head.staff_id, head.ticket_id)
        and not other.paid_from
        and other.claimed_at is None
    )
