"""The topics of data/topics.yaml: their names, and the service that looks after each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parents[2] / "data" / "topics.yaml"
NO_TOPIC = "none"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a message or an entry."""

    key: str
    name: str
    service: str
    """The field of work that looks after it; empty: nobody in particular."""
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics, in the order of the file."""

    services: tuple[str, ...]
    by_key: Mapping[str, Topic]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every topic, `none` among them."""
        return tuple(self.by_key)

    def name(self, key: str) -> str:
        """Return what people call the topic; an unknown key is returned as it is."""
        topic = self.by_key.get(key)
        return topic.name if topic else key

    def service(self, key: str) -> str:
        """Return the field of work of the topic, or an empty text."""
        topic = self.by_key.get(key)
        return topic.service if topic else ""

    def of_subject(self, subject: str) -> str:
        """Return the topic a finer subject belongs to, or `none`."""
        found = (topic.key for topic in self.by_key.values() if subject in topic.subjects)
        return next(found, NO_TOPIC)


@cache
def load_topics(path: Path = FILE) -> Topics:
    """Read the topics once per process."""
    content = yaml.safe_load(path.read_text("utf-8"))
    topics = (
        Topic(key, topic["name"], topic["service"] or "", tuple(topic["subjects"]))
        for key, topic in content["topics"].items()
    )
    return Topics(tuple(content["services"]), {topic.key: topic for topic in topics})
