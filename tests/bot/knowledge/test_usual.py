"""Messages that are shipped tell what to expect of a question, whatever a base is about."""

import numpy as np

from bot.knowledge.index import Index
from bot.knowledge.usual import strangers, weight
from bot.knowledge.vectors import DIMENSIONS, digest, texts_of
from tests.bot.knowledge.builders import vector_of
from tests.bot.knowledge.test_guards import an_allowance

TERRACE = an_allowance("电瓶车一律在楼下充电棚充电，一块钱充四小时。", "电瓶车在哪里充电")


def test_what_everybody_says_says_little() -> None:
    assert 0 < weight(["怎么"]) < weight(["低保"]) < weight(["刷卡"])
    assert weight(["刷卡", "怎么"]) == weight(["刷卡"]) + weight(["怎么"])


def test_what_everybody_says_is_not_rare_because_entries_do_not_say_it() -> None:
    ours, trees = an_allowance("三十平方米。", "我们家菜地"), an_allowance("三棵。", "桂花树")
    others = [an_allowance("一年一次。", f"第{number}号楼电梯") for number in range(60)]
    index = Index([ours, trees, *others])

    close = index.match("我们家桂花树").parts["entry"]

    assert close[1] > 1.5 * close[0]


def test_strangers_are_many_and_of_unit_length() -> None:
    lengths = np.linalg.norm(strangers(), axis=1)

    assert strangers().shape[0] > 500
    assert strangers().shape[1] == DIMENSIONS
    assert np.allclose(lengths, 1, atol=1e-3)


def test_its_own_question_is_closer_to_an_entry_than_strangers_come() -> None:
    bare = an_allowance("当天可以补打，过了三天不补。", "打卡")
    vectors = {digest(text): vector_of(text[1]) for text in (*texts_of(TERRACE), *texts_of(bare))}
    index = Index([TERRACE, bare], vectors)

    meant = index.match("电瓶车在哪里充电", vector_of("电瓶车在哪里充电"))
    usually = index.meaning.usually(0)

    assert usually is not None
    assert meant.parts["asked"][0] > usually[0]
    assert index.meaning.usually(0) == usually != index.meaning.usually(1)


def test_without_vectors_nothing_is_known_of_strangers() -> None:
    vectors = {digest(text): vector_of(text[1]) for text in texts_of(TERRACE)}
    other = an_allowance("当天可以补打。", "打卡机坏了怎么补")

    index = Index([other, TERRACE], vectors)

    assert index.meaning.usually(0) is None
    assert index.meaning.usually(1) is not None
