"""An index that knows the one before it equals one that is made from nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.db.engine import make_engine, reading, transaction
from bot.knowledge import entries, policies
from bot.knowledge.encode import encode_missing
from bot.knowledge.index import Index
from bot.knowledge.load import load_cards
from bot.knowledge.renewing import Renewing, State
from bot.knowledge.tables import Entry, EntryVersion
from tests.bot.knowledge.builders import CARDS, FakeEncoder, a_draft, an_entry, vector_of
from tests.bot.knowledge.test_policies import a_policy, published
from tests.builders import a_caseworker
from tests.conftest import NOW

ASKED = (
    "老板拖欠工资不给怎么办",
    "低保咋个申请",
    "承包地能不能转给别人种，租金怎么算",
    "没有的事情",
    "石板县的补贴是多少",
)


def add(session: Session) -> None:
    an_entry(session, a_draft("承包地能不能转给别人种", topic="land", variants=()))


def withdraw(session: Session) -> None:
    first = session.query(Entry.id).order_by(Entry.id).limit(1).scalar()
    entries.withdraw(session, str(first), staff_id=a_caseworker(session).id, now=NOW)


def add_local(session: Session) -> None:
    root = session.query(Entry.id).order_by(Entry.id.desc()).limit(1).scalar()
    an_entry(session, a_draft("县里工资找谁", scope="530100", variant_of=str(root)))


def add_policy(session: Session) -> None:
    published(session)


def replace_policy(session: Session) -> None:
    published(session, a_policy("第一条 每户每月补贴五百元。\n第二条 本办法自公布之日起施行。"))


def withdraw_policy(session: Session) -> None:
    first = policies.listed(session)[0].document
    policies.withdraw(session, first.id, staff_id=None, now=NOW)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = make_engine(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


STEPS: tuple[Callable[[Session], None], ...] = (
    add, add_policy, withdraw, add_local, replace_policy, withdraw_policy, add,
)  # fmt: skip


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("engine", ["database_url", "migrated_postgres_url"], indirect=True)
def test_after_every_change_it_finds_the_same(
    engine: Engine, tmp_path: Path, *, encoded: bool
) -> None:
    cards = tmp_path / "cards.jsonl"  # a few: all is read and counted anew after every step
    cards.write_text("\n".join(CARDS.read_text("utf-8").splitlines()[:30]), "utf-8")
    with transaction(engine) as session:
        load_cards(session, cards, now=NOW)
    renewing = Renewing()

    for step in STEPS:
        with transaction(engine) as session:
            step(session)
        while encoded and encode_missing(partial(transaction, engine), FakeEncoder()):
            pass
        with reading(engine) as session:
            same(renewing.read(session), Renewing().read(session))


def test_an_index_in_use_is_not_touched_by_the_next(stocked_engine: Engine) -> None:
    renewing = Renewing()
    with reading(stocked_engine) as session:
        first = renewing.read(session)
    before = matched(first.index)
    with transaction(stocked_engine) as session:
        an_entry(session, a_draft("租来的地被占了", variants=("没有的事情",)))

    with reading(stocked_engine) as session:
        renewing.read(session)

    assert matched(first.index) == before


def test_only_what_is_new_is_read(stocked_engine: Engine) -> None:
    renewing = Renewing()
    with reading(stocked_engine) as session:
        renewing.read(session)
    with transaction(stocked_engine) as session:
        add(session)
    read: list[int] = []

    def note(*_: object) -> None:
        read.append(1)

    event.listen(EntryVersion, "load", note)
    with reading(stocked_engine) as session:
        renewing.read(session)
    event.remove(EntryVersion, "load", note)

    assert read == [1]


def same(one: State, other: State) -> None:
    assert one.shelf == other.shelf
    assert one.index.documents == other.index.documents
    assert one.passages.documents == other.passages.documents
    assert one.index.same == other.index.same
    for left, right in ((one.index, other.index), (one.passages, other.passages)):
        # A word of a text that is gone weighs what an unknown one does, summed elsewhere.
        for found, wanted in zip(matched(left), matched(right), strict=True):
            assert found[0] == wanted[0]
            assert found[1] == pytest.approx(wanted[1], rel=1e-6, abs=1e-7)


def matched(index: Index) -> list[tuple[object, list[float]]]:
    """Return what is found for each question: what is named, and every number."""
    found: list[tuple[object, list[float]]] = []
    for text in ASKED if index.documents else ():
        vector = vector_of(text) if index.meaning.known else None
        match = index.match(text, vector)
        best = np.argsort(-match.parts["entry"], kind="stable")[:3]
        closest = [index.closest(match, int(at)) for at in best]
        numbers = np.concatenate([match.parts[name] for name in sorted(match.parts)]).tolist()
        numbers += [match.unanswered or 0.0, match.unanswered_meaning or 0.0]
        words = (sorted(match.parts), [said for said, _ in closest])
        found.append((words, [*numbers, *(share for _, share in closest)]))
    return found
