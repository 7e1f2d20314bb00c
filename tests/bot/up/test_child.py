"""A program goes on when nobody can write down what it says."""

import os
import sys
from pathlib import Path

from bot.up.child import Child, Program

TALKS = """import sys
for n in range(3): print(n, flush=True)
open(sys.argv[1], 'w').write('done')"""


def test_it_runs_to_its_end_though_its_words_cannot_be_shown(tmp_path: Path) -> None:
    end = tmp_path / "end"
    program = Program("talks", (sys.executable, "-c", TALKS, str(end)), os.environ)

    def full(name: str, line: str) -> None:
        raise OSError(28, "No space left on device")

    child = Child(program, tmp_path / "logs", full)
    child.close()

    assert child.exit_code() == 0
    assert end.read_text("ascii") == "done"
