"""The confidence is fitted to what the search gets right, and kept in a file."""

import json
from pathlib import Path

import numpy as np
import pytest

from bot.contracts import Action
from bot.knowledge.calibrate import calibrate
from bot.knowledge.confidence import FEATURES, FILE, Line, load_confidence
from bot.knowledge.examples import documents, held_out, labelled
from bot.knowledge.load import read_cards
from bot.knowledge.logistic import fit
from tests.bot.knowledge.builders import CARDS


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A file with twenty cards: enough to fit to, quick to search."""
    path = tmp_path / "cards.jsonl"
    lines = CARDS.read_text("utf-8").splitlines()[::11]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_held_out_phrasing_is_not_in_the_index_it_is_put_to(few: Path) -> None:
    examples = list(held_out(read_cards(few)))

    assert {example.kind for example in examples} == {"variant", "removed"}
    for example in examples:
        told = {text for d in example.index.documents for text in d.phrasings}
        assert example.text not in told


def test_every_labelled_question_names_entries_that_exist() -> None:
    known = {document.hit.entry_id for document in documents(read_cards(CARDS))}

    for example in labelled(read_cards(CARDS)):
        assert example.gold <= known


def test_a_model_learns_what_speaks_for_an_answer() -> None:
    rows = np.array([[0.0, 1.0], [0.1, 0.0], [0.9, 1.0], [1.0, 0.0]])

    line = fit(rows, np.array([0.0, 0.0, 1.0, 1.0]), np.full(4, 10.0))

    assert line.probability([1.0, 0.5]) > 0.9
    assert line.probability([0.0, 0.5]) < 0.1


def test_an_extreme_row_has_a_probability_too() -> None:
    line = Line((0.0,), (1.0,), (1.0,), 0.0)

    assert line.probability([1e9]) == pytest.approx(1)
    assert line.probability([-1e9]) == pytest.approx(0)


def test_calibrating_writes_the_file_and_tells_what_it_found(few: Path, tmp_path: Path) -> None:
    path = tmp_path / "confidence.json"

    told = calibrate(few, to=path)

    content = json.loads(path.read_text("utf-8"))
    confidence = load_confidence(path)
    assert "variant" in told
    assert content["measured"]["variant"]["number"] == 120
    assert confidence.band(1.0, 1.0) == Action.ANSWER
    assert confidence.band(0.0, 0.0) == Action.DECLINE


def test_the_shipped_file_fits_the_code_and_its_own_target() -> None:
    content = json.loads(FILE.read_text("utf-8"))

    assert tuple(content["features"]) == FEATURES
    assert content["measured"]["question"]["answers right"] >= 0.97
    assert content["measured"]["unanswerable"]["answered"] <= 0.03
