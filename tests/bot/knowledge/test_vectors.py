"""Vectors are made once a text, kept, shipped, and count in the search where they are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.contracts import Vector
from bot.db.engine import reading, transaction
from bot.knowledge import entries, revision
from bot.knowledge.documents import Document
from bot.knowledge.encode import encode, encode_missing
from bot.knowledge.examples import documents, starter_texts
from bot.knowledge.index import Index
from bot.knowledge.load import read_cards
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.tables import KnowledgeVector
from bot.knowledge.vectors import (
    MODEL,
    digest,
    known,
    ship,
    shipped,
    texts_of,
    usual_vectors,
)
from tests.bot.knowledge.builders import (
    CARDS,
    TODAY,
    FakeEncoder,
    a_draft,
    an_entry,
    vector_of,
)
from tests.builders import a_caseworker
from tests.conftest import NOW


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(KnowledgeVector)) or 0


def three_documents() -> list[Document]:
    return documents(dict(list(read_cards(CARDS).items())[:3]))


def answering(document: Document, answer: str) -> Document:
    """The document with another answer, and nothing but that to find it by."""
    return replace(document, hit=replace(document.hit, answer=answer), variants=())


def test_published_texts_are_encoded_once_and_announced(engine: Engine) -> None:
    encoder = FakeEncoder()
    with transaction(engine) as session:
        an_entry(session, a_draft("厂里不给加班钱找哪个"))
        before = revision.current(session)

    first = encode_missing(lambda: transaction(engine), encoder)
    second = encode_missing(lambda: transaction(engine), encoder)

    with reading(engine) as session:
        assert (first, second, kept(session)) == (4, 0, 4)
        assert revision.current(session) == before + 1
    assert len(encoder.asked) == 4


def test_no_transaction_is_open_while_the_encoder_is_asked(engine: Engine) -> None:
    class Watching(FakeEncoder):
        def embed(self, *args: object, **named: object) -> tuple[Vector, ...]:
            with transaction(engine) as session:  # would wait for ever on SQLite
                a_caseworker(session)
            return super().embed(*args, **named)  # type: ignore[arg-type]

    with transaction(engine) as session:
        an_entry(session, a_draft("厂里不给加班钱找哪个", variants=()))

    assert encode_missing(lambda: transaction(engine), Watching()) == 2


def test_texts_that_nobody_publishes_any_more_are_forgotten(engine: Engine) -> None:
    with transaction(engine) as session:
        gone = an_entry(session)
    encode_missing(lambda: transaction(engine), FakeEncoder())
    with transaction(engine) as session:
        an_entry(session, a_draft("孩子上学要什么材料", variants=(), topic="education"))
        entries.withdraw(session, gone, staff_id=a_caseworker(session).id, now=NOW)

    encode_missing(lambda: transaction(engine), FakeEncoder())

    with reading(engine) as session:
        assert kept(session) == 2


@pytest.mark.parametrize("encoder", [FakeEncoder(down=True), FakeEncoder(model="another")])
def test_an_encoder_that_is_away_or_another_leaves_all_as_it_was(
    engine: Engine, encoder: FakeEncoder
) -> None:
    with transaction(engine) as session:
        an_entry(session)
        before = revision.current(session)

    assert encode_missing(lambda: transaction(engine), encoder) == 0

    with reading(engine) as session:
        assert (kept(session), revision.current(session)) == (0, before)
        found = KnowledgeSearch().find(session, "老板拖欠工资怎么办", today=TODAY)
        assert found.hits


def test_vectors_come_back_from_the_file_nearly_as_they_were(tmp_path: Path) -> None:
    texts = texts_of(three_documents()[0])
    vectors = encode(FakeEncoder(), texts)
    path = tmp_path / "vectors.npz"

    ship(texts, vectors, path)
    back = shipped(path)

    assert back.keys() == vectors.keys()
    for name, vector in vectors.items():
        assert float(np.dot(back[name].astype(float), vector.astype(float))) > 0.998
    assert shipped(tmp_path / "none.npz") == {}


def test_what_questions_and_passages_have_in_common_is_shipped_too(tmp_path: Path) -> None:
    texts = texts_of(three_documents()[0])
    vectors = encode(FakeEncoder(), texts)
    path = tmp_path / "vectors.npz"

    ship(texts, vectors, path)

    usual = usual_vectors(path)
    questions = [vectors[digest(text)] for text in texts if text[0] == "query"]
    assert usual["query"] == pytest.approx(np.mean(questions, 0), abs=1e-3)
    assert usual["passage"] == pytest.approx(vectors[digest(texts[0])], abs=1e-3)
    assert not usual_vectors(tmp_path / "none.npz")["query"].any()


def test_a_long_answer_is_also_encoded_piece_by_piece() -> None:
    short, long = "一句话。", "这一句有二十个字左右，一共要写很多句。" * 12
    draft = documents(read_cards(CARDS))[0]

    kinds = {
        len(answer): [kind for kind, _ in texts_of(answering(draft, answer))].count("passage")
        for answer in (short, long)
    }

    assert kinds == {len(short): 1, len(long): 4}


def test_an_answer_is_found_by_one_of_its_pieces() -> None:
    piece = "社保转移要凭身份证到新地方的窗口办理，不用回老家，也不收钱。"
    other = "工资应当按月足额用货币发放，不能用实物代替，也不能无故拖欠。"
    long = answering(three_documents()[0], other * 4 + piece * 3)
    passages = [text for text in texts_of(long) if text[0] == "passage"]
    pieces = {digest(text): vector_of(text[1]) for text in texts_of(long)}
    nothing_but_whole = pieces | {digest(text): vector_of(passages[0][1]) for text in passages}
    asked = vector_of(f"{long.hit.question}{piece * 3}")

    with_pieces, without = (
        Index([long], vectors).match("xyz", asked).parts["answered"][0]
        for vectors in (pieces, nothing_but_whole)
    )

    assert with_pieces > without


def test_near_is_the_cosine_with_the_closest_way_to_ask_as_it_is() -> None:
    everything = three_documents()
    texts = [text for one in everything for text in texts_of(one)]
    vectors = {digest(text): vector_of(text[1]) for text in texts}
    question = vector_of("工资被老板拖着不发")

    near = Index(everything, vectors).match("xyz", question).parts["near"]

    for at, document in enumerate(everything):
        ways = [vectors[digest(text)] for text in texts_of(document) if text[0] == "query"]
        closest = max(float(way.astype(float) @ question.astype(float)) for way in ways)
        assert near[at] == pytest.approx(closest, abs=2e-3)


def test_every_text_of_the_starter_content_has_its_vector_shipped() -> None:
    texts = starter_texts(read_cards(CARDS))

    assert [text for text in texts if digest(text) not in shipped()] == []


def test_what_was_made_here_goes_before_what_was_shipped(session: Session) -> None:
    name = next(iter(shipped()))
    session.add(KnowledgeVector(digest=name, model=MODEL, data=vector_of("我").tobytes()))
    session.add(KnowledgeVector(digest="old", model="another", data=vector_of("我").tobytes()))
    session.flush()

    vectors = known(session)

    assert np.array_equal(vectors[name], vector_of("我"))
    assert "old" not in vectors


def test_a_question_is_found_by_what_it_means_where_no_word_is_shared() -> None:
    everything = three_documents()
    texts = [text for one in everything for text in texts_of(one)]
    index = Index(everything, {digest(text): vector_of(text[1]) for text in texts})

    match = index.match("xyz", vector_of(everything[2].hit.question))

    assert match.parts["entry"].max() == 0
    assert int(np.argmax(match.parts["asked"])) == 2


def test_a_document_without_vectors_is_neither_first_nor_lost() -> None:
    everything = three_documents()
    some = [text for one in everything[:2] for text in texts_of(one)]
    index = Index(everything, {digest(text): vector_of(text[1]) for text in some})

    match = index.match(everything[2].hit.question, vector_of(everything[2].hit.question))

    asked = match.parts["asked"]
    assert asked[2] == asked[:2].max()
    assert np.isfinite(asked).all()


def test_vectors_of_few_documents_do_not_count() -> None:
    everything = three_documents()
    texts = texts_of(everything[0])

    index = Index(everything, {digest(text): vector_of(text[1]) for text in texts})

    assert not index.meaning.known
    assert "asked" not in index.match("工资", vector_of("工资")).parts
