"""The whole service for a crowd: real processes, databases and a disk of their own."""

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from dotenv import dotenv_values

from bot import sealing
from handlers.simulator.crypto import Envelope
from tests.chaos import services
from tests.chaos.faults import Around
from tests.chaos.platform import ACCOUNT, Platform, serve
from tests.chaos.services import Postgres, RedisServer
from tests.e2e.running import running_service

Put = Callable[[Path], AbstractContextManager[bool]]


@contextmanager
def installation(
    seed: int, database: str, *, moving_clock: bool = True, put: Put = services.small_disk
) -> Iterator[Around]:
    """
    Run the whole service on databases and a disk of its own, with a platform for a crowd.

    *put* puts a folder on a disk, and says whether it could.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        folder.chmod(0o755)
        disk = folder / "disk"
        disk.mkdir()
        mounted = stack.enter_context(put(disk))
        extra = {"YUNQIAO_SIMULATOR__ENABLED": "false", "YUNQIAO_WECHAT__ACCOUNT_ID": ACCOUNT}
        postgres, redis = _servers(stack, disk) if database == "postgresql" else (None, None)
        if postgres and redis:
            extra |= {"YUNQIAO_DATABASE__URL": postgres.url, "YUNQIAO_REDIS__URL": redis.url}
        clock = services.clock_environment(folder / "clock") if moving_clock else {}
        platform = Platform("", Envelope("", "", ""))
        server = serve(platform)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        api = f"http://127.0.0.1:{server.server_address[1]}"
        extra |= clock | {"YUNQIAO_WECHAT__API_BASE": api}
        data = disk / "var"
        data.mkdir()
        service = stack.enter_context(running_service(data, extra))
        secret = dotenv_values(data / "secrets.env")
        _use_keys(secret)
        platform.web, platform.envelope = service.web, _envelope(secret)
        where, chance = disk if mounted else None, random.Random(seed)
        yield Around(service, platform, folder / "clock", postgres, redis, where, chance)


def _servers(stack: ExitStack, disk: Path) -> tuple[Postgres, RedisServer]:
    postgres = Postgres.create(disk / "postgres")
    stack.callback(postgres.kill)
    redis = RedisServer.create()
    stack.callback(redis.kill)
    return postgres, redis


def _use_keys(secret: Mapping[str, str | None]) -> None:
    """Read and write rows here, as caseworkers, with the keys of the installation."""
    keys = sealing.parse(str(secret["YUNQIAO_PRIVACY__KEYS"]))
    sealing.use(keys, search=str(secret["YUNQIAO_PRIVACY__SEARCH_KEY"]))


def _envelope(secret: Mapping[str, str | None]) -> Envelope:
    names = ("TOKEN", "AES_KEY", "APP_ID")
    return Envelope(*(str(secret[f"YUNQIAO_WECHAT__{name}"]) for name in names))
