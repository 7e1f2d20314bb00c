"""The confidence is fitted to what the search gets right, and kept in a file."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.contracts import Action
from bot.knowledge.calibrate import calibrate
from bot.knowledge.confidence import FEATURES, FILE, Line, Sort, load_confidence
from bot.knowledge.examples import DATA, documents, held_out, in_new, in_small, labelled, unheard
from bot.knowledge.heard import read_questions
from bot.knowledge.load import read_cards
from bot.knowledge.logistic import fit
from bot.knowledge.vectors import Text, Vectors, digest
from tests.bot.knowledge.builders import CARDS, vector_of


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A file with twenty cards: enough to fit to, quick to search."""
    path = tmp_path / "cards.jsonl"
    lines = CARDS.read_text("utf-8").splitlines()[::11]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A file with some of the labelled messages."""
    path = tmp_path / "questions.jsonl"
    lines = (DATA / "questions.jsonl").read_text("utf-8").splitlines()[::12]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def none_encoded(texts: Sequence[Text]) -> Vectors:
    del texts
    return {}


def encoded(texts: Sequence[Text]) -> Vectors:
    """Vectors that are as alike as the characters of their texts."""
    return {digest(text): vector_of(text[1]) for text in texts}


def test_a_held_out_phrasing_is_not_in_the_index_it_is_put_to(few: Path) -> None:
    found = list(held_out(documents(read_cards(few)), {}))

    assert {example.kind for example in found} == {"variant", "removed"}
    for example in found:
        told = {text for d in example.index.documents for text in d.phrasings}
        assert example.text not in told


def test_small_knowledge_bases_are_drawn_with_and_without_the_answer(few: Path) -> None:
    cards = read_cards(few)
    asked = read_questions(DATA / "questions.jsonl", known=cards)

    found = list(in_small(documents(cards), asked, {}))

    assert {example.kind for example in found} == {"few", "gone"}
    assert min(len(example.index.documents) for example in found) == 3
    for example in found:
        assert bool(example.gold) == (example.kind == "few")
        assert example.gold <= example.index.position.keys()


def test_a_message_never_meets_itself_nor_those_it_is_judged_with(few: Path) -> None:
    cards = read_cards(few)
    asked = read_questions(DATA / "questions.jsonl", known=cards)

    found = list(labelled(documents(cards), asked, {}))

    assert sorted(example.text for example in found) == sorted(one.text for one in asked)
    heard = {text for example in found for d in example.index.documents for text in d.heard}
    assert heard
    for example in found:
        assert example.text not in {t for d in example.index.documents for t in d.heard}


def test_to_new_knowledge_bases_nothing_was_said_yet(few: Path) -> None:
    cards = read_cards(few)
    asked = read_questions(DATA / "questions.jsonl", known=cards)
    asked = [one for one in asked if one.kind != "matter"]

    found = [*unheard(documents(cards), asked, {}), *in_new(documents(cards), asked, {})]

    answered = {"question", "brief", "small"}
    assert {one.kind for one in found} == {
        *answered,
        *("unanswerable", "chat", "unsaid", "near", "strange"),
    }
    for one in found:
        assert not any(document.heard for document in one.index.documents)
        assert bool(one.gold) == (one.kind in answered)
        assert one.gold <= one.index.position.keys()


def test_every_labelled_question_names_entries_that_exist() -> None:
    cards = read_cards(CARDS)

    for line in (DATA / "questions.jsonl").read_text("utf-8").splitlines():
        assert set(json.loads(line)["entries"]) <= cards.keys()


def test_a_model_learns_what_speaks_for_an_answer() -> None:
    rows = np.array([[0.0, 1.0], [0.1, 0.0], [0.9, 1.0], [1.0, 0.0]])

    line = fit(rows, np.array([0.0, 0.0, 1.0, 1.0]), np.full(4, 10.0))

    assert line.probability([1.0, 0.5]) > 0.9
    assert line.probability([0.0, 0.5]) < 0.1


def test_a_row_farther_out_than_any_seen_is_no_surer_than_the_farthest() -> None:
    line = Line((0.0,), (1.0,), (1.0,), 0.0)

    assert line.probability([1e9]) == line.probability([3.0]) < 1
    assert line.probability([-1e9]) == line.probability([-3.0]) > 0


def test_calibrating_writes_the_file_and_tells_what_it_found(
    few: Path, asked: Path, tmp_path: Path
) -> None:
    path = tmp_path / "confidence.json"

    told = calibrate(encoded, cards=few, questions=asked, to=path)

    content = json.loads(path.read_text("utf-8"))
    assert "by words" in told
    assert "by meaning" in told
    for sort, judge in load_confidence(path).by.items():
        kinds = {kind: shares["number"] for kind, shares in content["measured"][sort].items()}
        assert kinds["brief"] if sort.endswith("new") else kinds["variant"] == 120
        assert judge.band(1.0, 1.0) == Action.ANSWER
        assert judge.band(0.0, 0.0) == Action.DECLINE


def test_without_an_encoder_what_was_fitted_with_one_is_kept(
    few: Path, asked: Path, tmp_path: Path
) -> None:
    path = tmp_path / "confidence.json"

    told = calibrate(none_encoded, cards=few, questions=asked, to=path)

    kept, before = load_confidence(path).by, load_confidence().by
    assert "by meaning" not in told
    assert kept["meaning"] == before["meaning"]
    assert kept["words"] != before["words"]


@pytest.mark.parametrize("sort", ["words", "meaning", "meaning_new"])
def test_the_shipped_file_fits_the_code_and_its_own_target(sort: Sort) -> None:
    content = json.loads(FILE.read_text("utf-8"))
    measured = content["measured"][sort]

    assert tuple(content["features"][sort]) == FEATURES[sort]
    assert measured["all asked"]["answers right"] >= 0.97
    assert measured["all asked"]["answered"] > 0
