"""What a text has of the terms that are known, counted apart from how they are looked up."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from nlu.components.features import VIEWS, Vocabulary

TEXTS = ["老板不发工钱", "老板跑了工钱找谁要", "0号了还不发", "wifi密码是0000"]
VIEW_SETS = [["characters"], ["beginning", "ending"], ["words", "characters"]]


def counted(views: list[str], text: str) -> dict[tuple[str, str], float]:
    """Weigh each term of *text* by counting, with dictionaries of strings."""
    found: dict[tuple[str, str], float] = {}
    for view in views:
        stands_in = Counter(term for one in TEXTS for term in set(VIEWS[view](one)))
        own = Counter(term for term in VIEWS[view](text) if stands_in[term] >= 1)
        weighed = {
            term: (1 + math.log(many)) * (math.log((1 + len(TEXTS)) / (1 + stands_in[term])) + 1)
            for term, many in own.items()
        }
        length = math.hypot(*weighed.values()) or 1
        found |= {(view, term): weight / length for term, weight in weighed.items()}
    return found


@pytest.mark.parametrize("views", VIEW_SETS, ids="+".join)
@pytest.mark.parametrize("text", [*TEXTS, "老板老板老板，发不发嘛", "全不认得呀", ""])
def test_a_row_holds_the_weights_of_the_known_terms(views: list[str], text: str) -> None:
    row = Vocabulary.learn(views, TEXTS, least=1).row(text)

    expected = counted(views, text)
    assert len(set(row.columns.tolist())) == len(row.columns) == len(expected)
    assert sorted(row.values.tolist()) == pytest.approx(sorted(expected.values()), abs=1e-6)


def test_each_term_has_a_column_of_its_own() -> None:
    vocabulary = Vocabulary.learn(["characters", "ending"], TEXTS, least=1)

    columns = {at for text in TEXTS for at in vocabulary.row(text).columns.tolist()}

    assert columns == set(range(len(vocabulary.weights)))


@pytest.mark.parametrize("views", VIEW_SETS, ids="+".join)
def test_a_vocabulary_that_was_kept_reads_as_before(views: list[str], tmp_path: Path) -> None:
    learnt = Vocabulary.learn(views, TEXTS, least=1)
    learnt.save(tmp_path)
    kept = Vocabulary.load(tmp_path)
    kept.save(tmp_path)  # and keeps itself as well
    again = Vocabulary.load(tmp_path)

    for text in (*TEXTS, "老板又不见了"):
        for other in (kept, again):
            row, was = other.row(text), learnt.row(text)
            assert np.array_equal(row.columns, was.columns)
            assert np.array_equal(row.values, was.values)
            assert row.width == was.width


def test_without_terms_there_is_nothing_to_find() -> None:
    row = Vocabulary.learn(["characters"], ["一"], least=2).row("一二三")

    assert len(row.columns) == row.width == 0
