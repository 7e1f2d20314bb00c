"""Entries are found by what they say, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge import entries
from bot.knowledge.entries import PENDING
from bot.knowledge.listing import LONE
from tests.bot.knowledge.builders import a_draft, an_entry
from tests.builders import a_caseworker
from tests.conftest import NOW


@pytest.fixture
def either(any_engine: Engine) -> Iterator[Session]:
    """An open session on an empty database, of each kind in turn."""
    with Session(any_engine, expire_on_commit=False) as session:
        yield session


def ids(page: entries.Page) -> list[str]:
    return [row.entry.id for row in page.rows]


def test_a_word_is_found_wherever_the_entry_has_it(either: Session) -> None:
    an_entry(either, a_draft("工伤怎么申请", variants=("断了腿咋个办",), answer="三十天内。"))
    an_entry(either, a_draft("离婚去哪里", variants=("不想过了",), answer="民政局。"))

    assert ids(entries.find(either, text="工伤")) == ["own-0001"]
    assert ids(entries.find(either, text="断了腿")) == ["own-0001"]
    assert ids(entries.find(either, text="民政局")) == ["own-0002"]
    assert ids(entries.find(either, text="OWN-0002")) == ["own-0002"]
    assert ids(entries.find(either, text="月亮")) == []


def test_published_entries_with_one_way_to_ask_can_be_listed(either: Session) -> None:
    lone = an_entry(either, a_draft("停车怎么收费", variants=()))
    an_entry(either, a_draft("探视几点", variants=("几点可以看病人",)))
    an_entry(either, a_draft("食堂几点开饭", variants=()), published=False)

    assert ids(entries.find(either, state=LONE)) == [lone]


def test_every_word_asked_for_must_be_there(either: Session) -> None:
    an_entry(either, a_draft("工伤怎么申请"))

    assert ids(entries.find(either, text="工伤 仲裁")) == ["own-0001"]
    assert ids(entries.find(either, text="工伤 月亮")) == []


def test_signs_of_a_pattern_are_plain_text(either: Session) -> None:
    an_entry(either, a_draft("加班费按150%算吗", variants=("折扣_怎么算",)))
    an_entry(either, a_draft("别的"))

    assert ids(entries.find(either, text="150%")) == ["own-0001"]
    assert ids(entries.find(either, text="扣_怎")) == ["own-0001"]
    assert ids(entries.find(either, text="%")) == ["own-0001"]


def test_the_newest_version_is_the_one_searched(either: Session) -> None:
    entry_id, staff = an_entry(either), a_caseworker(either)
    entries.revise(either, entry_id, a_draft("新的问题"), author_id=staff.id, now=NOW, based_on=1)

    assert ids(entries.find(either, text="新的问题")) == [entry_id]
    assert ids(entries.find(either, text="老板拖欠工资怎么办")) == []


def test_lists_are_kept_to_a_topic_and_a_state(either: Session) -> None:
    draft = an_entry(either, a_draft(topic="debt", subject="起诉"), published=False)
    published, staff = an_entry(either), a_caseworker(either)
    changed = an_entry(either)
    entries.add_variant(either, changed, "老板跑了", author_id=staff.id, now=NOW)

    assert ids(entries.find(either, topic="debt")) == [draft]
    assert ids(entries.find(either, state="published")) == [published, changed]
    assert ids(entries.find(either, state=PENDING)) == [draft, changed]


def test_long_lists_come_in_pages(either: Session) -> None:
    for _ in range(5):
        an_entry(either, published=False)

    last = entries.find(either, page=9, per_page=2)

    assert (last.page, last.pages, last.total) == (3, 3, 5)
    assert ids(last) == ["own-0005"]
    assert entries.find(either, text="月亮").pages == 1
