"""Permanent QR codes, fetched from WeChat for the scenes that wait for one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.errors import RefusedError, SendLaterError, SendRefusedError
from bot.people.tables import Scene

AGAIN_AFTER = timedelta(minutes=1)


class Maker(Protocol):
    """Makes codes: WeChat's API."""

    def create_qr(self, scene: str) -> str:
        """Return what the code has to hold."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of asking for one code."""

    url: str = ""
    problem: str = ""
    """Why WeChat will not make it; empty with no url: not now."""


def due(session: Session, *, now: datetime) -> Scene | None:
    """Return the scene to ask WeChat for next; each once a minute, until WeChat says yes or no."""
    return session.scalar(
        select(Scene)
        .where(
            Scene.url == "",
            Scene.problem == "",
            or_(Scene.tried_at.is_(None), Scene.tried_at <= now - AGAIN_AFTER),
        )
        .order_by(Scene.made_at, Scene.code)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def claim(session: Session, *, now: datetime) -> str | None:
    """Return the code of the next scene, which is nobody else's to ask for a minute."""
    scene = due(session, now=now)
    if scene is None:
        return None
    scene.tried_at = now
    return scene.code


def fetch(api: Maker, code: str) -> Made:
    """Ask WeChat for the code."""
    try:
        return Made(url=api.create_qr(code))
    except SendLaterError:
        return Made()
    except SendRefusedError as error:
        return Made(problem=error.outcome)
    except RefusedError:
        return Made(problem="refused")


def keep(session: Session, code: str, made: Made) -> None:
    """Store what WeChat said."""
    scene = session.get_one(Scene, code)
    scene.url, scene.problem = made.url, made.problem
