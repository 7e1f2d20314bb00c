"""Reading the fields of one message or event."""

import pytest

from bot.contracts import Push
from bot.errors import BadPushError
from bot.wechat.guards import read_xml
from bot.wechat.push import to_push
from tests.bot.wechat.platform import STAMP, event, message, text

ID = "<MsgId>42</MsgId>"


def kind(name: str) -> str:
    return f"<MsgType><![CDATA[{name}]]></MsgType>{ID}"


def read(xml: str) -> Push:
    return to_push(read_xml(xml))


@pytest.mark.parametrize("name", ["image", "video", "shortvideo"])
def test_media_keep_their_identifier(name: str) -> None:
    push = read(message(kind(name) + "<MediaId>m-1</MediaId><PicUrl>http://p</PicUrl>"))

    assert (push.kind, push.text, push.details["MediaId"]) == (name, "", "m-1")


def test_voice_carries_the_recognised_speech_where_there_is_one() -> None:
    heard = read(
        message(kind("voice") + "<Recognition>工资没发</Recognition><Format>amr</Format>")
    )
    unheard = read(message(kind("voice") + "<Recognition></Recognition>"))

    assert (heard.text, heard.details["Format"]) == ("工资没发", "amr")
    assert unheard.text == ""


def test_a_link_speaks_with_its_title_and_a_place_with_its_coordinates() -> None:
    link = read(message(kind("link") + "<Title>通知</Title><Url>http://u</Url>"))
    place = read(message(kind("location") + "<Location_X>25.04</Location_X><Label>昆明</Label>"))

    assert (link.text, link.details["Url"]) == ("通知", "http://u")
    assert (place.text, place.details["Location_X"], place.details["Label"]) == (
        "",
        "25.04",
        "昆明",
    )


@pytest.mark.parametrize(
    ("name", "inside", "wanted"),
    [
        ("subscribe", "<EventKey>qrscene_park7</EventKey>", "event.subscribe"),
        ("subscribe", "<EventKey></EventKey>", "event.subscribe"),
        ("SCAN", "<EventKey>park7</EventKey>", "event.scan"),
        ("CLICK", "<EventKey>PROGRESS</EventKey>", "event.click"),
        ("unsubscribe", "", "event.unsubscribe"),
        ("debug_demo", "", "event.debug_demo"),
        ("Never.Seen-Before", "", "event.never_seen_before"),
    ],
)
def test_events_are_known_by_their_name(name: str, inside: str, wanted: str) -> None:
    assert read(event(name, inside)).kind == wanted


def test_unknown_types_and_nested_fields_are_pushes_too() -> None:
    file = read(message(kind("File!") + "<FileKey><a>1</a></FileKey>"))
    popup = read(event("subscribe_msg_popup_event", "<List><a>1</a></List><List><a>2</a></List>"))

    assert (file.kind, file.details["FileKey"]) == ("unknown.file_", '{"a": "1"}')
    assert popup.details["List"] == '[{"a": "1"}, {"a": "2"}]'


def test_a_sticker_is_not_something_the_resident_wrote() -> None:
    push = read(text("【收到不支持的消息类型，暂无法显示】"))

    assert (push.kind, push.text) == ("unknown.unsupported", "")


def test_a_tap_on_a_choice_can_be_told_from_typing() -> None:
    push = read(message(kind("text") + "<Content>1</Content><bizmsgmenuid>101</bizmsgmenuid>"))

    assert push.details["bizmsgmenuid"] == "101"


def test_a_repeat_has_the_same_key_and_another_sender_has_not() -> None:
    first, again = read(text("hi")), read(text("hi"))
    other = read(message("<MsgType>text</MsgType><Content>hi</Content>" + ID, openid="o-wang"))

    assert first.key == again.key
    assert first.key.startswith(f"m:42:{STAMP}:")
    assert "o-li" not in first.key
    assert other.key != first.key


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (event("CLICK", "<EventKey>A</EventKey>"), event("CLICK", "<EventKey>B</EventKey>")),
        (event("CLICK", "<EventKey>A</EventKey>"), event("VIEW", "<EventKey>A</EventKey>")),
        (
            event("LOCATION", "<Latitude>25.01</Latitude>"),
            event("LOCATION", "<Latitude>25.02</Latitude>"),
        ),
        (
            event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID>"),
            event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID>"),
        ),
        (event("SCAN", openid="o-li"), event("SCAN", openid="o-wang")),
    ],
)
def test_events_of_one_second_are_told_apart(first: str, second: str) -> None:
    assert read(first).key != read(second).key
    assert read(first).key == read(first).key


def test_keys_and_details_stay_within_the_columns() -> None:
    long = event("CLICK" * 30, f"<EventKey>{'k' * 5000}</EventKey>", openid="o" * 64)

    push = read(long)

    assert len(push.key) <= 200
    assert len(push.kind) <= 40
    assert max(map(len, push.details.values())) <= 1000


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param("", id="empty"),
        pytest.param("success", id="not-xml"),
        pytest.param('{"MsgType": "text"}', id="json"),
        pytest.param("<xml></xml>", id="empty-root"),
        pytest.param("<xml>\n</xml>", id="blank-root"),
        pytest.param("<xml>words</xml>", id="words-only"),
        pytest.param("<root><MsgType>text</MsgType></root>", id="other-root"),
        pytest.param(text("hi")[:-3], id="cut-off"),
        pytest.param(text("hi") + text("hi"), id="two-roots"),
        pytest.param(message(ID), id="no-type"),
        pytest.param(message("<MsgType></MsgType>" + ID), id="empty-type"),
        pytest.param(message(kind("text") + "<MsgType>text</MsgType>"), id="doubled-type"),
        pytest.param(message("<MsgType><a>text</a></MsgType>" + ID), id="nested-type"),
        pytest.param(message("<MsgType>event</MsgType>"), id="no-event"),
        pytest.param(event(""), id="empty-event"),
        pytest.param(event("CLICK", "<Event>CLICK</Event>"), id="doubled-event"),
        pytest.param(event("CLICK", "<EventKey><a>b</a></EventKey>"), id="nested-event-key"),
        pytest.param(event("SCAN", "<EventKey>a</EventKey><EventKey>b</EventKey>"), id="two-keys"),
        pytest.param(text("hi").replace("gh_1", ""), id="no-receiver"),
        pytest.param(text("hi").replace("o-li", ""), id="no-sender"),
        pytest.param(text("hi").replace("o-li", "o-li; DROP"), id="odd-sender"),
        pytest.param(text("hi").replace("o-li", "o" * 65), id="long-sender"),
        pytest.param(text("hi").replace("o-li", "李"), id="sender-not-ascii"),
        pytest.param(message(kind("text") + "<FromUserName>b</FromUserName>"), id="two-senders"),
        pytest.param(message(kind("text"), created="abc"), id="time-in-letters"),
        pytest.param(message(kind("text"), created=""), id="no-time"),
        pytest.param(message(kind("text"), created="0"), id="time-zero"),
        pytest.param(message(kind("text"), created="-5"), id="time-negative"),
        pytest.param(message(kind("text"), created="9" * 30), id="time-of-30-digits"),
        pytest.param(message(kind("text"), created="9999999999"), id="time-after-2100"),
        pytest.param(message(kind("text"), created="１７７２４１６８００"), id="time-full-width"),
        pytest.param(text("hi").replace("42", "abc"), id="id-in-letters"),
        pytest.param(text("hi").replace("42", "4" * 21), id="long-id"),
        pytest.param(text("hi").replace(ID, ""), id="no-id"),
        pytest.param(text("hi").replace(ID, ID + ID), id="two-ids"),
        pytest.param(message(kind("text") + "<Content>a</Content><Content>b</Content>"), id="two"),
        pytest.param(message(kind("text") + "<Content><b>a</b></Content>"), id="nested-content"),
        pytest.param(message(kind("text") + '<Content a="1">hi</Content>'), id="attribute"),
        pytest.param(message(kind("location") + "<Location_X>nan</Location_X>"), id="nowhere"),
        pytest.param(message(kind("location") + "<Location_X>91</Location_X>"), id="off-earth"),
        pytest.param(message(kind("location") + "<Location_Y>east</Location_Y>"), id="in-words"),
        pytest.param("<!DOCTYPE xml>" + text("hi"), id="doctype"),
        pytest.param('<!DOCTYPE xml SYSTEM "http://x">' + text("hi"), id="external-dtd"),
        pytest.param('<!DOCTYPE x [<!ENTITY a "b">]>' + text("&a;"), id="entity"),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + text("&a;"), id="xxe"
        ),
        pytest.param(message(kind("text") + "<Content>&a;</Content>"), id="unknown-entity"),
        pytest.param(message(kind("text") + "<!DOCTYPE x>"), id="doctype-inside"),
        pytest.param("<?php x ?>" + text("hi"), id="instruction-first"),
        pytest.param("<xml>" + "<a>" * 20_000 + "</a>" * 20_000 + "</xml>", id="deep"),
        pytest.param(
            message(kind("file") + "<a>" * 5_000 + "</a>" * 5_000), id="deep-in-an-unused-field"
        ),
        pytest.param(
            message(kind("text") + "".join(f"<f{n}/>" for n in range(100))), id="many-fields"
        ),
    ],
)
def test_whatever_is_malformed_is_one_error(xml: str) -> None:
    with pytest.raises(BadPushError):
        read(xml)
