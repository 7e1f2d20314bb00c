"""Our envelope and wechatpy's open each other's, so neither is wrong alone."""

import hashlib

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from handlers.simulator.crypto import Envelope, EnvelopeError
from tests.handlers.simulator.stub import AES_KEY, APP_ID, TOKEN, crypto

ENVELOPE = Envelope(TOKEN, AES_KEY, APP_ID)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_wechatpy_opens_what_we_seal(text: str) -> None:
    sealed = ENVELOPE.encrypt(text)
    signature = ENVELOPE.sign("1772442000", "7", sealed)
    body = f"<xml><ToUserName>gh</ToUserName><Encrypt>{sealed}</Encrypt></xml>"

    assert crypto().decrypt_message(body, signature, "1772442000", "7") == text


@given(st.text("云桥abc <&>\n", min_size=1, max_size=200))
def test_we_open_what_wechatpy_seals(text: str) -> None:
    body = xmltodict.parse(crypto().encrypt_message(text, "7", "1772442000"))["xml"]

    assert ENVELOPE.matches(body["MsgSignature"], "1772442000", "7", body["Encrypt"])
    assert ENVELOPE.decrypt(body["Encrypt"]) == text


def test_the_signature_is_sha1_over_the_sorted_parts() -> None:
    expected = hashlib.sha1("".join(sorted([TOKEN, "9", "10"])).encode()).hexdigest()

    assert ENVELOPE.sign("9", "10") == expected


@pytest.mark.parametrize(
    "sealed",
    [
        pytest.param("", id="empty"),
        pytest.param("not base64!", id="not-base64"),
        pytest.param("AAAA", id="not-a-block"),
        pytest.param(Envelope(TOKEN, AES_KEY, "wxother").encrypt("x"), id="other-account"),
        pytest.param(Envelope(TOKEN, AES_KEY[::-1], APP_ID).encrypt("x"), id="other-key"),
    ],
)
def test_what_is_not_ours_does_not_open(sealed: str) -> None:
    with pytest.raises(EnvelopeError):
        ENVELOPE.decrypt(sealed)
