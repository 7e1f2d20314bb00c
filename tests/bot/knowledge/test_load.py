"""The starter content is loaded as often as one likes, and never over an editor's work."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contracts import Hit
from bot.errors import InvalidInputError
from bot.knowledge import entries, revision
from bot.knowledge.citation import cite
from bot.knowledge.load import LoadReport, load_cards, read_cards
from bot.knowledge.tables import Entry
from tests.bot.knowledge.builders import CARDS, a_draft
from tests.builders import a_caseworker
from tests.conftest import NOW


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A file with the first three cards."""
    path = tmp_path / "cards.jsonl"
    lines = CARDS.read_text("utf-8").splitlines()[:3]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_loading_twice_changes_nothing(session: Session, few: Path) -> None:
    first = load_cards(session, few, now=NOW)
    number = revision.current(session)
    second = load_cards(session, few, now=NOW)

    assert first == LoadReport(added=3, updated=0, unchanged=0, kept=0)
    assert second == LoadReport(added=0, updated=0, unchanged=3, kept=0)
    assert revision.current(session) == number


def test_a_changed_card_is_put_in_force(session: Session, few: Path) -> None:
    load_cards(session, few, now=NOW)
    few.write_text(few.read_text("utf-8").replace("可以。工地上", "能要。工地上"), "utf-8")

    report = load_cards(session, few, now=NOW)

    published = entries.get(session, "wage02").published
    assert report == LoadReport(added=0, updated=1, unchanged=2, kept=0)
    assert published is not None
    assert published.answer.startswith("能要。")


def test_what_staff_edited_or_withdrew_is_kept(session: Session, few: Path) -> None:
    staff = a_caseworker(session)
    load_cards(session, few, now=NOW)
    entries.revise(session, "wage01", a_draft(), author_id=staff.id, now=NOW, based_on=1)
    entries.withdraw(session, "wage02", staff_id=staff.id, now=NOW)
    few.write_text(few.read_text("utf-8").replace("12333", "12348"), "utf-8")

    report = load_cards(session, few, now=NOW)

    assert report == LoadReport(added=0, updated=1, unchanged=0, kept=2)
    assert entries.get(session, "wage01").newest.number == 2
    assert entries.get(session, "wage02").published is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "第4行"),
        ('{"id": "x"}', "topic"),
        ('{"id": "x", "colour": 1}', "第4行"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_loaded(
    session: Session, few: Path, line: str, says: str
) -> None:
    few.write_text(few.read_text("utf-8") + line + "\n", "utf-8")

    with pytest.raises(InvalidInputError, match=says) as refused:
        load_cards(session, few, now=NOW)

    assert "cards.jsonl" in str(refused.value)
    assert session.scalar(select(func.count()).select_from(Entry)) == 0


def test_a_card_that_cannot_be_an_entry_is_named(session: Session, few: Path) -> None:
    few.write_text(few.read_text("utf-8").replace('"wages"', '"moon"'), "utf-8")

    with pytest.raises(InvalidInputError, match=r"cards\.jsonl 第1行.*没有这个主题"):
        load_cards(session, few, now=NOW)


def test_a_repeated_id_is_named(session: Session, few: Path) -> None:
    text = few.read_text("utf-8")
    few.write_text(text + text.splitlines()[0] + "\n", "utf-8")

    with pytest.raises(InvalidInputError, match=r"第4行.*wage01 重复"):
        load_cards(session, few, now=NOW)


def test_a_number_nobody_has_checked_is_left_to_the_editor() -> None:
    card = read_cards(CARDS)["wage01"]

    assert {source.document_number for source in card.sources} == {""}
    assert "国务院令第724号" in card.editor_note


def test_every_card_can_be_shown_with_its_source() -> None:
    cards = read_cards(CARDS)

    for entry_id, card in cards.items():
        hit = Hit(entry_id, 1, card.topic, card.question, card.answer, card.sources, 0.0)
        assert cite(hit).startswith("出处：")
        assert len(f"{card.answer}{cite(hit)}") <= 600
    assert len(cards) == 210


@pytest.mark.parametrize("entry_id", ["eth04", "aid01", "aid02", "aid06", "eth01"])
def test_cards_on_texts_that_may_be_out_of_date_say_so_to_the_editor(entry_id: str) -> None:
    assert read_cards(CARDS)[entry_id].editor_note.startswith("请核对：")
