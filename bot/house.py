"""The settings that need no secret: where things are kept, and when people are at work."""

import os
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import yaml
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from bot.sections import ROOT, Service, Tickets

PREFIX = "YUNQIAO_"
CONFIG_FILE = "YUNQIAO_CONFIG_FILE"


class Hours(Protocol):
    """What working time rests on: `Settings` has it, and so has `working_hours`."""

    @property
    def tickets(self) -> Tickets:
        """Office hours and working days."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone people here live in."""


class House(BaseSettings):
    """The settings that need no secret: where a demo keeps its own, and when people work."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True
    )
    service: Service = Service()
    tickets: Tickets = Tickets()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone people here live in."""
        return ZoneInfo(self.service.timezone)

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
        return env_settings, yaml_source(settings_cls)


@cache
def working_hours() -> Hours:
    """Return when people are at work, read once in a process; it never changes after the start."""
    return House()


def yaml_source(settings_cls: type[BaseSettings]) -> YamlConfigSettingsSource:
    """Return config.yaml, or the file that is named instead of it, as a source of settings."""
    path = os.environ.get(CONFIG_FILE, ROOT / "config.yaml")
    return _Quick(settings_cls, yaml_file=path)


class _Quick(YamlConfigSettingsSource):
    """Reads with the parser in C: every command starts with it, and the other takes 20 ms."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        with file_path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=yaml.CSafeLoader) or {}
