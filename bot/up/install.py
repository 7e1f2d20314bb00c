"""Install what `make run` or `make test` needs; runs before anything is installed."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.up import browser
from bot.up.environments import DEV, NLU, WEB, Environment, install, install_nlu, prepare
from bot.up.steps import ROOT, Steps
from bot.up.terminal import UpError, complain, say

INTERRUPTED = 130


def main(purpose: str) -> int:
    """Install for `run`, `check` or `test`; return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _alone():
            _install(Steps(), purpose)
    except UpError as error:
        complain(error)
        return 1
    except KeyboardInterrupt:
        say("已中断；再次运行会重新安装", "interrupted; the next run starts over", mark="✗")
        return INTERRUPTED
    return 0


def web_environment(purpose: str, web: Environment = WEB, dev: Environment = DEV) -> Environment:
    """Return what to install; `make run` takes what `make test` left, which holds the same."""
    return web if purpose == "run" and not dev.is_ready() else dev


def _install(steps: Steps, purpose: str) -> None:
    environment = web_environment(purpose)
    tasks = []
    if not environment.is_ready():
        tasks.append(lambda: install(steps, environment))
    if _wants_nlu(purpose) and not NLU.is_ready():
        tasks.append(lambda: install_nlu(steps))
    if tasks:
        prepare(steps, environment)
        steps.together(*tasks)
    if purpose == "test":
        browser.install(steps)


def _wants_nlu(purpose: str) -> bool:
    return purpose != "check" and os.environ.get("YUNQIAO_NLU__SERVE", "").lower() != "false"


@contextmanager
def _alone() -> Iterator[None]:
    """Two installations at a time would destroy each other's environments."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("等待另一个安装结束", "waiting for another installation to end")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
