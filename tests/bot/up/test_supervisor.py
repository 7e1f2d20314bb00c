"""Real, tiny processes: what a supervisor does cannot be seen on fakes."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.up.child import Child, Program
from bot.up.supervisor import Supervisor
from bot.up.terminal import UpError

WAIT = 60.0
STAY = "print('here', flush=True)\nimport time\ntime.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{STAY}"


def a_program(name: str, code: str, *, health: str = "", optional: bool = False) -> Program:
    argv = (sys.executable, "-c", textwrap.dedent(code))
    return Program(name, argv, dict(os.environ), health, optional=optional)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def interrupt_once(true: Callable[[], object]) -> threading.Thread:
    """Press Ctrl-C when something has become true."""

    def wait() -> None:
        until(true)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


class Shown:
    """What the children wrote, in order."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    def count(self, name: str) -> int:
        return sum(1 for who, _ in self.lines if who == name)


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_ready_is_said_when_all_serve_and_ctrl_c_ends_all(tmp_path: Path, shown: Shown) -> None:
    ready: list[bool] = []
    supervisor = Supervisor([a_program("one", STAY), a_program("two", STAY)], tmp_path, shown)

    interrupt_once(lambda: ready)
    supervisor.run(lambda: ready.append(True))

    assert ready == [True]
    assert sorted(shown.lines) == [("one", "here"), ("two", "here")]
    assert (tmp_path / "one.log").read_text("utf-8") == "here\n"


def test_the_last_one_started_is_the_first_to_end(tmp_path: Path, shown: Shown) -> None:
    polite = """
        import signal, sys, time
        def end(*_):
            print("end", flush=True)
            sys.exit()
        signal.signal(signal.SIGTERM, end)
        print("here", flush=True)
        time.sleep(60)
    """
    programs = [a_program(name, polite) for name in ("nlu", "worker", "web")]

    interrupt_once(lambda: len(shown.lines) == len(programs))
    Supervisor(programs, tmp_path, shown).run(lambda: None)

    assert [name for name, line in shown.lines if line == "end"] == ["web", "worker", "nlu"]


def test_a_crashed_process_is_started_again_and_said(
    tmp_path: Path, shown: Shown, capsys: pytest.CaptureFixture[str]
) -> None:
    once = tmp_path / "once"
    crash = f"""
        import pathlib, sys, time
        print("begun", flush=True)
        time.sleep(1.2 if pathlib.Path({str(once)!r}).exists() else 0)
        if not pathlib.Path({str(once)!r}).exists():
            pathlib.Path({str(once)!r}).touch()
            sys.exit(7)
        time.sleep(60)
    """

    interrupt_once(lambda: shown.count("web") == 2)
    Supervisor([a_program("web", crash)], tmp_path, shown).run(lambda: None)

    assert "web ended (7), starting it again in 1 s" in capsys.readouterr().out


def test_a_process_that_ran_well_is_started_again_at_once(
    tmp_path: Path,
    shown: Shown,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("bot.up.supervisor.STEADY_SECONDS", 0.0)
    crash = 'print("begun", flush=True); import sys; sys.exit(7)'

    interrupt_once(lambda: shown.count("web") == 2)
    Supervisor([a_program("web", crash)], tmp_path, shown).run(lambda: None)

    assert "web ended (7), starting it again in 0 s" in capsys.readouterr().out


def test_a_process_that_never_comes_up_fails_the_start(
    tmp_path: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.up.supervisor.LONGEST_PAUSE", 0.0)
    programs = [a_program("worker", STAY), a_program("web", "import sys; sys.exit(1)")]

    with pytest.raises(UpError, match=r"web does not come up: .*web\.log"):
        Supervisor(programs, tmp_path, shown).run(lambda: pytest.fail("not ready"))


def test_the_service_goes_on_without_what_it_can_do_without(
    tmp_path: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.up.supervisor.LONGEST_PAUSE", 0.0)
    ready: list[bool] = []
    programs = [
        a_program("nlu", "import sys; sys.exit(1)", optional=True),
        a_program("web", STAY),
    ]

    interrupt_once(lambda: ready)
    Supervisor(programs, tmp_path, shown).run(lambda: ready.append(True))

    assert ready == [True]


def test_a_second_ctrl_c_kills_what_does_not_listen(tmp_path: Path, shown: Shown) -> None:
    begun = time.monotonic()

    interrupt_once(lambda: shown.lines)
    interrupt_once(lambda: shown.lines and time.monotonic() - begun > 1.5)
    Supervisor([a_program("web", STUBBORN)], tmp_path, shown).run(lambda: None)

    assert time.monotonic() - begun < 10


def test_what_a_process_started_ends_with_it(tmp_path: Path, shown: Shown) -> None:
    family = f"""
        import subprocess, sys
        print(subprocess.Popen([sys.executable, "-c", {STUBBORN!r}]).pid, flush=True)
    """
    child = Child(a_program("web", family), tmp_path, shown)
    until(lambda: child.exit_code() is not None and shown.lines)
    child.close()

    until(lambda: not Path(f"/proc/{shown.lines[0][1]}/fd").exists() or _is_dead(shown))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_no_process_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    code = f"""
        import os, sys, time
        from pathlib import Path
        from bot.up.child import Child, Program
        child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
        program = Program("web", (sys.executable, "-c", child), dict(os.environ))
        Child(program, Path({str(tmp_path)!r}), lambda name, line: print(line, flush=True))
        time.sleep(60)
    """
    supervisor = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    with supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())

        supervisor.kill()

        until(lambda: _state(child) in {"gone", "Z"})


def _is_dead(shown: Shown) -> bool:
    return _state(int(shown.lines[0][1])) in {"gone", "Z"}


def _state(pid: int) -> str:
    """Return the letter the kernel gives a process, or `gone`."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return "gone"
