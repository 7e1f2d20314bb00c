"""What of somebody needs a consent of its own before it is written down: data/consent.yaml."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.settings import ROOT

FILE = ROOT / "data" / "consent.yaml"
_CHILD_WRITES = re.compile(
    r"我(?:今年|才|刚|刚满|现在)?(?:1[0-3]|十[一二三]?|[6-9六七八九])(?:岁|周岁)"
    r"|我(?:是|在|还在|正在)?(?:上|读|念|在)(?:小学|[一二三四五六]年级)"
    r"|我(?:是|还是)小学生"
)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plain(_Shape):
    """When a matter of some topics tells nothing sensitive: forms, fees, a wall that leans."""

    topics: tuple[str, ...]
    says: tuple[str, ...]
    unless: tuple[str, ...]

    def holds(self, topic: str, text: str) -> bool:
        """Say whether the words are such a matter's, and none of them tells more."""
        said = topic in self.topics and any(word in text for word in self.says)
        return said and not any(word in text for word in self.unless)


class Category(_Shape):
    """One kind of sensitive information."""

    name: str
    says: str
    """As residents are asked."""
    topics: tuple[str, ...]
    plain: tuple[Plain, ...] = ()


class Rules(_Shape):
    """data/consent.yaml."""

    about: str
    version: str
    sensitive: Mapping[str, Category]
    guardian_under: int


@lru_cache
def load_rules(path: Path = FILE) -> Rules:
    """Return the rules of the file."""
    return Rules.model_validate(yaml.safe_load(path.read_text("utf-8")))


def category_of(topic: str, text: str = "") -> str:
    """
    Return the kind of sensitive information that matters of the topic tell; empty: none.

    *text*: what was said, where that is known; it may tell nothing of the kind.
    """
    for key, it in load_rules().sensitive.items():
        if topic in it.topics:
            return "" if any(plain.holds(topic, text) for plain in it.plain) else key
    return ""


def child_writes(text: str) -> bool:
    """Say whether somebody under fourteen says so of themselves."""
    return _CHILD_WRITES.search(text) is not None


def of_child(facts: Mapping[str, object], text: str = "") -> bool:
    """Say whether it is about somebody under fourteen, by the age found or their own words."""
    age = facts.get("age")
    young = isinstance(age, int | float) and 0 < age < load_rules().guardian_under
    return young or child_writes(text)
