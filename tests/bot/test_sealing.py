"""What is sealed is read with the key, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import sealing
from bot.errors import SealError
from tests.conftest import use_test_keys

STORY = "我男人又打我 ꆈꌠ 🙏"


@pytest.fixture(autouse=True)
def _keys_afterwards() -> object:
    yield
    use_test_keys()


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert sealing.unseal(sealing.seal(text)) == text


@given(st.binary())
def test_any_file_comes_back(data: bytes) -> None:
    assert sealing.unseal_bytes(sealing.seal_bytes(data)) == data


def test_one_text_is_sealed_differently_each_time_and_shows_nothing() -> None:
    one, two = sealing.seal(STORY), sealing.seal(STORY)

    assert one != two
    assert sealing.sealed_by(one) == "test"
    assert "打" not in one


def test_what_was_stored_before_there_was_a_key_is_read() -> None:
    assert sealing.unseal(STORY) == STORY
    assert sealing.unseal_key("o-li") == "o-li"
    assert sealing.unseal_bytes(b"\xff\xd8\xff") == b"\xff\xd8\xff"


@pytest.mark.parametrize("at", [-8, 25])
def test_a_changed_value_is_refused(at: int) -> None:
    value = sealing.seal(STORY)
    other = "A" if value[at] != "A" else "B"
    changed = value[:at] + other + value[at:][1:]

    with pytest.raises(SealError, match="changed"):
        sealing.unseal(changed)


def test_a_value_opens_only_for_what_it_was_sealed_for() -> None:
    with pytest.raises(SealError):
        sealing.unseal(sealing.seal(STORY, "totp:1"), "totp:2")


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    old = sealing.seal(STORY)
    [known] = sealing.parse("test:" + "b2YgdGVzdHMsIG5ldmVyIG9mIGFueW9uZSdzIGRhdGE=")
    sealing.use([*sealing.parse(sealing.new_key("newer")), known], search="of tests")

    assert sealing.sealed_by(sealing.seal(STORY)) == "newer"
    assert sealing.unseal(old) == STORY


def test_a_key_that_is_missing_is_named_and_nothing_else_is() -> None:
    value = sealing.seal(STORY)
    sealing.use(sealing.parse(sealing.new_key("other")), search="of tests")

    with pytest.raises(SealError, match="data key test is not among") as caught:
        sealing.unseal(value)

    assert value[-20:] not in str(caught.value)


def test_what_is_looked_up_is_always_the_same_value_and_only_under_the_same_key() -> None:
    value = sealing.seal_key("o-li")

    assert value == sealing.seal_key("o-li")
    assert sealing.unseal_key(value) == "o-li"
    assert "o-li" not in value
    token, number = sealing.token("o-li"), sealing.number("工资")
    sealing.use(sealing.parse(sealing.new_key()), search="another")
    assert value != sealing.seal_key("o-li")
    assert (token, number) != (sealing.token("o-li"), sealing.number("工资"))
    with pytest.raises(SealError):
        sealing.unseal_key(value)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a:c2hvcnQ=", "a b:" + "A" * 43 + "=", "a:" + "A" * 43 + "=,a:" + "B" * 43 + "="],
)
def test_keys_that_cannot_be_keys_are_refused(text: str) -> None:
    with pytest.raises(SealError):
        sealing.parse(text)


def test_without_a_key_nothing_is_written() -> None:
    sealing._held.clear()

    with pytest.raises(SealError, match="no data key"):
        sealing.seal(STORY)
