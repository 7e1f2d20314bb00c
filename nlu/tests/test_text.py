"""How a text is read before anything is learnt from it."""

import os
import subprocess
import sys
from pathlib import Path

from nlu.text import fold, neutralise

ROOT = Path(__file__).parents[2]


def test_a_command_becomes_plain_text_of_the_same_length() -> None:
    text = '/crisis{"place": "昆明"}'

    assert not neutralise(text).startswith("/")
    assert len(neutralise(text)) == len(text)


def test_control_characters_leave_a_gap() -> None:
    assert neutralise("老\u202e板\x00") == "老 板 "


def test_numbers_scripts_and_widths_fold_together() -> None:
    assert fold("欠薪３５００元，沒錢ABC") == "欠薪0元,没钱abc"


def test_words_are_cut_without_a_cache_that_somebody_else_could_write(tmp_path: Path) -> None:
    code = "from nlu.text import words; print(*words('老板拖欠工资，咋个办'))"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )

    assert done.stdout.decode().split() == ["老板", "拖欠", "工资", "咋个", "办"]
    assert list(tmp_path.iterdir()) == []
