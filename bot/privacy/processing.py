"""
The record of what is done with personal data, and the assessment of what it may do (PIPL 55, 56).

Reasons and grounds stand in data/processing.yaml; how long, how much and under which
settings are read from where they are true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.all_tables import metadata
from bot.people.tables import Resident
from bot.privacy.tables import Consent, ConsentKind, Erasure, Ground, LegalHold
from bot.privacy.times import load_times
from bot.settings import ROOT, Settings

FILE = ROOT / "data" / "processing.yaml"
KEPT = {
    "ticket_days": "办结以后 {days} 天",
    "unconsented_days": "没有单独同意的，办结以后 {days} 天",
    "chat_days": "不属于哪件事的 {days} 天",
    "refused_chat_days": "不同意须知的 {days} 天",
    "unfollowed_chat_days": "取消关注以后 {days} 天",
}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(_Shape):
    """One kind of personal data."""

    key: str
    name: str
    of: str
    purpose: str
    ground: str
    tables: tuple[str, ...]
    kept: tuple[str, ...]
    """Keys of data/retention.yaml."""
    sensitive: bool
    until: str = ""
    """How long, where no number says it."""


class Receiver(_Shape):
    """Somebody who gets some of it."""

    who: str
    what: str
    why: str


class Assessment(_Shape):
    """One thing that has to be weighed before it is done."""

    case: str
    why: str
    risk: str
    measures: str
    tests: tuple[str, ...]
    left: str


class Breach(_Shape):
    """What is done and said when data got into the wrong hands."""

    steps: tuple[str, ...]
    authority: str
    resident: str


class Book(_Shape):
    """data/processing.yaml."""

    about: str
    changed_by: str
    version: str
    kinds: tuple[Kind, ...]
    receivers: tuple[Receiver, ...]
    not_done: tuple[str, ...]
    assessments: tuple[Assessment, ...]
    breach: Breach


@dataclass(frozen=True, slots=True)
class Row:
    """One kind as the record shows it."""

    kind: Kind
    kept: str
    count: int
    """Rows that there are, empty ones too."""


@lru_cache
def load_book(path: Path = FILE) -> Book:
    """Return the reasons of the file."""
    return Book.model_validate(yaml.safe_load(path.read_text("utf-8")))


def rows(session: Session) -> list[Row]:
    """Return every kind of data with how long it is kept and how much there is."""
    return [
        Row(kind, kept_words(kind), _count(session, kind.tables)) for kind in load_book().kinds
    ]


def kept_words(kind: Kind) -> str:
    """Write how long a kind of data is kept."""
    times = load_times()
    said = [KEPT[key].format(days=getattr(times, key)) for key in kind.kept]
    backups = f"备份里再过 {times.backup_days} 天"
    return "；".join([*said, *filter(None, [kind.until]), backups])


def figures(session: Session) -> list[tuple[str, int]]:
    """Return what an authority may ask how often."""
    last = select(func.max(Consent.id)).group_by(Consent.resident_id, Consent.kind, Consent.about)
    now = select(Consent.kind, Consent.given, func.count()).where(Consent.id.in_(last))
    said: Mapping[tuple[str, bool], int] = {
        (kind, given): count
        for kind, given, count in session.execute(now.group_by(Consent.kind, Consent.given))
    }

    def count(*conditions: object) -> int:
        found = select(func.count()).select_from(Consent).where(*conditions)  # type: ignore[arg-type]
        return session.scalar(found) or 0

    return [
        ("居民", session.scalar(select(func.count(Resident.id))) or 0),
        ("同意须知", said.get((ConsentKind.NOTICE, True), 0)),
        ("不同意须知", said.get((ConsentKind.NOTICE, False), 0)),
        ("单独同意记敏感信息", said.get((ConsentKind.SENSITIVE, True), 0)),
        ("监护人同意", said.get((ConsentKind.GUARDIAN, True), 0)),
        ("单独同意给别的单位", said.get((ConsentKind.SHARING, True), 0)),
        ("危机没有等同意", count(Consent.ground == Ground.EMERGENCY)),
        ("依法没有等同意", count(Consent.ground == Ground.DUTY)),
        ("删除过", session.scalar(select(func.count(Erasure.id))) or 0),
        ("依法保留着", _held(session)),
    ]


def safeguards(settings: Settings) -> list[tuple[str, bool]]:
    """Return what this installation has switched on, and what not."""
    production = settings.service.mode == "production"
    everybody = settings.console.second_factor == "everybody"
    return [
        (
            "存的话加密（AES-256-GCM），钥匙不在数据库里",
            bool(settings.privacy.keys.get_secret_value()),
        ),
        ("导出、看个人信息要两步验证", production or everybody),
        ("所有人登录都要两步验证", everybody),
        ("备份加密给不在这台机器上的钥匙", bool(settings.backup.recipients)),
    ]


def _count(session: Session, tables: Sequence[str]) -> int:
    return sum(
        session.scalar(select(func.count()).select_from(metadata.tables[name])) or 0
        for name in tables
    )


def _held(session: Session) -> int:
    lasting = select(func.count(LegalHold.id)).where(LegalHold.lifted_at.is_(None))
    return session.scalar(lasting) or 0
