"""The sections of config.yaml, key by key, and what each key may hold."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import NoDecode

ROOT = Path(__file__).resolve().parent.parent
LEAST_TOKEN = 3  # WeChat takes 3 to 32
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
Port = Annotated[int, Field(ge=1, le=65535)]


class Section(BaseModel):
    """A part of config.yaml; an unknown key is an error, and nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(Section):
    """What kind of installation this is."""

    mode: Literal["demo", "production"] = "demo"
    name: str = "云桥"
    timezone: str = "Asia/Shanghai"
    data_dir: Path = Path("var")

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value


class Web(Section):
    """The public process."""

    host: str = "127.0.0.1"
    port: Port = 8000
    workers: int = Field(0, ge=0, le=64)
    threads: int = Field(64, ge=1, le=512)
    public_url: str = ""


class Console(Section):
    """The staff process."""

    host: str = "127.0.0.1"
    port: Port = 8001
    threads: int = Field(16, ge=1, le=512)
    session_hours: int = Field(12, ge=1, le=168)
    idle_minutes: int = Field(120, ge=5)
    second_factor: Literal["exports", "everybody"] = "exports"
    step_up_minutes: int = Field(15, ge=1)
    secure_cookies: bool = False
    login_per_minute: int = Field(10, ge=1)
    secret_key: SecretStr = SecretStr("")


class Simulator(Section):
    """The phone simulator."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 8002


class Database(Section):
    """Where the data is."""

    url: str = ""
    replica_url: str = ""


class Redis(Section):
    """What several hosts share: the token, limits, chores' numbers, whether there is news."""

    url: str = ""


class NoticeForm(Section):
    """The template that says “您有一条新答复” where the 48 hours are over."""

    kind: Literal["template", "subscription"] = "template"
    template_id: str = ""
    field: str = Field("thing1", pattern=r"^[a-z_]+\d*$")


class WeChat(Section):
    """The service account and its limits."""

    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    previous_aes_key: SecretStr = SecretStr("")
    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    account_id: str = ""
    api_base: str = ""
    freshness_seconds: int = Field(600, ge=30)
    max_body_bytes: int = Field(65536, ge=4096)
    passive_seconds: float = Field(4.5, gt=0, lt=5)
    connect_timeout_seconds: float = Field(3, gt=0)
    read_timeout_seconds: float = Field(5, gt=0)
    text_bytes: int = Field(1800, ge=100, le=2000)
    notices: NoticeForm = NoticeForm()

    @field_validator("token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value().strip()) < LEAST_TOKEN:
            msg = f"must have at least {LEAST_TOKEN} characters, the same as in the WeChat console"
            raise ValueError(msg)
        return value

    @field_validator("aes_key", "previous_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        key = value.get_secret_value()
        may_be_empty = info.field_name == "previous_aes_key"
        if not re.fullmatch(r"[A-Za-z0-9]{43}", key) and (key or not may_be_empty):
            msg = "must be the 43 letters and digits of EncodingAESKey in the WeChat console"
            raise ValueError(msg)
        return value


class Nlu(Section):
    """The NLU processes."""

    urls: Annotated[tuple[str, ...], NoDecode] = ("http://127.0.0.1:5005",)
    token: SecretStr = SecretStr("")
    deadline_ms: int = Field(1500, ge=50, le=4000)
    serve: bool = True
    server: Literal["thin", "rasa"] = "thin"

    @field_validator("urls", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        """Accept `a,b` as well as a list, since an environment variable is one text."""
        if isinstance(value, str):
            return tuple(part.strip(" []\"'") for part in value.split(",") if part.strip())
        return value


class Conversation(Section):
    """How the dialogue with a resident behaves."""

    pending_minutes: int = Field(30, ge=1)
    follow_up_minutes: int = Field(10, ge=1)


class Tickets(Section):
    """When people are at work; what is promised stands in data/clocks.yaml."""

    workday_start: str = Field("08:30", pattern=r"^\d\d:\d\d$")
    workday_end: str = Field("17:30", pattern=r"^\d\d:\d\d$")
    workdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field((1, 2, 3, 4, 5), min_length=1)


class Outbox(Section):
    """How long and how often a message is tried."""

    give_up_after_hours: int = Field(24, ge=1)
    lease_seconds: int = Field(30, ge=5)


class Worker(Section):
    """The worker process."""

    poll_seconds: float = Field(0.5, gt=0)
    threads: int = Field(4, ge=1, le=64)
    host: str = "127.0.0.1"
    port: int = Field(8003, ge=0, le=65535)
    chores: int = Field(1, ge=0, le=16)


class Backup(Section):
    """Who can read the backups, and when they are made."""

    recipients: tuple[str, ...] = ()
    at: str = Field("02:30", pattern=CLOCK)
    folder: Path | None = None


class Privacy(Section):
    """What stored stories are encrypted with; both are secrets, kept apart from the backups."""

    keys: SecretStr = SecretStr("")
    search_key: SecretStr = SecretStr("")
    """What the search index is made with; changing it means indexing everything anew."""
