"""What is published is in the index of every process soon, and nobody waits for it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.engine import reading, transaction
from bot.knowledge import entries, renewing
from bot.knowledge.index import Index
from bot.knowledge.search import KnowledgeSearch
from tests.bot.knowledge.builders import TODAY, a_draft, an_entry
from tests.builders import a_caseworker
from tests.conftest import NOW

NEW = "承包地能不能转给别人种"


def hits(search: KnowledgeSearch, engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [hit.entry_id for hit in search.find(session, NEW, today=TODAY).hits]


def soon(engine: Engine, search: KnowledgeSearch, wanted: list[str]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until and hits(search, engine) != wanted:
        time.sleep(0.05)
    return hits(search, engine) == wanted


def watched(engine: Engine) -> KnowledgeSearch:
    search = KnowledgeSearch()

    @contextmanager
    def read() -> Iterator[Session]:
        with reading(engine) as session:
            yield session

    with reading(engine) as session:
        search.refresh(session)
    search.watch(read)
    return search


def test_what_is_published_and_withdrawn_is_noticed_without_a_message(engine: Engine) -> None:
    search = watched(engine)

    with transaction(engine) as session:
        entry_id = an_entry(session, a_draft(NEW, topic="land"))
    published = soon(engine, search, [entry_id])
    with transaction(engine) as session:
        entries.withdraw(session, entry_id, staff_id=a_caseworker(session).id, now=NOW)

    assert published
    assert soon(engine, search, [])


def test_a_message_does_not_wait_while_a_new_index_is_built(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = watched(engine)
    building, go_on = threading.Event(), threading.Event()

    def slow(*parts: object, **more: object) -> Index:
        building.set()
        go_on.wait(60)
        return Index(*parts, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(renewing, "Index", slow)
    with transaction(engine) as session:
        entry_id = an_entry(session, a_draft(NEW, topic="land"))
    assert building.wait(60)

    meanwhile = hits(search, engine)  # would never return if it waited
    go_on.set()

    assert meanwhile == []
    assert soon(engine, search, [entry_id])


def test_where_nobody_watches_the_next_message_finds_it(engine: Engine) -> None:
    search = KnowledgeSearch()
    before = hits(search, engine)

    with transaction(engine) as session:
        entry_id = an_entry(session, a_draft(NEW, topic="land"))

    assert (before, hits(search, engine)) == ([], [entry_id])
