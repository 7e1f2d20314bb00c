"""The counter that tells every process that its index is old."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.db.wake import announce
from bot.knowledge.tables import KnowledgeRevision

ROW = 1


def current(session: Session) -> int:
    """Return the number of the last change; 0 before the first."""
    number = session.scalar(select(KnowledgeRevision.number).where(KnowledgeRevision.id == ROW))
    return number or 0


def lock(session: Session) -> None:
    """Hold off every other writer of the knowledge base until this transaction ends."""
    session.execute(select(KnowledgeRevision.id).with_for_update()).all()


def raise_number(session: Session) -> None:
    """Announce a change, also to workers; until this transaction ends, other changes wait."""
    announce(session)
    raised = session.scalar(
        update(KnowledgeRevision)
        .where(KnowledgeRevision.id == ROW)
        .values(number=KnowledgeRevision.number + 1)
        .returning(KnowledgeRevision.number)
    )
    if raised is None:
        session.add(KnowledgeRevision(id=ROW, number=1))
        session.flush()
