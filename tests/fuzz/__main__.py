"""
`make fuzz`: inputs guided by coverage (atheris), and what came of them.

`make fuzz FUZZ="--inputs 20000 words"` tries one target, or fewer inputs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PARTS = {"outer": 30, "inner": 25, "fields": 25, "words": 10, "uploads": 10}
"""How many of a hundred inputs each target gets."""
OURS = ["bot.wechat", "bot.understanding", "bot.finding", "bot.casefile.papers", "bot.workdays"]


def main() -> int:
    """Run the targets one after another, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"{', '.join(PARTS)}; none: all")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.one:
        return _fuzz(told.one, told.inputs)
    failed = []
    for name in told.targets or PARTS:
        inputs = told.inputs if told.targets else told.inputs * PARTS[name] // 100
        began = time.monotonic()
        argv = [sys.executable, "-m", "tests.fuzz", "--one", name, "--inputs", str(inputs)]
        code = subprocess.run(argv, check=False).returncode
        took = time.monotonic() - began
        print(f"{name:8} {inputs:>9,} inputs {took:7.0f} s  {'ok' if not code else 'FAILED'}")  # noqa: T201
        failed += [name] * bool(code)
    return len(failed)


def _fuzz(name: str, inputs: int) -> int:
    # Installed by `make fuzz` alone: it has no wheel everywhere.
    import atheris  # noqa: PLC0415

    with atheris.instrument_imports(include=OURS):
        from tests.fuzz.targets import SEEDS, TARGETS  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS[name]):
            (Path(folder) / str(number)).write_bytes(seed)
        os.chdir(folder)  # where a failing input is left
        argv = [
            "fuzz",
            f"-runs={inputs}",
            "-max_len=4096",
            "-timeout=20",
            "-verbosity=0",
            "-print_final_stats=1",
            folder,
        ]
        atheris.Setup(argv, TARGETS[name])
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
