"""Keeps the processes running.

Small and our own because honcho, the usual choice, ends everything when one
process ends, has no health check, and stops all at once, where we restart,
wait until each one serves, and let the public side finish before the worker
and the NLU behind it go.
"""

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bot.up import health, problems
from bot.up.child import Child, Program
from bot.up.terminal import say, write

TICK_SECONDS = 0.1
LONGEST_PAUSE = 8.0  # WeChat's three tries are over after fifteen
STEADY_SECONDS = 15.0
FAILURES_AT_START = 3
READY_SECONDS = 300.0
SETTLE_SECONDS = 1.0  # for a program that nobody can ask
GRACE_SECONDS = 15.0
CANNOT_START = 126  # as a shell says it
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class _Watched:
    """A program and how it has fared."""

    program: Program
    child: Child | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class Supervisor:
    """Starts the programs in the order given, keeps them up, stops them in reverse order."""

    programs: Sequence[Program]
    logs: Path
    show: Callable[[str, str], None] = field(
        default=lambda name, line: write(f"{name:>9} | {line}")
    )
    _watched: list[_Watched] = field(default_factory=list)
    _signals: int = 0

    def run(self, on_ready: Callable[[], None]) -> None:
        """
        Start everything, call *on_ready* once all are healthy, and return after Ctrl-C.

        Raises:
            UpError: a program that the service needs does not come up.
        """
        previous = {number: signal.signal(number, self._heard) for number in SIGNALS}
        try:
            self._watched = [_Watched(program) for program in self.programs]
            self._wait_until_ready()
            if not self._signals:
                on_ready()
            while not self._signals:
                self._tick()
        finally:
            self._stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._signals += 1

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        waiting = list(self._watched)
        while waiting and not self._signals:
            self._tick()
            late = time.monotonic() > deadline
            waiting = [one for one in waiting if not self._is_settled(one, late=late)]

    def _tick(self) -> None:
        for one in self._watched:
            self._keep_up(one)
        time.sleep(TICK_SECONDS)

    def _keep_up(self, one: _Watched) -> None:
        if one.child is None:
            if time.monotonic() >= one.restart_at and one.program.may_start():
                self._start(one)
            return
        code = one.child.exit_code()
        if code is not None:
            one.child.close()
            self._ended(one, code)

    def _start(self, one: _Watched) -> None:
        one.started_at = time.monotonic()
        try:
            one.child = Child(one.program, self.logs, self.show)
        except OSError as error:  # the machine has nothing left for it now: later it may
            write(f"{one.program.name}: {error.strerror}")
            self._ended(one, CANNOT_START)

    def _ended(self, one: _Watched, code: int) -> None:
        now = time.monotonic()
        one.child = None
        steady = now - one.started_at >= STEADY_SECONDS
        one.failures = 1 if steady else one.failures + 1
        # Who ran well is missed, and comes back at once.
        pause = 0.0 if steady else min(LONGEST_PAUSE, 2.0 ** (one.failures - 1))
        one.restart_at = now + pause
        name = one.program.name
        say(
            f"{name} 退出（代码 {code}），{pause:.0f} 秒后重启",
            f"{name} ended ({code}), starting it again in {pause:.0f} s",
            mark="!",
        )

    def _is_settled(self, one: _Watched, *, late: bool) -> bool:
        """Say whether to wait no longer: it is healthy, or the service can do without it."""
        name = one.program.name
        if _is_healthy(one):
            took = time.monotonic() - one.started_at
            say(f"{name} 就绪", f"{name} is up ({took:.1f} s)", mark="✓")
            return True
        if not late and one.failures < FAILURES_AT_START:
            return False
        if not one.program.optional:
            raise problems.not_up(name, self.logs / f"{name}.log")
        say(f"{name} 未就绪，先不等它", f"{name} is not up, going on without it", mark="!")
        return True

    def _stop(self) -> None:
        """End the programs one after the other, the last one first; a second signal kills all."""
        heard = self._signals
        say("正在停止", "stopping")
        for one in reversed(self._watched):
            if one.child is not None:
                self._end(one.child, heard)
        say("已停止", "stopped", mark="✓")

    def _end(self, child: Child, heard: int) -> None:
        child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while child.exit_code() is None:
            if self._signals > heard or time.monotonic() > deadline:
                child.kill()
            time.sleep(TICK_SECONDS)
        child.close()


def _is_healthy(one: _Watched) -> bool:
    if one.child is None:
        return False
    if one.program.health:
        return health.answers(one.program.health)
    return time.monotonic() - one.started_at >= SETTLE_SECONDS
