"""Texts are close to a question by the words they share, the rarer the more."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from bot.knowledge.lexical import K1, B, Lexical, Words, as_question, learn

TEXTS = ("工资 拖欠 怎么 办", "工资 标准", "上学 要 材料", "上学 怎么 办 上学", "")


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def lexical(words: Words) -> Lexical:
    return learn([words.bag(text.split()) for text in TEXTS], words)


def by_hand(texts: Sequence[str], question: str) -> list[float]:
    """BM25 as it is written down, term by term, as a share of what the question can reach."""
    cut = [Counter(text.split()) for text in texts]
    mean = sum(sum(terms.values()) for terms in cut) / len(cut)

    def weight(term: str) -> float:
        many = sum(term in terms for terms in cut)
        return math.log(1 + (len(cut) - many + 0.5) / (many + 0.5))

    def score(terms: Counter[str], term: str) -> float:
        full = K1 * (1 - B + B * sum(terms.values()) / mean)
        return weight(term) * terms[term] / (full + terms[term])

    asked = question.split()
    reach = sum(weight(term) for term in asked)
    return [sum(score(terms, term) for term in asked) / reach for terms in cut]


@pytest.mark.parametrize("question", ["工资 怎么 办", "上学 上学 要", "工资 低保", "材料"])
def test_closeness_is_bm25_as_a_share(lexical: Lexical, words: Words, question: str) -> None:
    close = lexical.closeness(words.question(question.split(), len(words)))

    assert close == pytest.approx(by_hand(TEXTS, question), abs=1e-6)


@pytest.mark.parametrize("question", ["", "低保", "低保 户口"])
def test_a_question_of_no_known_word_is_close_to_nothing(
    lexical: Lexical, words: Words, question: str
) -> None:
    close = lexical.closeness(words.question(question.split(), len(words)))

    assert close.tolist() == [0] * len(TEXTS)


def test_a_word_that_counts_less_adds_less(lexical: Lexical, words: Words) -> None:
    asked, known = ["上学", "工资"], len(words)

    close = lexical.closeness(
        words.question(asked, known, lambda term, _: 0.5 if term == "工资" else 1.0)
    )

    halved = lexical.closeness(words.question(["上学", "上学", "工资"], known))
    assert close == pytest.approx(halved, abs=1e-6)


def test_a_long_question_says_more(lexical: Lexical, words: Words) -> None:
    said = [
        lexical.said(words.question(asked.split(), len(words)))
        for asked in ("怎么", "低保", "低保 怎么", "低保 户口")
    ]

    assert 0 < said[0] < said[1] == 1 < said[2] < said[3] == 2


def test_a_text_asked_for_itself_is_the_closest(lexical: Lexical, words: Words) -> None:
    asked = as_question(words.bag(TEXTS[3].split()))

    close = lexical.closeness(asked)

    assert int(np.argmax(close)) == 3


def test_words_that_other_texts_taught_are_no_stranger_than_unknown_ones(words: Words) -> None:
    wages, _ = words.bag(["工资"]), words.bag(["低保"])
    lexical = learn([wages], words)

    taught = lexical.closeness(words.question(["工资", "低保"], len(words)))

    assert (
        taught.tolist() == lexical.closeness(words.question(["工资", "户口"], len(words))).tolist()
    )


def test_what_is_learnt_later_is_strange_to_an_index(words: Words) -> None:
    lexical, known = learn([words.bag(["工资"])], words), len(words)

    words.bag(["低保"])

    later = lexical.closeness(words.question(["工资", "低保"], known))
    assert later.tolist() == lexical.closeness(words.question(["工资", "户口"], known)).tolist()


def test_texts_in_parts_are_as_one(words: Words) -> None:
    parts = [words.bag(part.split()) for part in ("工资 拖欠", "上学", "拖欠 怎么")]
    asked = words.question(["拖欠", "上学", "怎么"], len(words))

    apart = learn(parts, words, np.array([1, 0, 1]))

    together = learn([parts[1], words.bag(["工资", "拖欠", "拖欠", "怎么"])], words)
    assert apart.closeness(asked).tolist() == together.closeness(asked).tolist()


def test_an_index_of_nothing_finds_nothing(words: Words) -> None:
    assert learn([], words).closeness(words.question(["工资"], len(words))).tolist() == []
