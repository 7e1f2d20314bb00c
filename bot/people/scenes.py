"""QR codes of places and organisations: made, retired, and what scanning one means."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people.areas import area_in_scene, within
from bot.people.tables import Organisation, Resident, Role, Scene, Staff

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12
LONGEST_NAME = 40
MAKERS = {Role.SUPERVISOR, Role.ADMIN}


@dataclass(frozen=True, slots=True)
class Listed:
    """A code, and how many people it brought."""

    scene: Scene
    organisation: str
    residents: int


def make(
    session: Session,
    *,
    name: str,
    area_code: str,
    organisation_id: int | None,
    by: Staff,
    now: datetime,
) -> Scene:
    """
    Note that a code is wanted; the worker fetches it from WeChat.

    Raises:
        InvalidInputError: it has no name, or neither place nor organisation.
        NotAllowedError: `by` neither supervises nor administers.
    """
    _need_maker(by)
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        msg = f"请写名称，最多{LONGEST_NAME}个字，会印在海报上，例如 关上社区。"
        raise InvalidInputError(msg)
    if not area_code and organisation_id is None:
        msg = "请选地区或机构，至少一样：扫码的居民就归到那里。"
        raise InvalidInputError(msg)
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        msg = "没有这个机构，请从列表里选。"
        raise InvalidInputError(msg)
    scene = Scene(
        code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
        name=name,
        area_code=area_code,
        organisation_id=organisation_id,
        made_by_id=by.id,
        made_at=now,
    )
    session.add(scene)
    session.flush()
    _record(session, "scene.make", scene, by, now)
    return scene


def get(session: Session, code: str) -> Scene:
    """
    Return the code.

    Raises:
        NotFoundError: there is none.
    """
    scene = session.get(Scene, code)
    if scene is None:
        msg = f"scene {code}"
        raise NotFoundError(msg)
    return scene


def set_active(session: Session, scene: Scene, *, on: bool, by: Staff, now: datetime) -> None:
    """Say whether the code, which stays on paper, still puts people where it says."""
    _need_maker(by)
    if scene.active != on:
        scene.active = on
        _record(session, "scene.open" if on else "scene.retire", scene, by, now)


def ask_again(session: Session, scene: Scene, *, by: Staff, now: datetime) -> None:
    """Have the worker ask WeChat once more for a code it refused."""
    _need_maker(by)
    if not scene.url:
        scene.problem, scene.tried_at = "", None
        _record(session, "scene.again", scene, by, now)


def listed(session: Session) -> Sequence[Listed]:
    """Return all codes, those in use first, then by name."""
    rows = session.execute(
        select(Scene, Organisation.name, func.count(Resident.id))
        .outerjoin(Organisation, Organisation.id == Scene.organisation_id)
        .outerjoin(Resident, Resident.scene == Scene.code)
        .group_by(Scene.code, Organisation.name)
        .order_by(Scene.active.desc(), Scene.name, Scene.code)
    )
    return [
        Listed(scene, organisation or "", residents) for scene, organisation, residents in rows
    ]


def adopt(session: Session, resident: Resident, code: str) -> None:
    """
    Let who scanned a code belong where it hangs, from now on.

    A code of ours moves the resident to its place, unless they live in a part
    of it, and to its organisation.  Any other that holds a division code tells
    the place of who has none.
    """
    resident.scene = code[: Scene.code.type.length]
    scene = session.get(Scene, resident.scene)
    if scene is None or not scene.active:
        resident.area_code = resident.area_code or area_in_scene(code)
        return
    if scene.area_code and not within(resident.area_code, scene.area_code):
        resident.area_code = scene.area_code
    if scene.organisation_id is not None:
        resident.organisation_id = scene.organisation_id


def _need_maker(by: Staff) -> None:
    if by.role not in MAKERS:
        msg = "只有督导和管理员能管二维码。"
        raise NotAllowedError(msg)


def _record(session: Session, deed: str, scene: Scene, by: Staff, now: datetime) -> None:
    audit.record(session, deed=deed, staff_id=by.id, subject=f"scene:{scene.code}", now=now)
