from typing import Any

import pytest

from tests.bench.heldout import Message
from tests.bench.intents import quality


def message(intent: str, text: str = "短") -> Message:
    return Message(text, intent, frozenset())


def answer(name: str, confidence: float = 1.0, **more: object) -> dict[str, Any]:
    return {"intent": {"name": name, "confidence": confidence}, **more}


def test_long_messages_are_judged_by_themselves_too() -> None:
    asked = [message("thanks"), message("thanks"), message("dispute", "长" * 61)]

    found = quality(asked, [answer("thanks"), answer("greeting"), answer("dispute")])

    assert (found.messages, found.long_messages) == (3, 1)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.long_accuracy == 1
    assert found.macro_f1 == pytest.approx((2 / 3 + 1) / 2)


def test_being_too_sure_is_an_error() -> None:
    asked = [message("thanks")] * 4

    found = quality(asked, [answer("thanks", 0.95)] * 2 + [answer("dispute", 0.95)] * 2)

    assert found.calibration_error == pytest.approx(0.45)


def test_how_many_got_a_vector_is_counted() -> None:
    found = quality([message("thanks")] * 4, [answer("thanks", vector={}), *[answer("x")] * 3])

    assert found.with_vector == 0.25
