"""A short run of every target in every test run; `make fuzz` is the long one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS

NASTY = (
    b"",
    b"\x00" * 64,
    b"<xml>" * 2000,
    b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><xml><Encrypt>&c;</Encrypt></xml>',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>',
    "\ud800".encode("utf-8", "surrogatepass"),
    "\u202e".encode() + "=HYPERLINK(1)\u200b\u200d".encode(),
    b"PK\x03\x04" + b"\x00" * 100,
    b"text\x1f" + "好".encode() * 10_000 + b"\x1f1\x1f",
    b"event\x1f\x1f\x1f" + b"9" * 400,
)


@pytest.mark.parametrize("name", sorted(TARGETS))
@pytest.mark.parametrize("number", range(len(NASTY)))
def test_what_is_known_to_be_nasty_does_no_harm(name: str, number: int) -> None:
    TARGETS[name](NASTY[number])


@pytest.mark.parametrize("name", sorted(TARGETS))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_anybody_sends_is_a_fault(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[name]))
    at = data.draw(st.integers(0, len(seed)))
    TARGETS[name](seed[:at] + data.draw(st.binary(max_size=300)) + seed[at:])
    TARGETS[name](data.draw(st.text(max_size=300)).encode("utf-8", "surrogatepass"))
