"""Having texts encoded, some at a time, as far as somebody can."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from bot.contracts import Encoder, Vector
from bot.errors import NluUnavailableError
from bot.knowledge import revision, wordings
from bot.knowledge.published import published, published_passages
from bot.knowledge.scope import shelve
from bot.knowledge.vectors import (
    MODEL,
    MOST_A_CALL,
    Halves,
    Text,
    Vectors,
    array,
    digest,
    forget,
    keep,
    known,
    missing,
    shipped,
    texts_of,
)

WITHIN_MS = 20_000
"""A call of long texts takes some seconds, and shares the machine with residents' messages."""
CALLS_A_RUN = 8
"""Calls after which the index is renewed with what there is."""
Opened = Callable[[], AbstractContextManager[Session]]


def encode(encoder: Encoder, texts: Sequence[Text]) -> Vectors:
    """Return the vectors of the texts; fewer, or none, where the encoder stops answering."""
    found: dict[str, Halves] = {}
    for batch in _batches(texts):
        numbers = [array(vector) for vector in _asked(encoder, batch)]
        if not numbers:
            break
        for text, number in zip(batch, numbers, strict=True):
            if number is not None:
                found[digest(text)] = number
    return found


def encode_missing(opened: Opened, encoder: Encoder) -> int:
    """
    Make and keep vectors of published texts that have none; return how many.

    *opened* gives a session that is kept when it ends; none is open while the encoder is asked.
    """
    with opened() as session:
        texts = wanting(session)
    return encode_texts(opened, encoder, texts)


def wanting(session: Session) -> list[Text]:
    """Return the published texts that have no vector."""
    return missing(_searched(session), known(session))


def encode_texts(opened: Opened, encoder: Encoder, texts: Sequence[Text]) -> int:
    """Make and keep the vectors of some of these texts; return of how many."""
    done = 0
    for batch in [*_batches(texts)][:CALLS_A_RUN]:
        vectors = _asked(encoder, batch)
        if not vectors or any(vector.model != MODEL for vector in vectors):
            break
        with opened() as session:
            done += keep(session, batch, vectors)
    if done:
        with opened() as session:
            forget(session, _searched(session))
            revision.raise_number(session)
    return done


def _searched(session: Session) -> list[Text]:
    documents = [*shelve(published(session)).heads, *published_passages(session)]
    unanswered: list[Text] = [("query", one.text) for one in wordings.unanswered(session)]
    return [*(text for one in documents for text in texts_of(one)), *unanswered]


def shipped_anew(texts: Iterable[Text], encoder: Encoder) -> Vectors:
    """Return the vectors to ship for the texts, those that are shipped already not made again."""
    wanted = list(dict.fromkeys(texts))
    here = shipped()
    made = encode(encoder, [text for text in wanted if digest(text) not in here])
    both = {**here, **made}
    return {digest(text): both[digest(text)] for text in wanted if digest(text) in both}


def _asked(encoder: Encoder, batch: Sequence[Text]) -> Sequence[Vector]:
    try:
        return encoder.embed([text for _, text in batch], kind=batch[0][0], within_ms=WITHIN_MS)
    except NluUnavailableError:
        return ()


def _batches(texts: Sequence[Text]) -> Iterable[list[Text]]:
    for kind in ("query", "passage"):
        own = [text for text in texts if text[0] == kind]
        yield from (own[at : at + MOST_A_CALL] for at in range(0, len(own), MOST_A_CALL))
