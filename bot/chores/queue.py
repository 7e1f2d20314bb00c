"""The queue that carries the numbers of chores: huey, in a file here or in Redis there."""

import json

from huey import Huey, RedisHuey, SqliteHuey
from huey.registry import Message

from bot.settings import Settings

NAME = "yunqiao"
TASK = "look"
FILE = "queue.sqlite3"


class Numbers:
    """Writes a task as its id and a number; huey's own way would unpickle whatever lies there."""

    def serialize(self, message: Message) -> bytes:
        """Return the task as JSON."""
        return json.dumps([message.id, message.name, *message.args]).encode()

    def deserialize(self, data: bytes) -> Message:
        """
        Return the task.

        Raises:
            ValueError: it is none of ours.
        """
        ident, name, number = json.loads(bytes(data))
        return Message(id=str(ident), name=str(name), args=(int(number),), kwargs={})


def make_queue(settings: Settings) -> Huey:
    """Return the queue of this installation; all its processes share it."""
    common = {"results": False, "serializer": Numbers()}
    if settings.redis.url:
        return RedisHuey(NAME, url=settings.redis.url, **common)
    folder = settings.service.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    # Nothing is lost with it that is not in the table.
    return SqliteHuey(NAME, filename=str(folder / FILE), cache_mb=1, fsync=False, **common)
