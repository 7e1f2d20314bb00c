from typing import Any

import pytest

from tests.bench.answers import hits
from tests.bench.heldout import Message, messages
from tests.bench.intents import quality
from tests.bench.models import losses


def message(intent: str, text: str = "短", gold: str = "") -> Message:
    return Message(text, intent, frozenset(gold.split()))


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


def test_a_question_is_a_hit_if_any_of_its_entries_is_near_enough_the_top() -> None:
    asked = [message("policy_question", gold="a b"), message("policy_question", gold="c")]
    found = [["b", "x", "y"], ["x", "y", "c"]]

    assert hits(asked, found, within=1) == 0.5
    assert hits(asked, found, within=2) == 0.5
    assert hits(asked, found, within=3) == 1


def test_what_stands_in_the_training_data_is_not_measured() -> None:
    everything = messages(trained_on=[])

    without = messages(trained_on=[f" {everything[0].text}\n"])

    assert everything[0].text not in {m.text for m in without}
    assert len(without) < len(everything)
    assert any(m.is_question for m in without)


def test_the_losses_are_read_from_the_progress_bar() -> None:
    log = (
        "Epochs:   0%|   | 0/3 [00:00<?, ?it/s]\r"
        "Epochs:  33%|█  | 1/3 [00:05<00:10,  5s/it, t_loss=3.93, i_acc=0.926]\r"
        "Epochs:  33%|█  | 1/3 [00:05<00:10,  5s/it, t_loss=3.93, i_acc=0.926]\r"
        "Epochs:  67%|██ | 2/3 [00:10<00:05,  5s/it, t_loss=2, i_acc=0.97]\n"
    )

    assert losses(log) == (3.93, 2.0)
    assert losses("nothing of the kind") == ()
