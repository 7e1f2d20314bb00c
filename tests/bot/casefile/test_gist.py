"""What is picked out of a long story: the resident's own sentences, the ones that matter."""

import json
from functools import cache
from typing import Any

import pytest

from bot.casefile.gist import LEAST_TO_PICK, SHARE, Gist, gist, marks
from bot.casefile.sentences import LONGEST, sentences
from bot.settings import ROOT

STORY = [
    "我是昭通来的在这边工地上干了四个多月了，当时说好一天280块钱，结果到现在只给了我两千块生活费",
    "我打电话给包工头他就说再等等",
    "今天天气热得很，我们几个在棚里坐着也睡不着，隔壁的老王还在唱歌，唉",
    "欠条没有写，就是微信上他说过几次会给，我有聊天记录",
    "我想问能不能帮我们去要，要是要不到去哪里告",
]


@cache
def told() -> Gist:
    found = gist(STORY)
    assert found is not None
    return found


@cache
def heldout() -> list[dict[str, Any]]:
    """Long messages nobody trained on."""
    files = sorted((ROOT / "nlu" / "heldout").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return [row for row in rows if len(row["text"]) >= LEAST_TO_PICK]


def picked(text: str) -> Gist:
    found = gist([text])
    assert found is not None
    return found


def test_what_is_wanted_is_always_read() -> None:
    assert any("能不能帮我们去要" in it.text for it in told().picked)
    assert "能不能帮我们去要" in told().facts["想要什么"][0]


def test_small_talk_is_left_out() -> None:
    assert not any("唱歌" in it.text for it in told().picked)


def test_every_picked_sentence_says_why_and_stands_in_order() -> None:
    assert all(it.why for it in told().picked)
    places = [it.at for it in told().picked]
    assert places == sorted(places)


def test_amounts_proof_and_place_are_named_in_the_residents_words() -> None:
    facts = told().facts

    assert "280块钱" in facts["说到钱"]
    assert {"欠条", "聊天记录"} <= set(facts["说到凭据"])
    assert "昭通" in facts["说到地方、单位"]


def test_a_short_story_has_no_gist() -> None:
    assert gist(["老板跑了，工钱没给，怎么办"]) is None


def test_danger_that_only_the_crisis_rules_know_is_a_mark() -> None:
    story = ["家里的事说来话长，" * 12, "遗书写好了压在枕头下面。", "没别的了。"]

    found = gist(story)

    assert found is not None
    assert any("遗书" in it.text and "说到伤害、危险" in it.why for it in found.picked)


@pytest.mark.parametrize("row", heldout(), ids=lambda row: row["id"])
def test_nothing_is_written_that_the_resident_did_not_write(row: dict[str, Any]) -> None:
    found = picked(row["text"])

    assert all(it.text in row["text"] for it in found.picked)
    assert found.picked
    assert found.length <= SHARE * found.whole + LONGEST


def test_a_gist_keeps_what_matters_of_long_messages_nobody_trained_on() -> None:
    """Of their amounts, days and places nine in ten, in two fifths of the length."""
    kept = {"amount": [0, 0], "date": [0, 0], "place": [0, 0]}
    read = whole = 0
    for row in heldout():
        found = picked(row["text"])
        read, whole = read + found.length, whole + found.whole
        shown = "\n".join(
            [it.text for it in found.picked]
            + [it for spans in found.facts.values() for it in spans]
        )
        for name, counts in kept.items():
            said = row.get("entities", {}).get(name, [])
            counts[0] += sum(it in shown for it in said)
            counts[1] += len(said)

    shares = {name: there / count for name, (there, count) in kept.items()}
    assert read / whole < 0.42
    assert shares["amount"] > 0.85
    assert shares["date"] > 0.88
    assert shares["place"] > 0.86


def test_a_breathless_text_is_cut_where_something_new_begins() -> None:
    text = (
        "在浙江温州鞋厂打了十一年工那边给交的社保今年五十了眼睛花了做不动就回保山老家了"
        "后来村里的人说外省交的钱到云南就不认了请问到底转不转得来"
    )

    pieces = sentences(text)

    assert "".join(pieces) == text
    assert len(pieces) == 2
    assert pieces[1].startswith("后来")
    assert all(len(piece) <= LONGEST for piece in pieces)


def test_every_mark_has_words_and_a_reason() -> None:
    assert {mark.key for mark, _ in marks()} >= {"wanted", "money", "danger"}
    assert all(mark.label and mark.words and mark.weight > 0 for mark, _ in marks())
