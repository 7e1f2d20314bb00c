"""What a resident can do on the phone, in the platform's words."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from handlers.simulator.model import Json, Media

BARE = frozenset(
    {"CreateTime", "MsgId", "Location_X", "Location_Y", "Scale", "Latitude", "Longitude"}
    | {"Precision", "MsgID", "bizmsgmenuid"}
)
SILENT_EVENTS = frozenset({"unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"})

UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message or event: the fields of its XML, and how it looks in the chat."""

    kind: str
    fields: dict[str, str]
    opens: str = "message"
    """Which quota window it opens: `message`, `action` or none."""
    bubble: str = ""
    """Kind of bubble the resident sees; empty: none."""
    text: str = ""
    details: Json = field(default_factory=dict)

    @property
    def is_event(self) -> bool:
        """An event has no MsgId."""
        return self.kind.startswith("event.")

    @property
    def answerable(self) -> bool:
        """Say whether the platform shows a passive reply, or the grey line, to it."""
        name = self.kind.removeprefix("event.")
        return name not in SILENT_EVENTS and not name.startswith("subscribe_msg_")

    def to_xml(self, *, openid: str, account_id: str, created: int, msg_id: str) -> str:
        """Return the plaintext XML as the platform writes it."""
        tags = {
            "ToUserName": account_id,
            "FromUserName": openid,
            "CreateTime": str(created),
            "MsgType": "event" if self.is_event else self.kind,
            **self.fields,
        }
        if msg_id:
            tags["MsgId"] = msg_id
        return f"<xml>{''.join(_tag(name, value) for name, value in tags.items())}</xml>"


def text(content: str, *, menu_id: str = "") -> Sent:
    """Text; with *menu_id* the resident tapped a choice, which opens no 48 hours."""
    fields = {"Content": content} | ({"bizmsgmenuid": menu_id} if menu_id else {})
    return Sent("text", fields, "action" if menu_id else "message", "text", content)


def voice(media: Media, recognition: str | None, seconds: int) -> Sent:
    """Speech; None: the platform recognises nothing, as is usual today."""
    fields = {"MediaId": media.media_id, "Format": "amr", "MediaId16K": media.media_id}
    if recognition is not None:
        fields["Recognition"] = recognition
    details = {"media_id": media.media_id, "seconds": seconds}
    return Sent("voice", fields, "message", "voice", recognition or "", details)


def image(media: Media, url: str) -> Sent:
    """A photo."""
    details = {"media_id": media.media_id}
    fields = {"PicUrl": url, "MediaId": media.media_id}
    return Sent("image", fields, "message", "image", "", details)


def video(media: Media, thumb: Media) -> Sent:
    """A video and its first picture."""
    fields = {"MediaId": media.media_id, "ThumbMediaId": thumb.media_id}
    details = {"media_id": media.media_id, "thumb_media_id": thumb.media_id}
    return Sent("video", fields, "message", "video", "", details)


def location(latitude: float, longitude: float, label: str) -> Sent:
    """A place picked on the map."""
    fields = {
        "Location_X": str(latitude),
        "Location_Y": str(longitude),
        "Scale": "15",
        "Label": label,
    }
    details = {"latitude": latitude, "longitude": longitude}
    return Sent("location", fields, "message", "location", label, details)


def link(title: str, description: str, url: str) -> Sent:
    """A shared article."""
    fields = {"Title": title, "Description": description, "Url": url}
    return Sent("link", fields, "message", "link", title, {"description": description, "url": url})


def unknown(kind: str, title: str) -> Sent:
    """A kind whose content services do not get; `unsupported` arrives as a text saying so."""
    if kind == "unsupported":
        return Sent("text", {"Content": UNSUPPORTED}, "message", "file", title)
    return Sent(kind, {"Title": title, "Description": ""}, "message", "file", title)


def event(name: str, key: str = "", *, opens: str = "", **fields: str) -> Sent:
    """An event; *fields* are further tags."""
    return Sent(f"event.{name}", {"Event": name, "EventKey": key, **fields}, opens)


def subscription_sent(template_id: str, msg_id: str) -> Sent:
    """The platform's word that a subscription message went out."""
    item = f"<List><TemplateId>{escape(template_id)}</TemplateId><MsgID>{msg_id}</MsgID>"
    item += "<ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List>"
    return event("subscribe_msg_sent_event", SubscribeMsgSentEvent=item)


def subscription_choice(template_id: str, *, accepted: bool) -> Sent:
    """The resident said yes or no to subscription messages."""
    status = "accept" if accepted else "reject"
    item = f"<List><TemplateId>{escape(template_id)}</TemplateId>"
    item += f"<SubscribeStatusString>{status}</SubscribeStatusString>"
    item += "<PopupScene>0</PopupScene></List>"
    return event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=item)


def _tag(name: str, value: str) -> str:
    if name in BARE:
        return f"<{name}>{escape(value)}</{name}>"
    if name.startswith("SubscribeMsg"):  # nested, made by us
        return f"<{name}>{value}</{name}>"
    safe = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"
