"""The whole service for a crowd: real processes, databases and a disk of their own."""

import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dotenv import dotenv_values

from bot import sealing
from handlers.simulator.crypto import Envelope
from tests.chaos import services
from tests.chaos.faults import Around
from tests.chaos.platform import ACCOUNT, Platform, serve
from tests.chaos.services import Postgres, RedisServer
from tests.e2e.running import running_service


@contextmanager
def installation(seed: int, database: str, *, moving_clock: bool = True) -> Iterator[Around]:
    """Run the whole service on databases and a disk of its own, with a platform for a crowd."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        folder.chmod(0o755)
        disk = folder / "disk"
        disk.mkdir()
        mounted = stack.enter_context(services.small_disk(disk))
        postgres = redis = None
        extra = {"YUNQIAO_SIMULATOR__ENABLED": "false", "YUNQIAO_WECHAT__ACCOUNT_ID": ACCOUNT}
        if database == "postgresql":
            postgres = Postgres.create(disk / "postgres")
            stack.callback(postgres.kill)
            redis = RedisServer.create()
            stack.callback(redis.kill)
            extra |= {"YUNQIAO_DATABASE__URL": postgres.url, "YUNQIAO_REDIS__URL": redis.url}
        clock = services.clock_environment(folder / "clock") if moving_clock else {}
        platform = Platform("", Envelope("", "", ""))
        server = serve(platform)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        extra |= clock | {
            "YUNQIAO_WECHAT__API_BASE": f"http://127.0.0.1:{server.server_address[1]}"
        }
        data = disk / "var"
        data.mkdir()
        service = stack.enter_context(running_service(data, extra))
        secret = dotenv_values(data / "secrets.env")
        _use_keys(secret)
        platform.web, platform.envelope = service.web, _envelope(secret)
        yield Around(
            service,
            platform,
            folder / "clock",
            postgres,
            redis,
            disk if mounted else None,
            random.Random(seed),
        )


def _use_keys(secret: Mapping[str, str | None]) -> None:
    """Read and write rows here, as caseworkers, with the keys of the installation."""
    keys = sealing.parse(str(secret["YUNQIAO_PRIVACY__KEYS"]))
    sealing.use(keys, search=str(secret["YUNQIAO_PRIVACY__SEARCH_KEY"]))


def _envelope(secret: Mapping[str, str | None]) -> Envelope:
    names = ("TOKEN", "AES_KEY", "APP_ID")
    return Envelope(*(str(secret[f"YUNQIAO_WECHAT__{name}"]) for name in names))
