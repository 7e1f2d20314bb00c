import sys
import time

import pytest

from bot.up.steps import Steps
from bot.up.terminal import UpError


def test_a_command_returns_what_it_printed() -> None:
    assert Steps().command(sys.executable, "-c", "print('好')").strip() == "好"


def test_a_failed_command_shows_its_last_lines() -> None:
    with pytest.raises(UpError, match=r"failed \(3\)") as error:
        Steps().command(sys.executable, "-c", "import sys; print('why'); sys.exit(3)")

    assert error.value.details == "why"


def test_a_command_that_does_not_exist_is_one_line() -> None:
    with pytest.raises(UpError, match=r"no-such-command failed \(127\)") as error:
        Steps().command("no-such-command")

    assert error.value.details == "no-such-command: No such file or directory"


def test_a_step_is_seen_while_it_runs_and_when_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps().step("迁移", "migrating"):
        assert "migrating …" in capsys.readouterr().out

    assert "✓ 迁移  migrating (0.0 s)" in capsys.readouterr().out


def test_the_first_failure_ends_the_others() -> None:
    steps = Steps()
    begun = time.monotonic()

    with pytest.raises(UpError, match=r"failed \(1\)"):
        steps.together(
            lambda: steps.command(sys.executable, "-c", "import time; time.sleep(60)"),
            lambda: steps.command(sys.executable, "-c", "import sys; sys.exit(1)"),
        )

    assert time.monotonic() - begun < 50
