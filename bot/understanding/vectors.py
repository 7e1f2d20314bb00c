"""Reading the vectors of the NLU's encoder, and believing none of them unseen."""

import base64
import json
import math
import struct
from typing import Any

from bot.contracts import Vector
from bot.errors import NluUnavailableError

DIMENSIONS = 384
_LONGEST_NAME = 80
_POINT = struct.Struct(f"<{DIMENSIONS}e")
_UNIT = 0.05
"""How far rounding may take the length of a unit vector from 1."""


def read_vectors(body: bytes, *, count: int) -> tuple[Vector, ...]:
    """
    Return the *count* vectors in *body*, the JSON of `POST /embed`.

    Raises:
        NluUnavailableError: it is not what the contract says.
    """
    try:
        answer = json.loads(body)
        vectors = tuple(read_vector(answer["model"], data) for data in answer["vectors"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        msg = f"unreadable vectors ({type(error).__name__})"
        raise NluUnavailableError(msg) from None
    if len(vectors) != count:
        msg = "another number of vectors than of texts"
        raise NluUnavailableError(msg)
    return vectors


def read_vector(model: Any, data: Any) -> Vector:  # noqa: ANN401  (read from JSON)
    """
    Return the vector that *data*, base64, holds.

    Raises:
        TypeError, ValueError: it holds none of unit length, or *model* is no name.
    """
    if not isinstance(model, str) or not isinstance(data, str):
        raise TypeError
    raw = base64.b64decode(data, validate=True)
    if not 0 < len(model) <= _LONGEST_NAME or len(raw) != _POINT.size:
        raise ValueError
    if not abs(math.hypot(*_POINT.unpack(raw)) - 1) <= _UNIT:
        raise ValueError
    return Vector(model, raw)
