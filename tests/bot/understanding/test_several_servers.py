"""Several real NLU processes, killed and started again while messages flow."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.errors import NluUnavailableError
from bot.understanding.client import RasaNlu
from tests.bot.understanding.conftest import Clients
from tests.conftest import NOW
from tests.e2e.running import until
from tests.thin_servers import ThinServer, a_model, thin_servers

WRITERS = 4
READ_BETWEEN = 30


@dataclass
class Flow:
    """How many messages were read, and why others were not."""

    read: int = 0
    unread: list[str] = field(default_factory=list)

    def goes_on(self) -> None:
        """Wait until some more messages were read."""
        wanted = self.read + READ_BETWEEN
        until(lambda: self.read >= wanted or self.unread)


def test_every_message_is_read_while_processes_die_and_come_back(
    a_client: Clients, free_ports: list[int]
) -> None:
    with thin_servers(a_model(), *free_ports[:2]) as (one, two):
        client = a_client(one.url, two.url, deadline_ms=4000)
        with _messages(client) as flow:
            flow.goes_on()
            one.kill()
            flow.goes_on()
            one.start()
            until(lambda: _is_used(client, one))
            two.kill()
            flow.goes_on()
            two.start()
            until(lambda: _is_used(client, two))
            flow.goes_on()

    assert flow.unread == []


@contextmanager
def _messages(client: RasaNlu) -> Iterator[Flow]:
    """Let several writers write without a pause while the block lasts."""
    flow, over = Flow(), threading.Event()

    def write() -> None:
        for number in itertools.count():
            if over.is_set():
                return
            try:
                client.understand(f"老板差我{number}块工钱", now=NOW)
                flow.read += 1
            except NluUnavailableError as error:
                flow.unread.append(str(error))

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield flow
    finally:
        over.set()
        for writer in writers:
            writer.join()


def _is_used(client: RasaNlu, server: ThinServer) -> bool:
    return bool(client.health()[server.url.removeprefix("http://")]["ok"])
