"""Asking for a chore, handing it out, doing it once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, Update, delete, func, select, update
from sqlalchemy.orm import Session

from bot.chores.tables import Chore, ChoreState
from bot.db.inserting import insert
from bot.db.wake import announce
from bot.settings import Settings

IN_QUEUE = timedelta(seconds=60)
"""After so long without anybody beginning it, a number is taken as lost in the queue."""
LEASE = timedelta(seconds=60)
"""Whoever does a chore renews this every few seconds, or is taken as dead."""
MOST_TRIES = 5
PAUSE = timedelta(seconds=10)
"""Before the second try; four times as long before each further one: a quarter of an hour."""
AT_A_TIME = 20
KEPT = timedelta(days=7)
OPEN = (ChoreState.WAITING, ChoreState.HANDED, ChoreState.RUNNING)


@dataclass(frozen=True, slots=True)
class Begun:
    """A chore that is ours to do while its lease is renewed."""

    id: int
    kind: str
    subject: str
    tries: int
    """Which try this is; another one's end is not ours to note."""


def ask(
    session: Session, kind: str, subject: str, *, now: datetime, due_at: datetime | None = None
) -> bool:
    """
    Note that this is to be done, with whatever else the transaction does.

    Returns:
        Whether it is new: what was asked for twice is done once.
    """
    due = due_at or now
    fresh = insert(session, Chore).values(
        kind=kind, subject=subject, state=ChoreState.WAITING, due_at=due, lease_until=due,
        tries=0, error="", asked_at=now,
    )  # fmt: skip
    asked = session.scalar(fresh.on_conflict_do_nothing().returning(Chore.id))
    if asked is not None:
        announce(session)
    return asked is not None


def waiting(session: Session, *, now: datetime) -> bool:
    """Say whether a chore is to be handed out; asked often, it must not hold up a writer."""
    return session.scalar(_due(now).limit(1)) is not None


def hand_out(session: Session, *, now: datetime) -> Sequence[int]:
    """Return what is due, was lost in the queue or with whoever did it; theirs for a minute."""
    found = _due(now).order_by(Chore.due_at).limit(AT_A_TIME).with_for_update(skip_locked=True)
    chores = session.scalars(found).all()
    for chore in chores:
        chore.state, chore.lease_until = ChoreState.HANDED, now + IN_QUEUE
    return [chore.id for chore in chores]


def take(
    session: Session, chore_id: int, *, kinds: Collection[str], now: datetime
) -> Begun | None:
    """Take a chore; None where somebody has it, it is done, or it is for a newer version."""
    row = session.execute(
        update(Chore)
        .where(Chore.id == chore_id, Chore.state == ChoreState.HANDED, Chore.kind.in_(kinds))
        .values(state=ChoreState.RUNNING, lease_until=now + LEASE, tries=Chore.tries + 1)
        .returning(Chore.id, Chore.kind, Chore.subject, Chore.tries)
    ).one_or_none()
    return Begun(*row) if row else None


def renew(session: Session, chores: Iterable[Begun], *, now: datetime) -> None:
    """Show that whoever does these still lives."""
    for chore in chores:
        session.execute(_ours(chore).values(lease_until=now + LEASE))


def finish(session: Session, chore: Begun, *, now: datetime) -> bool:
    """Note that it is done; False where it was taken from us meanwhile."""
    done = _ours(chore).values(state=ChoreState.DONE, ended_at=now, error="")
    return session.scalar(done.returning(Chore.id)) is not None


def fail(session: Session, chore: Begun, error: str, *, now: datetime) -> bool:
    """Note what went wrong, and when to try again; say whether it was the last try."""
    last = chore.tries >= MOST_TRIES
    again = now + PAUSE * 4 ** (chore.tries - 1)
    values = (
        {"state": ChoreState.FAILED, "ended_at": now}
        if last
        else {"state": ChoreState.WAITING, "due_at": again, "lease_until": again}
    )
    noted = session.scalar(_ours(chore).values(error=error[:60], **values).returning(Chore.id))
    return last and noted is not None


def again(session: Session, chore_id: int, *, now: datetime) -> bool:
    """Let a chore that failed be tried anew; False where it did not fail."""
    anew = (
        update(Chore)
        .where(Chore.id == chore_id, Chore.state == ChoreState.FAILED)
        .values(state=ChoreState.WAITING, tries=0, due_at=now, lease_until=now, ended_at=None)
    )
    announce(session)
    return session.scalar(anew.returning(Chore.id)) is not None


def tidy(session: Session, *, now: datetime, settings: Settings) -> int:
    """Forget what was done a week ago; what failed stays."""
    del settings
    old = delete(Chore).where(Chore.state == ChoreState.DONE, Chore.ended_at <= now - KEPT)
    return len(session.scalars(old.returning(Chore.id)).all())


def standing(session: Session) -> dict[str, int]:
    """Return how many chores wait or are being done, and how many failed."""
    counted = select(Chore.state, func.count()).where(Chore.state != ChoreState.DONE)
    found = dict[str, int](session.execute(counted.group_by(Chore.state)).all())
    failed = found.pop(ChoreState.FAILED, 0)
    return {"open": sum(found.values()), "failed": failed}


def _due(now: datetime) -> Select[Chore]:
    return select(Chore).where(Chore.state.in_(OPEN), Chore.lease_until <= now)


def _ours(chore: Begun) -> Update:
    return update(Chore).where(
        Chore.id == chore.id, Chore.state == ChoreState.RUNNING, Chore.tries == chore.tries
    )
