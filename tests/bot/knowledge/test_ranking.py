"""An entry of which nothing was heard is judged by what it says itself."""

from dataclasses import replace

import numpy as np
import pytest

from bot.knowledge.confidence import FEATURES, USUAL, Sort, load_confidence, order
from bot.knowledge.features import features_of_new
from bot.knowledge.index import Index, Match
from bot.knowledge.lexical import Question
from bot.knowledge.ranking import ENOUGH, Ranking, _between, rank
from bot.knowledge.vectors import digest, texts_of
from tests.bot.knowledge.builders import vector_of
from tests.bot.knowledge.test_guards import an_allowance

WATER = an_allowance("水卡到物业办公室充，每吨两块六。", "水费去哪里交", "水卡在哪里充")
GARDEN = an_allowance("每户可以申请三十平方米菜地。", "有没有地可以种菜")


def ranked(index: Index, text: str, **asked: object) -> Ranking:
    return rank(index, text, confidence=load_confidence(), **asked)  # type: ignore[arg-type]


def test_new_entries_are_judged_as_such_and_those_heard_of_as_before() -> None:
    heard = replace(WATER, heard=("屋里没水了咋个交钱",))
    vectors = {
        digest(text): vector_of(text[1]) for one in (WATER, GARDEN) for text in texts_of(one)
    }
    meant = vector_of("水费在哪里交钱")
    found: dict[str, Sort] = {
        "new": ranked(Index([WATER, GARDEN]), "水费在哪里交钱").sort,
        "heard": ranked(Index([heard, GARDEN]), "水费在哪里交钱").sort,
        "meant": ranked(Index([WATER, GARDEN], vectors), "水费在哪里交钱", vector=meant).sort,
    }

    assert found == {"new": "words_new", "heard": "words", "meant": "meaning_new"}


def test_the_more_was_heard_the_less_it_is_judged_as_new() -> None:
    text, others = "水费在哪里交钱", tuple(f"屋里水费在哪点交{n}" for n in range(ENOUGH))

    def right(
        heard: int, sort: Sort | None = None, *, meant: bool = True, entry_id: str = "own-1"
    ) -> float:
        hit = replace(WATER.hit, entry_id=entry_id)
        both = (replace(WATER, hit=hit, heard=others[:heard]), GARDEN)
        vectors = {digest(it): vector_of(it[1]) for one in both for it in texts_of(one)}
        vector = vector_of(text) if meant else None
        return ranked(Index(both, vectors), text, sort=sort, vector=vector).right

    assert right(0) == right(0, "meaning_new")
    assert right(1) < right(2) < right(4) < right(ENOUGH)
    assert right(1) - right(1, "meaning_new") < right(1, "meaning") - right(1)
    assert right(ENOUGH) == right(ENOUGH, "meaning")
    assert right(1, meant=False) == right(1, "words", meant=False)
    assert right(1, entry_id="aid01") == right(1, "meaning")  # starter content


def test_what_is_just_enough_for_both_judges_is_so_for_both_together() -> None:
    assert _between(0.85, 0.85, 0.9, 0.9, 0.3) == pytest.approx(0.85)


def test_words_weigh_more_in_a_long_question() -> None:
    parts = {"entry": np.array([0.3, 0.2], np.float32), "asked": np.array([0.5, 0.6], np.float32)}
    rank_by = {"entry": 10.0, "asked": 10.0, "topic": 0.0}

    def first(said: float) -> int:
        match = Match("", Question(np.zeros(0, np.int64), np.zeros(0)), parts, said)
        return int(np.argmax(order(match, np.zeros(2, np.float32), rank_by)))

    assert [first(USUAL / 2), first(USUAL * 2)] == [1, 0]


def test_a_passage_is_judged_as_before() -> None:
    passage = replace(GARDEN, part_of="policy-1")

    found = ranked(Index([passage]), "有没有地可以种菜")

    assert found.sort == "words"


def test_how_it_is_judged_can_be_said() -> None:
    found = ranked(Index([WATER, GARDEN]), "水费在哪里交钱", sort="words")

    assert found.sort == "words"
    assert len(found.features) == len(FEATURES["words"])


def test_what_the_entry_does_not_say_is_missing() -> None:
    index = Index([WATER, GARDEN])

    known = features_of_new(index, index.match("水卡在哪里充"), 0)
    beside = features_of_new(index, index.match("水卡可以刷信用卡吗"), 0)

    assert known["missing"] == known["missing_characters"] == 0
    assert known["spoken"] == 1
    assert beside["missing"] > 0.5
    assert beside["spoken"] < 0.5
