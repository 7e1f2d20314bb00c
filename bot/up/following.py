"""One model on all hosts: the one that passed the gate on any of them, fetched by the others."""

import hashlib
import re
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot import durable
from bot.errors import SealError
from bot.settings import Settings
from bot.understanding import models
from bot.up.models import bring, chosen_model, take_model
from bot.up.programs import model_folder, serves_nlu
from bot.up.terminal import write

log = structlog.get_logger(__name__)

Opened = Callable[[], AbstractContextManager[Session]]
ARCHIVE = re.compile(r"nlu-[0-9a-f]{12}\.tar\.gz")


def tell_all(settings: Settings, opened: Opened, *, now: datetime) -> None:
    """
    Have every host answer with the model that is chosen here.

    With SQLite there is one machine, and the folder says all.
    """
    name = chosen_model(settings)
    path = model_folder(settings) / name
    if not ARCHIVE.fullmatch(name) or not path.is_file():
        return
    archive = path.read_bytes()
    with opened() as session:
        if session.get_bind().dialect.name == "sqlite":
            return
        new = models.choose(session, name, archive, host=socket.gethostname(), now=now)
    if new:
        write(f"nlu: the other hosts follow to {name}")


class Following:
    """Brings this host to the model that is chosen for all; asks for little while it is there."""

    def __init__(self, settings: Settings, opened: Opened) -> None:
        """Take what gives a session; none is open while processes load."""
        self._settings = settings
        self._opened = opened
        self._seen = 0

    def __call__(self) -> bool:
        """Follow; False where there is nothing new. A model that no process can load is left."""
        if not serves_nlu(self._settings):
            return False
        with self._opened() as session:
            wanted = models.chosen(session)
        if wanted is None or wanted.choice == self._seen:
            return False
        self._seen = wanted.choice
        try:
            self._follow(wanted)
        except (SealError, OSError) as error:
            log.warning("model_not_followed", model=wanted.name, error=type(error).__name__)
        return True

    def _follow(self, wanted: models.Chosen) -> None:
        before = chosen_model(self._settings)
        if not ARCHIVE.fullmatch(wanted.name):
            log.warning("model_not_followed", model=wanted.model_id, error="name")
            return
        self._fetch(wanted)
        if before != wanted.name and take_model(self._settings, wanted.name):
            return
        if bring(self._settings):
            log.info("model_followed", model=wanted.name, host=wanted.host)
        elif before and before != wanted.name:
            log.warning("model_not_followed", model=wanted.name, error="not loaded")
            take_model(self._settings, before)
            bring(self._settings)

    def _fetch(self, wanted: models.Chosen) -> None:
        with self._opened() as session:
            archive = models.archive_of(session, wanted.model_id)
        path = model_folder(self._settings) / wanted.name
        if path.is_file() and _same(path, archive):
            return
        durable.put(path, archive)


def _same(path: Path, archive: bytes) -> bool:
    with path.open("rb") as file:
        there = hashlib.file_digest(file, "sha256").digest()
    return there == hashlib.sha256(archive).digest()
