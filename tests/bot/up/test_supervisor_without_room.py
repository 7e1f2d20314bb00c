"""A machine with no room left ends nothing that runs."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bot.up.supervisor import Supervisor
from tests.bot.up.test_supervisor import STAY, Shown, a_program, interrupt_once, until


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full here")
def test_a_full_disk_under_its_own_words_ends_nothing(tmp_path: Path) -> None:
    began = tmp_path / "began"
    code = f"""
        import os, sys
        from pathlib import Path
        from bot.up import supervisor
        from bot.up.child import Program
        supervisor.STEADY_SECONDS = 0.0
        child = "import sys; open(sys.argv[1], 'a').write('x'); print('here')"
        argv = (sys.executable, "-c", child, {str(began)!r})
        program = Program("web", argv, dict(os.environ))
        supervisor.Supervisor([program], Path({str(tmp_path / "logs")!r})).run(lambda: None)
    """
    with Path("/dev/full").open("w") as full:
        running = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], stdout=full, stderr=full
        )

    try:
        until(lambda: running.poll() is not None or _times(began) > 2)
        assert running.poll() is None, "it ended, and all it keeps running with it"
    finally:
        running.kill()
        running.wait()


def test_what_the_machine_has_no_room_for_is_started_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown()
    full = [OSError(11, "Resource temporarily unavailable")]
    real = subprocess.Popen

    def popen(*args: object, **kwargs: object) -> object:
        if full:
            raise full.pop()
        return real(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr("bot.up.child.subprocess.Popen", popen)

    interrupt_once(lambda: shown.lines)
    Supervisor([a_program("web", STAY)], tmp_path, shown).run(lambda: None)

    assert shown.lines == [("web", "here")]


def _times(file: Path) -> int:
    return len(file.read_text("ascii")) if file.exists() else 0
