"""The crowd of the bench writes as residents do, and counts what it got."""

import itertools
import time

from handlers.simulator.crypto import Envelope
from tests.bench.phone import EACH_WRITES, SHARES, crowd, piles, sealed, texts

KEYS = Envelope("a-token", "k" * 43, "wx0123456789abcdef")


def test_a_crowd_writes_in_the_shares_that_are_told() -> None:
    wanted = {text: name for name, pile in piles().items() for text in pile}

    names = [wanted[text] for text in itertools.islice(texts(1), 2000)]

    assert abs(names.count("policy_question") / 20 - SHARES["policy_question"]) < 5
    assert 0 < names.count("crisis") < 150


def test_a_push_is_signed_and_says_nothing_to_whoever_reads_along() -> None:
    query, body = sealed(KEYS, "老板跑了", openid="o-li", nonce="17")

    cipher = body.decode().partition("<Encrypt>")[2].partition("</Encrypt>")[0]
    assert "老板跑了" in KEYS.decrypt(cipher)
    assert query["msg_signature"] == KEYS.sign(query["timestamp"], "17", cipher)
    assert "老板".encode() not in body


def test_what_was_missed_is_counted_and_takes_no_part_in_the_times() -> None:
    asked: list[int] = []

    def ask(number: int, said: str) -> bool:
        del said
        asked.append(number)
        time.sleep(0.001)
        return len(asked) % 2 == 0

    found = crowd([ask], itertools.repeat("在吗"), seconds=0.2, first=100)

    assert found.answered + found.missed == len(asked)
    assert found.missed >= 1
    assert asked[EACH_WRITES] == 101


def test_at_a_rate_no_more_is_sent_than_is_due() -> None:
    found = crowd(
        [lambda number, said: True] * 4, itertools.repeat("在吗"), seconds=0.5, first=0, rate=20
    )

    assert found.answered == 10
