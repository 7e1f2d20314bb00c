from tests.bench.heldout import messages


def test_what_stands_in_the_training_data_is_not_measured() -> None:
    everything = messages(trained_on=[])

    without = messages(trained_on=[f" {everything[0].text}\n"])

    assert everything[0].text not in {m.text for m in without}
    assert len(without) < len(everything)
    assert any(m.is_question for m in without)
