"""Loading the starter content into the database, as often as one likes."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import audit
from bot.contracts import Source
from bot.errors import InvalidInputError
from bot.knowledge import entries, revision
from bot.knowledge.drafts import Draft, checked, digest
from bot.knowledge.scope import check_variant
from bot.knowledge.tables import Entry, EntryState, EntryVersion


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading a file changed."""

    added: int
    updated: int
    unchanged: int
    kept: int
    """Entries that staff have edited or withdrawn: they stay as staff left them."""


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    article: str = ""
    document_number: str = ""
    document_number_checked: bool = True
    effective_date: str = ""
    version: str = ""

    def source(self) -> Source:
        # A number nobody has seen in the text is not shown; the editor's note has it.
        number = self.document_number if self.document_number_checked else ""
        return Source(self.title, self.article, number, self.effective_date, self.version)


class Card(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="forbid")

    id: str
    topic: str
    subject: str
    question: str
    variants: list[str]
    answer: str
    sources: list[_Source]
    scope: str = "national"
    variant_of: str = ""
    audience: str = ""
    hotlines: list[str] = []
    valid_from: date | None = None
    valid_until: date | None = None
    needs_check: bool = False
    note: str = ""

    def draft(self) -> Draft:
        """Return the content as an editor would give it."""
        return Draft(
            question=self.question,
            variants=tuple(self.variants),
            answer=self.answer,
            sources=tuple(source.source() for source in self.sources),
            topic=self.topic,
            subject=self.subject,
            scope=self.scope,
            variant_of=self.variant_of,
            audience=self.audience,
            hotlines=tuple(self.hotlines),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            editor_note=("请核对：" if self.needs_check else "") + self.note,
        )


def load_cards(session: Session, path: Path, *, now: datetime) -> LoadReport:
    """
    Bring the entries of a file into force; what staff have touched stays as it is.

    Raises:
        InvalidInputError: a line is wrong; the text names file and line.  Nothing of
            the file is to be kept then: the caller's transaction rolls back.
    """
    cards = read_cards(path)
    done = [_load(session, entry_id, draft=draft, now=now) for entry_id, draft in cards.items()]
    for entry_id, draft in cards.items():
        _check_variant(session, path, entry_id, draft)
    report = LoadReport(*(done.count(what) for what in ("added", "updated", "unchanged", "kept")))
    if report.added or report.updated:
        revision.raise_number(session)
        audit.record(session, deed="knowledge.load", now=now, subject=path.name)
    return report


def read_cards(path: Path) -> dict[str, Draft]:
    """
    Return the checked entries of a file by id.

    Raises:
        InvalidInputError: a line is wrong; the text names file and line.
    """
    cards: dict[str, Draft] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            card = Card.model_validate_json(line)
            if card.id in cards:
                _refuse(path, number, f"编号 {card.id} 重复")
            cards[card.id] = checked(card.draft())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            _refuse(path, number, f"{where or '整行'}：{first['msg']}")
        except InvalidInputError as error:
            if str(error).startswith(path.name):
                raise
            _refuse(path, number, str(error))
    return cards


def _check_variant(session: Session, path: Path, entry_id: str, draft: Draft) -> None:
    try:
        check_variant(session, entry_id, draft)
    except InvalidInputError as error:
        msg = f"{path.name} 编号 {entry_id} 有误，什么都没有导入：{error}"
        raise InvalidInputError(msg) from None


def _refuse(path: Path, number: int, problem: str) -> None:
    msg = f"{path.name} 第{number}行有误，什么都没有导入：{problem}"
    raise InvalidInputError(msg) from None


def _load(session: Session, entry_id: str, *, draft: Draft, now: datetime) -> str:
    entry = session.get(Entry, entry_id)
    if entry is None:
        entry = Entry(id=entry_id, topic=draft.topic, created_at=now, updated_at=now)
        session.add(entry)
        session.flush()
        what = "added"
    else:
        versions = session.scalars(
            select(EntryVersion)
            .where(EntryVersion.entry_id == entry_id)
            .order_by(EntryVersion.number.desc())
        ).all()
        if entry.state == EntryState.WITHDRAWN or any(v.author_id for v in versions):
            return "kept"
        if versions[0].digest == digest(draft):
            return "unchanged"
        what = "updated"
    version = entries.add_version(session, entry, draft=draft, author_id=None, now=now)
    entries.put_in_force(entry, version, now=now)
    return what
