"""
Which version of an entry holds where: the whole country, the province, a prefecture, a county.

A family is an entry and its local variants (`variant_of`).  It is found as one, by the
phrasings of all of them; then the most local version in force where the resident lives answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contracts import Fit, Hit
from bot.errors import InvalidInputError
from bot.knowledge.documents import Document
from bot.knowledge.drafts import Draft
from bot.knowledge.tables import Entry, EntryState, EntryVersion

NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Shelf:
    """All published entries, family by family."""

    heads: tuple[Document, ...]
    """One a family, with everybody's phrasings: what a question is compared with."""
    families: Mapping[str, tuple[Document, ...]]
    """By the id of every member; the least local first."""

    def choose(self, entry_id: str, *, area: str, today: date) -> Hit | None:
        """
        Return the version of the entry's family that answers people of *area*.

        None: no version in force can hold there.  An empty *area* is unknown.
        """
        family = [one for one in self.families.get(entry_id, ()) if one.in_force(today)]
        holding = [one for one in family if covers(one.scope, area)]
        nearer = [one for one in family if one not in holding and _inside(one.scope, area)]
        if holding:
            best = holding[-1]
            alone = best.scope != NATIONAL or len(family) == 1
            fits = Fit.NEARER if nearer else (Fit.HOLDS if alone else Fit.GENERAL)
            return _as(best, fits)
        return _as(nearer[0], Fit.UNKNOWN) if nearer else None


def _as(document: Document, fits: Fit) -> Hit:
    hit = document.hit
    is_so = hit.fits == fits and hit.scope == document.scope  # most are, and a copy costs
    return hit if is_so else replace(hit, scope=document.scope, fits=fits)


def shelve(documents: Iterable[Document]) -> Shelf:
    """Put the documents into families."""
    by_root: dict[str, list[Document]] = {}
    for document in documents:
        by_root.setdefault(document.variant_of or document.hit.entry_id, []).append(document)
    families = [tuple(sorted(found, key=_exactness)) for found in by_root.values()]
    members = {one.hit.entry_id: family for family in families for one in family}
    return Shelf(tuple(map(_head, families)), members)


def covers(scope: str, area: str) -> bool:
    """Say whether what holds for *scope* holds in *area*; only what is national does anywhere."""
    return scope == NATIONAL or (bool(area) and area.startswith(_stem(scope)))


def check_variant(session: Session, entry_id: str, draft: Draft) -> None:
    """
    Refuse a draft whose place in its family makes no sense.

    Raises:
        InvalidInputError: the text says what to do.
    """
    if draft.variant_of:
        problem = _problem(session, entry_id, draft)
        if problem:
            raise InvalidInputError(problem)


def variants_of(session: Session, entry_id: str) -> Sequence[EntryVersion]:
    """Return the newest versions of the entry's local variants that are not withdrawn."""
    newest = (
        select(func.max(EntryVersion.number))
        .where(EntryVersion.entry_id == Entry.id)
        .correlate(Entry)
        .scalar_subquery()
    )
    return session.scalars(
        select(EntryVersion)
        .join(Entry, Entry.id == EntryVersion.entry_id)
        .where(
            EntryVersion.variant_of == entry_id,
            EntryVersion.number == newest,
            Entry.state != EntryState.WITHDRAWN,
        )
        .order_by(EntryVersion.scope, EntryVersion.entry_id)
    ).all()


def _problem(session: Session, entry_id: str, draft: Draft) -> str:
    root = session.scalar(
        select(EntryVersion)
        .where(EntryVersion.entry_id == draft.variant_of)
        .order_by(EntryVersion.number.desc())
        .limit(1)
    )
    if root is None or draft.variant_of == entry_id:
        return f"总条目填的是 {draft.variant_of}，没有这个条目，或者就是本条。请核对编号。"
    if root.variant_of:
        return f"总条目 {draft.variant_of} 自己是地方版本，请填它的总条目 {root.variant_of}。"
    if variants_of(session, entry_id):
        return "总条目填不了：本条自己有地方版本。请先把那些改到别的总条目下。"
    if root.scope == draft.scope or not covers(root.scope, draft.scope):
        return "适用地区要在总条目的适用地区里面，并且更小。"
    twin = next((one for one in variants_of(session, root.entry_id) if _twin(one, draft)), None)
    if twin is not None and twin.entry_id != entry_id:
        return f"适用地区在这段时间已经有一条了：{twin.entry_id}。请改那一条，或者错开有效期。"
    return ""


def _twin(version: EntryVersion, draft: Draft) -> bool:
    """Whether both hold for the same place at the same time."""
    starts = (version.valid_from or date.min, draft.valid_from or date.min)
    ends = (version.valid_until or date.max, draft.valid_until or date.max)
    return version.scope == draft.scope and max(starts) <= min(ends)


def _head(family: Sequence[Document]) -> Document:
    first = family[0]
    said = dict.fromkeys(text for one in family for text in one.phrasings)
    heard = dict.fromkeys(text for one in family for text in one.heard)
    variants = tuple(text for text in said if text != first.hit.question)
    return replace(first, variants=variants, heard=tuple(heard))


def _inside(scope: str, area: str) -> bool:
    """Whether the scope is a part of the area; of an unknown area, anything is."""
    return scope != NATIONAL and (not area or scope.startswith(_stem(area)))


def _exactness(document: Document) -> tuple[int, str]:
    return 0 if document.scope == NATIONAL else len(_stem(document.scope)), document.hit.entry_id


def _stem(code: str) -> str:
    """A division's code without the pairs of zeros that mean "all of it"."""
    return code.removesuffix("00").removesuffix("00")
