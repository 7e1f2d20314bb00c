"""What the simulated platform remembers; plain data, kept in the snapshot."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """The right to send a resident some messages for a while."""

    cause: str
    """`message` (48 hours) or `action` (one minute: menu, follow, scan, choice)."""
    limit: int
    used: int
    opened_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Resident:
    """A person with a phone."""

    openid: str
    name: str
    about: str = ""
    colour: str = "1"
    story: tuple[str, ...] = ()
    followed: bool = True
    followed_at: datetime | None = None
    scene: str = ""
    windows: tuple[Window, ...] = ()
    typing_until: datetime | None = None
    exchanged_at: datetime | None = None
    consents: dict[str, int] = field(default_factory=dict)
    """Subscription messages still allowed, by template."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing in a chat."""

    id: int
    openid: str
    sender: str
    """`resident`, `account` or `system` (a grey line)."""
    kind: str
    text: str
    at: datetime
    ai: bool = False
    agent: str = ""
    exchange: int = 0
    """The push or the API call behind it; 0 for none."""
    details: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of a push, as it went over the wire."""

    url: str
    request: str
    status: int
    response: str
    ms: int
    error: str = ""
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One push to the callback: all its tries, and what came of them."""

    id: int
    openid: str
    kind: str
    msg_id: str
    at: datetime
    xml: str
    attempts: tuple[Attempt, ...] = ()
    reply_xml: str = ""
    error: str = ""
    failed: bool = False
    done: bool = False
    ms: int = 0


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the platform's API by the service."""

    id: int
    at: datetime
    method: str
    path: str
    openid: str
    kind: str
    code: int
    """errcode of the answer; 0 accepted, -2 when a fault gave no JSON at all."""
    request: str
    response: str
    ms: int


@dataclass(frozen=True, slots=True)
class Media:
    """A temporary file; its bytes are in the media folder under its id."""

    media_id: str
    kind: str
    mime: str
    size: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and how it was made."""

    value: str
    route: str
    """`stable` or `plain`."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A QR code."""

    ticket: str
    scene: str
    url: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Code:
    """What a service may learn once of who opened its link."""

    openid: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong on purpose."""

    kind: str
    seconds: float = 0
    code: int = 0
    path: str = ""
    """Part of the API address it applies to; empty: every route but the token's."""
    left: int | None = None
    """How many more times; None: until switched off."""
    until: datetime | None = None


@dataclass(slots=True)
class State:
    """Everything; one snapshot is one of these."""

    epoch: int = 0
    """Grows with each reset, so that a page knows to start over."""
    last_id: int = 0
    last_msg_id: int = 0
    offset_seconds: float = 0
    residents: dict[str, Resident] = field(default_factory=dict)
    bubbles: list[Bubble] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    calls: list[ApiCall] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    sent_ids: dict[str, datetime] = field(default_factory=dict)
    """Template messages by openid and client_msg_id, for their ten minutes."""
    codes: dict[str, Code] = field(default_factory=dict)
    """Codes of the consent page that nobody has used yet."""
    menu: Json | None = None
