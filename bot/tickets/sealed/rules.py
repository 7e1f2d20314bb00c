"""For what and how long a confidential ticket is opened, as data/access.yaml says it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from bot.sections import ROOT

FILE = ROOT / "data" / "access.yaml"


class Rules(BaseModel):
    """Everything that data/access.yaml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    changed_by: str
    minutes: int = Field(ge=5, le=24 * 60)
    reasons: Mapping[str, str] = Field(min_length=1)
    shortest: int = Field(ge=1)
    """Characters that a reason has at least."""
    longest: int

    @property
    def span(self) -> timedelta:
        """How long it stays open."""
        return timedelta(minutes=self.minutes)


@cache
def load_rules() -> Rules:
    """
    Return the rules, read once.

    Raises:
        SettingsError: the file says what cannot be.
    """
    try:
        return Rules.model_validate(yaml.safe_load(FILE.read_text("utf-8")))
    except ValidationError as error:
        msg = f"{FILE.name}: {error}"
        raise SettingsError(msg) from error
