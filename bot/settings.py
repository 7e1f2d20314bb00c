"""Settings: config.yaml, overridden by a secrets file and by the environment."""

import os
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import sealing
from bot.errors import SealError, SettingsError
from bot.house import CONFIG_FILE, PREFIX, Hours, House, working_hours, yaml_source
from bot.secrets_file import ensure_secrets
from bot.sections import (
    ROOT,
    Backup,
    Console,
    Conversation,
    Database,
    Nlu,
    NoticeForm,
    Outbox,
    Privacy,
    Redis,
    Service,
    Simulator,
    Tickets,
    Web,
    WeChat,
    Worker,
)
from bot.sections_alerts import Alerts, Mail

__all__ = [
    "CONFIG_FILE",
    "PREFIX",
    "ROOT",
    "Alerts",
    "Backup",
    "Console",
    "Conversation",
    "Database",
    "Hours",
    "Mail",
    "Nlu",
    "Outbox",
    "Privacy",
    "Redis",
    "Service",
    "Settings",
    "Simulator",
    "Tickets",
    "WeChat",
    "Web",
    "Worker",
    "load_settings",
    "working_hours",
]

SECRETS_FILE = "YUNQIAO_SECRETS_FILE"
PLATFORM = "https://api.weixin.qq.com"
SIMULATED_TEMPLATE = "yunqiao-new-reply"


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
    alerts: Alerts = Alerts()
    mail: Mail = Mail()
    worker: Worker = Worker()
    backup: Backup = Backup()
    privacy: Privacy = Privacy()

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
        return init_settings, env_settings, secrets, yaml_source(settings_cls)

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
            "privacy.keys": self.privacy.keys.get_secret_value(),
            "privacy.search_key": self.privacy.search_key.get_secret_value(),
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

    @property
    def notices(self) -> NoticeForm:
        """How residents are told outside the 48 hours that there is something to read."""
        own = self.wechat.notices
        if own.template_id or self.api_base == PLATFORM or self.service.mode == "production":
            return own
        return own.model_copy(update={"template_id": SIMULATED_TEMPLATE})


def load_settings() -> Settings:
    """
    Return the checked settings, their data keys in use; a demo makes its secrets at first.

    Raises:
        SettingsError: a line for each thing that is wrong, and where to set it.
    """
    try:
        _refuse_unknown_variables()
        _make_demo_secrets()
        settings = Settings()
        sealing.use(
            sealing.parse(settings.privacy.keys.get_secret_value()),
            search=settings.privacy.search_key.get_secret_value(),
        )
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except SealError as error:
        msg = f"privacy.keys: {error}"
        raise SettingsError(msg) from None
    except (OSError, yaml.YAMLError) as error:
        msg = f"the settings cannot be read: {error}"
        raise SettingsError(msg) from None
    return settings


def _secrets_file() -> Path | None:
    named = os.environ.get(SECRETS_FILE)
    if named:
        return Path(named)
    service = House().service
    return service.data_dir / "secrets.env" if service.mode == "demo" else None


def _make_demo_secrets() -> None:
    path = _secrets_file()
    if path and SECRETS_FILE not in os.environ:
        ensure_secrets(path)


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
