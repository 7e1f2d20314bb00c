"""Opening what WeChat sends and sealing what it gets."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadPushError, SettingsError
from bot.wechat.envelope import SUCCESS, Envelope, Opened, text_reply
from tests.bot.wechat import platform
from tests.conftest import NOW

ENVELOPE = Envelope(platform.settings())


def opened(xml: str | bytes, **changes: object) -> Opened:
    args, body = platform.call(platform.encrypt(xml))
    return Envelope(platform.settings(**changes)).open(args, body, now=NOW)


def test_wechats_check_of_our_address_gets_its_echo_back() -> None:
    assert ENVELOPE.confirm(platform.greeting(), now=NOW) == "5927"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"signature": platform.sign(platform.STAMP, "n2")}, id="forged"),
        pytest.param({"signature": ""}, id="unsigned"),
        pytest.param({"signature": "ß" * 40}, id="not-ascii"),
        pytest.param({"timestamp": "", "signature": platform.sign("", "n1")}, id="no-time"),
        pytest.param({"timestamp": "1", "signature": platform.sign("1", "n1")}, id="short-time"),
        pytest.param(
            {"timestamp": "0946684800", "signature": platform.sign("0946684800", "n1")},
            id="the-year-2000",
        ),
        pytest.param({"nonce": "", "signature": platform.sign(platform.STAMP, "")}, id="no-nonce"),
        pytest.param({"echostr": "<script>"}, id="markup"),
        pytest.param({"echostr": ""}, id="no-echo"),
        pytest.param({"echostr": "1" * 300}, id="long-echo"),
    ],
)
def test_a_bad_check_of_our_address_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(BadPushError):
        ENVELOPE.confirm(platform.greeting(**changes), now=NOW)


def test_an_echo_is_refused_when_the_check_is_old() -> None:
    with pytest.raises(BadPushError, match="stale"):
        ENVELOPE.confirm(platform.greeting(), now=NOW + timedelta(seconds=601))


@pytest.mark.parametrize(
    "words", ["老板拖欠工资三个月", "👨‍👩‍👧 🇨🇳 👍🏽", "مرحبا بك", "  两头有空格\n", "字" * 10_000]
)
def test_what_a_resident_writes_arrives_unchanged(words: str) -> None:
    push = opened(platform.text(words)).push

    assert (push.kind, push.text, push.openid) == ("text", words, "o-li")
    assert (push.account_id, push.sent_at, push.msg_id) == ("gh_1", NOW, "42")


def test_the_unsigned_openid_of_the_address_is_not_believed() -> None:
    assert opened(platform.text("hi")).push.openid == "o-li"


@pytest.mark.parametrize("number", [0, 1])
def test_the_current_and_the_previous_key_open_and_answer(number: int) -> None:
    envelope = Envelope(platform.settings(previous_aes_key=platform.OLD_KEY))
    key = (platform.KEY, platform.OLD_KEY)[number]
    args, body = platform.call(platform.encrypt(platform.text("hi"), key=key))

    came = envelope.open(args, body, now=NOW)
    answer = envelope.seal("<xml>好</xml>", came, now=NOW)

    assert came.key_number == number
    parts = dict(re.findall(r"<(\w+)>(?:<!\[CDATA\[)?([^<\]]+)", answer.removeprefix("<xml>")))
    assert platform.decrypt(parts["Encrypt"], key=key) == "<xml>好</xml>"
    signed = platform.sign(parts["TimeStamp"], parts["Nonce"], parts["Encrypt"])
    assert parts["MsgSignature"] == signed


def test_nothing_to_say_is_the_word_success_unsealed() -> None:
    assert ENVELOPE.seal("", opened(platform.text("hi")), now=NOW) == SUCCESS


def test_the_same_answer_sealed_twice_differs_outside_and_not_inside() -> None:
    came = opened(platform.text("hi"))
    xml = text_reply(came.push, "您好", now=NOW)

    first, second = (ENVELOPE.seal(xml, came, now=NOW) for _ in range(2))

    assert first != second
    assert xml == text_reply(came.push, "您好", now=NOW)


def test_a_reply_cannot_break_out_of_its_section() -> None:
    xml = text_reply(opened(platform.text("hi")).push, "a]]><b>\x08c", now=NOW)

    assert "]]><b>" not in xml.replace("]]]]><![CDATA[>", "")
    assert "\x08" not in xml
    assert "<ToUserName><![CDATA[o-li]]></ToUserName>" in xml
    assert "<FromUserName><![CDATA[gh_1]]></FromUserName>" in xml


def test_control_characters_are_dropped_and_the_words_kept() -> None:
    assert opened(platform.text("a\x08b\x1dc")).push.text == "abc"


def test_a_section_end_that_a_resident_typed_is_text() -> None:
    assert opened(platform.text("a]]>b")).push.text == "a]]>b"


def test_fields_that_a_resident_typed_are_not_fields() -> None:
    typed = "a]]></Content><FromUserName><![CDATA[o-wang]]></FromUserName><Content><![CDATA[b"

    with pytest.raises(BadPushError):
        opened(platform.text(typed))


def test_another_account_is_refused_where_ours_is_known() -> None:
    assert opened(platform.text("hi"), account_id="gh_1").push.account_id == "gh_1"

    with pytest.raises(BadPushError, match="account"):
        opened(platform.text("hi"), account_id="gh_2")


SAFE, BODY = platform.call(platform.encrypt(platform.text("hi")))
STALE = platform.call(platform.encrypt(platform.text("hi")), stamp=str(int(platform.STAMP) - 601))
EARLY = platform.call(platform.encrypt(platform.text("hi")), stamp=str(int(platform.STAMP) + 601))
PLAIN = platform.text("hi").encode()
COMPAT = BODY.replace(b"</xml>", b"<MsgType>text</MsgType><Content>hi</Content></xml>")


@pytest.mark.parametrize(
    ("args", "body"),
    [
        pytest.param({**SAFE, "encrypt_type": ""}, BODY, id="no-encrypt-type"),
        pytest.param({**SAFE, "encrypt_type": "raw"}, PLAIN, id="plaintext"),
        pytest.param(SAFE, PLAIN, id="downgrade-to-a-plain-body"),
        pytest.param(SAFE, COMPAT, id="compatible-mode"),
        pytest.param({**SAFE, "msg_signature": ""}, BODY, id="no-msg-signature"),
        pytest.param({**SAFE, "msg_signature": SAFE["signature"]}, BODY, id="plain-signature"),
        pytest.param({**SAFE, "msg_signature": "0" * 40}, BODY, id="forged"),
        pytest.param({**SAFE, "nonce": "n2"}, BODY, id="other-nonce"),
        pytest.param({**SAFE, "nonce": "n" * 100}, BODY, id="long-nonce"),
        pytest.param({**SAFE, "timestamp": platform.STAMP + "0"}, BODY, id="long-time"),
        pytest.param({**SAFE, "timestamp": "１" * 10}, BODY, id="full-width-time"),
        pytest.param(*STALE, id="stale"),
        pytest.param(*EARLY, id="from-the-future"),
        pytest.param(*platform.call("AAAA"), id="one-block-short"),
        pytest.param(*platform.call("A" * 64), id="rubbish-under-a-good-signature"),
        pytest.param(*platform.call("no base64!"), id="not-base64"),
        pytest.param(*platform.call(""), id="no-ciphertext"),
        pytest.param(
            *platform.call(platform.encrypt(PLAIN, key=platform.OLD_KEY)), id="unknown-key"
        ),
        pytest.param(*platform.call(platform.encrypt(PLAIN, app_id="wx9")), id="other-app"),
        pytest.param(SAFE, b"", id="empty"),
        pytest.param(SAFE, BODY + b" " * 65536, id="too-large"),
        pytest.param(SAFE, b"\xff\xfe", id="not-utf-8"),
        pytest.param(SAFE, b'{"Encrypt": "x"}', id="json"),
        pytest.param(SAFE, BODY[:-9], id="cut-off"),
        pytest.param(SAFE, b"<!DOCTYPE xml>" + BODY, id="doctype"),
        pytest.param(SAFE, b'<!DOCTYPE x [<!ENTITY a "<xml>">]>' + BODY, id="entity"),
        pytest.param(SAFE, b"<!-- <xml> -->" + BODY, id="comment-first"),
        pytest.param(SAFE, BODY.replace(b"Encrypt>", b"Crypt>"), id="no-encrypt"),
        pytest.param(SAFE, BODY.replace(b"<xml>", b"<xml><Encrypt>AA</Encrypt>"), id="doubled"),
        pytest.param(SAFE, b"<xml><Encrypt><a>AA</a></Encrypt></xml>", id="nested"),
        pytest.param({}, BODY, id="no-query"),
    ],
)
def test_whatever_is_wrong_outside_is_one_error(args: dict[str, str], body: bytes) -> None:
    with pytest.raises(BadPushError):
        ENVELOPE.open(args, body, now=NOW)


def test_the_error_tells_nothing_of_what_came() -> None:
    with pytest.raises(BadPushError) as caught:
        opened(platform.text("我的秘密").replace("</Content>", ""))

    assert str(caught.value) == "xml"
    assert caught.value.__suppress_context__


def test_what_wechat_itself_signed_can_be_told_from_a_forgery() -> None:
    with pytest.raises(BadPushError) as signed:
        opened("<xml>")
    with pytest.raises(BadPushError) as forged:
        ENVELOPE.open({**SAFE, "msg_signature": "0" * 40}, BODY, now=NOW)

    assert (signed.value.signed, forged.value.signed) == (True, False)


@pytest.mark.parametrize(
    "changes",
    [{"token": "   "}, {"aes_key": ""}, {"app_id": ""}],
    ids=["no-token", "no-key", "no-app"],
)
def test_without_a_secret_the_door_does_not_open_at_all(changes: dict[str, str]) -> None:
    values = platform.settings().model_copy(
        update={k: type(getattr(platform.settings(), k))(v) for k, v in changes.items()}
    )

    with pytest.raises(SettingsError):
        Envelope(values)


@settings(deadline=None)
@given(body=st.binary(max_size=400), inner=st.binary(max_size=400))
def test_random_bytes_make_no_other_error(body: bytes, inner: bytes) -> None:
    for args, raw in ((SAFE, body), platform.call(platform.encrypt(inner))):
        with pytest.raises(BadPushError):
            ENVELOPE.open(args, raw, now=NOW)


@settings(deadline=None)
@given(inside=st.text(max_size=300))
def test_random_fields_make_no_other_error(inside: str) -> None:
    xml = platform.message(inside).encode(errors="replace")

    with pytest.raises(BadPushError):
        opened(xml)
