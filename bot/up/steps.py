"""Commands that run to their end, several at a time, while the terminal shows how they get on."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from bot.up import problems
from bot.up.terminal import say
from bot.up.tether import NOT_FOUND, tied

ROOT = Path(__file__).resolve().parent.parent.parent
HEARTBEAT_SECONDS = 10
KEPT_LINES = 15


class Steps:
    """What is being done at the moment, and the processes that do it."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._running: dict[str, float] = {}
        self._processes: set[subprocess.Popen[str]] = set()
        self.stopped = False

    @contextmanager
    def step(self, chinese: str, english: str) -> Iterator[None]:
        """Show what happens inside the block, and how long it took."""
        say(f"{chinese}…", f"{english} …")
        label = f"{chinese} {english}"
        self._running[label] = time.monotonic()
        try:
            yield
        except BaseException:
            del self._running[label]
            raise
        took = time.monotonic() - self._running.pop(label)
        say(f"{chinese}", f"{english} ({took:.1f} s)", mark="✓")

    def command(self, *argv: str | Path, env: Mapping[str, str] | None = None) -> str:
        """
        Run a command in the project's folder and return what it printed.

        Raises:
            UpError: it failed; the details are the last lines it printed.
        """
        name = Path(argv[0]).name
        try:
            process = self._start(argv, env)
        except OSError as error:
            raise problems.command_failed(name, NOT_FOUND, str(error)) from error
        output, _ = process.communicate()
        self._processes.discard(process)
        if process.returncode:
            details = "\n".join(output.splitlines()[-KEPT_LINES:])
            raise problems.command_failed(name, process.returncode, details)
        return output

    def together(self, *tasks: Callable[[], object]) -> None:
        """
        Run the tasks at the same time, saying now and then what is still going on.

        The first failure, or Ctrl-C, ends the commands of all the others.
        """
        with ThreadPoolExecutor(len(tasks)) as pool:
            waiting = {pool.submit(task) for task in tasks}
            try:
                while waiting:
                    done, waiting = wait(waiting, HEARTBEAT_SECONDS, FIRST_EXCEPTION)
                    for future in done:
                        future.result()
                    self._say_what_runs()
            except BaseException:
                self._end_all()
                raise

    @contextmanager
    def background(self, task: Callable[[], object]) -> Iterator[Callable[[], bool]]:
        """Run *task* during the block, which is told by a call whether it is over."""
        thread = threading.Thread(target=self.together, args=(task,))
        thread.start()
        try:
            yield lambda: not thread.is_alive()
        finally:
            self._end_all()
            thread.join()

    def _start(
        self, argv: tuple[str | Path, ...], env: Mapping[str, str] | None
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - the commands are ours
            tied([str(part) for part in argv]),
            cwd=ROOT,
            env={**os.environ, **env} if env else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches only us, and we end it
        )
        self._processes.add(process)
        if self.stopped:
            process.terminate()
        return process

    def _end_all(self) -> None:
        self.stopped = True
        for process in tuple(self._processes):
            process.terminate()

    def _say_what_runs(self) -> None:
        now = time.monotonic()
        running = [
            f"{label} {now - since:.0f} s"
            for label, since in tuple(self._running.items())
            if now - since >= HEARTBEAT_SECONDS
        ]
        if running:
            say("进行中：", "; ".join(running))
