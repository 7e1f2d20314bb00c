"""What residents asked is a way to ask; what none answered speaks against answering."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.contracts import Action, Hit
from bot.knowledge.documents import Document
from bot.knowledge.examples import documents
from bot.knowledge.heard import Heard, beside, heard_of, read_questions, shipped
from bot.knowledge.index import Index
from bot.knowledge.load import read_cards
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.vectors import Halves, digest, texts_of
from tests.bot.knowledge.builders import CARDS, TODAY, vector_of

ROWS = [
    {"text": "包工头跑咯", "entries": ["wage02"], "topic": "wages"},
    {"text": "低保线多少", "entries": [], "topic": "assistance"},
    {"text": "他欠我钱，帮我要", "entries": ["gone"], "topic": "wages", "intent": "help_request"},
    {"text": "吃了没", "entries": [], "topic": "none"},
    {"text": "长" * 401, "entries": ["wage02"], "topic": "wages"},
]


def an_entry(entry_id: str, question: str, *heard: str) -> Document:
    hit = Hit(entry_id, 1, "wages", question, "可以打12333投诉。", (), 0.0)
    return Document(hit, (), subject="", scope="national", heard=heard)


def asked(*texts: str) -> dict[str, Halves]:
    return {digest(("query", text)): vector_of(text) for text in texts}


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS), "utf-8")
    return heard_of(read_questions(path, known={"wage02"}))


def test_messages_stand_by_the_entry_that_answered_them(heard: Heard) -> None:
    assert heard.by_entry == {"wage02": ("包工头跑咯",)}
    assert heard.unanswered == ("低保线多少", "吃了没")


def test_an_entry_is_found_by_what_was_heard_of_it(heard: Heard) -> None:
    one, other = an_entry("wage02", "分包老板跑了"), an_entry("wage01", "老板拖欠工资")
    documents = beside([one, other], heard)

    index = Index(documents)

    assert documents[0].heard == ("包工头跑咯",)
    assert ("query", "包工头跑咯") in texts_of(documents[0])
    said, share = index.closest(index.match("包工头跑咯"), 0)
    assert said == "包工头跑咯"
    assert share == pytest.approx(1)
    assert index.same.keys() == {"分包老板跑了", "老板拖欠工资"}  # only an editor decides that


def test_a_question_that_none_answers_is_told_of(heard: Heard) -> None:
    entries = [an_entry("wage02", "低保怎么申请", "低保哪里办")]

    index = Index(entries, vectors_of(entries, heard.unanswered), heard.unanswered)
    match = index.match("低保线多少", vector_of("低保线多少"))

    assert match.unanswered is not None
    assert match.unanswered > match.parts["phrasing"][0]
    assert match.unanswered_meaning is not None
    assert match.unanswered_meaning > match.parts["asked"][0]


def test_a_question_that_a_newer_entry_is_closest_to_is_no_longer_open(heard: Heard) -> None:
    old = an_entry("wage02", "低保怎么申请", "低保哪里办")
    new = an_entry("n1", "低保线是多少")

    open_ones = heard.unanswered[:1]
    index = Index([old, new], vectors_of([old, new], open_ones), open_ones)
    match = index.match("低保线多少", vector_of("低保线多少"))

    assert match.unanswered is None
    assert match.unanswered_meaning is None


def test_without_such_questions_nothing_speaks_against_an_entry() -> None:
    index = Index([an_entry("wage01", "老板拖欠工资")])

    assert index.match("老板拖欠工资").unanswered is None


def test_every_card_has_been_asked_about_in_residents_own_words() -> None:
    assert read_cards(CARDS).keys() <= shipped().by_entry.keys()
    assert len(shipped().unanswered) > 500


def test_what_none_answers_is_not_answered(full: tuple[KnowledgeSearch, Session]) -> None:
    search, session = full

    bands = [search.find(session, text, today=TODAY).band for text in shipped().unanswered]

    assert bands.count(Action.ANSWER) <= 0.01 * len(bands)


def vectors_of(entries: list[Document], unanswered: tuple[str, ...]) -> dict[str, Halves]:
    texts = [text for one in entries for text in texts_of(one)]
    return {**{digest(text): vector_of(text[1]) for text in texts}, **asked(*unanswered)}


def test_a_document_keeps_what_was_heard_apart_from_what_was_written() -> None:
    written = documents(dict(list(read_cards(CARDS).items())[:1]))[0]

    one = replace(written, heard=("娃没得书读",))

    assert "娃没得书读" in one.ways_to_ask
    assert "娃没得书读" not in one.phrasings
