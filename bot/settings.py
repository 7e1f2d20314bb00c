"""Settings: config.yaml, overridden by a secrets file and by the environment."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from bot.errors import SettingsError
from bot.secrets_file import ensure_secrets

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "YUNQIAO_"
SECRETS_FILE = "YUNQIAO_SECRETS_FILE"
CONFIG_FILE = "YUNQIAO_CONFIG_FILE"
PLATFORM = "https://api.weixin.qq.com"
LEAST_TOKEN = 3  # WeChat takes 3 to 32
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
    workers: int = Field(1, ge=1, le=64)
    threads: int = Field(32, ge=1, le=512)
    public_url: str = ""


class Console(Section):
    """The staff process."""

    host: str = "127.0.0.1"
    port: Port = 8001
    threads: int = Field(16, ge=1, le=512)
    session_hours: int = Field(12, ge=1, le=168)
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


class Redis(Section):
    """Where limits and the token are shared when several hosts run."""

    url: str = ""


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


class Tickets(Section):
    """Working hours and promises."""

    workday_start: str = Field("08:30", pattern=r"^\d\d:\d\d$")
    workday_end: str = Field("17:30", pattern=r"^\d\d:\d\d$")
    workdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    urgent_reply_hours: int = Field(2, ge=1)
    crisis_reply_minutes: int = Field(15, ge=1)


class Outbox(Section):
    """How long and how often a message is tried."""

    give_up_after_hours: int = Field(24, ge=1)
    lease_seconds: int = Field(30, ge=5)


class Worker(Section):
    """The worker process."""

    poll_seconds: float = Field(0.5, gt=0)
    metrics_port: int = Field(0, ge=0, le=65535)


class Settings(BaseSettings):
    """All settings of one installation, checked once at the start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    service: Service = Service()
    web: Web = Web()
    console: Console = Console()
    simulator: Simulator = Simulator()
    database: Database = Database()
    redis: Redis = Redis()
    wechat: WeChat
    nlu: Nlu = Nlu()
    conversation: Conversation = Conversation()
    tickets: Tickets = Tickets()
    outbox: Outbox = Outbox()
    worker: Worker = Worker()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before the secrets file before config.yaml."""
        del dotenv_settings, file_secret_settings
        secrets = DotEnvSettingsSource(settings_cls, env_file=_secrets_file())
        return init_settings, env_settings, secrets, _yaml(settings_cls)

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        """Refuse what only a demo may have."""
        if self.service.mode != "production":
            return self
        wanted = {
            "wechat.aes_key": self.wechat.aes_key.get_secret_value(),
            "wechat.app_id": self.wechat.app_id,
            "wechat.app_secret": self.wechat.app_secret.get_secret_value(),
            "console.secret_key": self.console.secret_key.get_secret_value(),
            "nlu.token": self.nlu.token.get_secret_value(),
        }
        missing = [key for key, value in wanted.items() if not value]
        if missing:
            msg = f"production needs {', '.join(missing)}"
            raise ValueError(msg)
        if self.simulator.enabled:
            msg = "production must not run the phone simulator: set simulator.enabled to false"
            raise ValueError(msg)
        if not self.console.secure_cookies:
            msg = "production needs HTTPS for the console: set console.secure_cookies to true"
            raise ValueError(msg)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone people here live in."""
        return ZoneInfo(self.service.timezone)

    @property
    def database_url(self) -> str:
        """The database's address; SQLite in the data folder unless one is set."""
        return self.database.url or f"sqlite:///{self.service.data_dir / 'yunqiao.sqlite3'}"

    @property
    def api_base(self) -> str:
        """Where WeChat's API is: as set, else the simulator where it runs, else the platform."""
        if self.wechat.api_base:
            return self.wechat.api_base.rstrip("/")
        if self.simulator.enabled:
            return f"http://{self.simulator.host}:{self.simulator.port}"
        return PLATFORM


def load_settings() -> Settings:
    """
    Return the checked settings; a demo makes its own secrets on the first call.

    Raises:
        SettingsError: a line for each thing that is wrong, and where to set it.
    """
    try:
        _refuse_unknown_variables()
        _make_demo_secrets()
        return Settings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except (OSError, yaml.YAMLError) as error:
        msg = f"the settings cannot be read: {error}"
        raise SettingsError(msg) from None


class _Where(BaseSettings):
    """Just enough of the settings to know whether, and where, a demo keeps its secrets."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True
    )
    service: Service = Service()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before config.yaml."""
        del init_settings, dotenv_settings, file_secret_settings
        return env_settings, _yaml(settings_cls)


def _secrets_file() -> Path | None:
    named = os.environ.get(SECRETS_FILE)
    if named:
        return Path(named)
    service = _Where().service
    return service.data_dir / "secrets.env" if service.mode == "demo" else None


def _make_demo_secrets() -> None:
    path = _secrets_file()
    if path and SECRETS_FILE not in os.environ:
        ensure_secrets(path)


def _yaml(settings_cls: type[BaseSettings]) -> YamlConfigSettingsSource:
    path = os.environ.get(CONFIG_FILE, ROOT / "config.yaml")
    return YamlConfigSettingsSource(settings_cls, yaml_file=path)


def _refuse_unknown_variables() -> None:
    """The library ignores a misspelt section, and a secret would silently stay empty."""
    sections = {f"{PREFIX}{name.upper()}__" for name in Settings.model_fields}
    for name in os.environ:
        if not name.startswith(PREFIX) or name in {SECRETS_FILE, CONFIG_FILE}:
            continue
        if not name.upper().startswith(tuple(sections)):
            msg = f"{name}: unknown setting; sections are {', '.join(Settings.model_fields)}"
            raise SettingsError(msg)


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in problem["loc"])
        variable = PREFIX + "__".join(str(part).upper() for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"{key}: unknown setting; remove it or see config.yaml for its name")
        elif key:
            text = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{key}: {text} (set {variable}, or the key in config.yaml)")
        else:
            lines.append(problem["msg"].removeprefix("Value error, "))
    return "\n".join(lines)
