"""The sections of config.yaml that say how staff are told."""

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from bot.sections import CLOCK, Port, Section


class Alerts(Section):
    """How staff are told that something waits for them."""

    order: tuple[Literal["wechat", "wecom", "email"], ...] = ("wechat", "wecom", "email")
    console_minutes: int = Field(1, ge=0)
    next_channel_minutes: int = Field(10, ge=1)
    urgent_next_channel_minutes: int = Field(2, ge=1)
    quiet_from: str = Field("21:30", pattern=CLOCK)
    quiet_until: str = Field("07:30", pattern=CLOCK)
    console_url: str = Field("", pattern=r"^(https?://[^\s]+)?$")
    template_id: str = ""
    template_what: str = "thing1"
    template_number: str = "character_string2"
    template_at: str = "time3"
    wecom_webhook: SecretStr = SecretStr("")
    wecom_hosts: tuple[str, ...] = ("qyapi.weixin.qq.com",)
    binding_days: int = Field(90, ge=1)
    commands_per_minute: int = Field(20, ge=1)
    show_last_words: bool = False

    @model_validator(mode="after")
    def _webhook_goes_where_it_may(self) -> Self:
        url = self.wecom_webhook.get_secret_value()
        if url and not robot_may_call(url, self.wecom_hosts):
            msg = "wecom_webhook must be an https address on one of wecom_hosts"
            raise ValueError(msg)
        return self


def robot_may_call(url: str, hosts: tuple[str, ...]) -> bool:
    """
    Say whether a webhook points to one of the *hosts* and to nothing inside our network.

    Plain http only to this machine itself, where that is named.
    """
    parts = urlsplit(url)
    known = parts.netloc in hosts and "@" not in parts.netloc
    local = (parts.hostname or "") in {"127.0.0.1", "localhost"}
    return known and (parts.scheme == "https" or (parts.scheme == "http" and local))


class Mail(Section):
    """The mail server that takes notices to staff; none: no e-mail is sent."""

    host: str = ""
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = ""
    timeout_seconds: float = Field(10, gt=0, le=60)
