"""Questions whose right entry is known, for measuring the search and its confidence."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.contracts import Hit
from bot.knowledge.documents import Document
from bot.knowledge.drafts import Draft
from bot.knowledge.index import Index
from bot.knowledge.vectors import Halves, Text, Vectors, digest, texts_of

DATA = Path(__file__).parents[2] / "data" / "knowledge"
FOLDS = 6
SIZES = (3, 6, 12, 25, 50, 100)
"""Entries of the small knowledge bases that are cut out of a large one."""
DRAWS = 3
_STRANGERS = 40
"""Messages put to a small knowledge base that has no answer to them."""

Encode = Callable[[Sequence[Text]], Vectors]
"""Makes the vectors of texts, as far as it can."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question, put to an index that has never seen it."""

    kind: str
    """
    `question`, `matter` (a worker would enclose the entry), `unanswerable` or `chat`:
    messages; `variant`, `removed`: phrasings held out; `few`, `gone`: messages put to a
    small part of the knowledge base, with and without the entry that answers them.
    """
    index: Index
    text: str
    gold: frozenset[str]
    """Entries that answer it; empty: none does."""
    hidden: tuple[int, ...]
    """Positions taken out of the index for this question."""
    group: int
    """Examples of one group are never parted between fitting and measuring."""
    vector: Halves | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A resident's message with the entries that answer it, as people marked them."""

    text: str
    entries: frozenset[str]
    kind: str
    number: int


def documents(cards: Mapping[str, Draft]) -> list[Document]:
    """Return the cards as the index wants them."""
    return [
        Document(
            Hit(entry_id, 0, card.topic, card.question, card.answer, card.sources, 0.0),
            variants=card.variants,
            subject=card.subject,
            scope=card.scope,
        )
        for entry_id, card in cards.items()
    ]


def examples(
    cards: Mapping[str, Draft], encode: Encode, path: Path = DATA / "questions.jsonl"
) -> list[Example]:
    """Return every example there is for these cards and the messages in *path*."""
    everything, asked = documents(cards), read_questions(path, known=cards)
    texts = [text for document in everything for text in texts_of(document)]
    queries: list[Text] = [("query", one.text) for one in asked]
    vectors = encode(list(dict.fromkeys([*texts, *queries])))
    found = [
        *held_out(everything, vectors),
        *labelled(everything, asked, vectors),
        *in_small(everything, asked, vectors),
    ]
    return [replace(one, vector=vectors.get(digest(("query", one.text)))) for one in found]


def held_out(everything: Sequence[Document], vectors: Vectors) -> Iterator[Example]:
    """
    Yield each of the first six phrasings of each card twice: held out, and unanswerable.

    The second time the card itself is hidden, so that nothing found is right.
    """
    for fold in range(FOLDS):
        index = Index([_without(document, fold) for document in everything], vectors)
        for at, document in enumerate(everything):
            if fold >= len(document.variants):
                continue
            text, gold = document.variants[fold], frozenset([document.hit.entry_id])
            yield Example("variant", index, text, gold, (), at)
            yield Example("removed", index, text, frozenset(), (at,), at)


def labelled(
    everything: Sequence[Document], asked: Sequence[Asked], vectors: Vectors
) -> Iterator[Example]:
    """Yield residents' messages, put to the whole knowledge base."""
    index = Index(everything, vectors)
    for one in asked:
        yield Example(one.kind, index, one.text, one.entries, (), one.number)


def in_small(
    everything: Sequence[Document], asked: Sequence[Asked], vectors: Vectors
) -> Iterator[Example]:
    """Yield messages put to small parts of the knowledge base, drawn the same way each time."""
    chance = random.Random(7)  # noqa: S311  (no secret)
    for size in SIZES * DRAWS:
        part = chance.sample(everything, min(size, len(everything)))
        ids = {document.hit.entry_id for document in part}
        index = Index(part, vectors)
        answered = [one for one in asked if one.kind == "question" and one.entries & ids]
        strangers = [one for one in asked if one.kind == "question" and not one.entries & ids]
        for one in answered:
            gold = one.entries & ids
            yield Example("few", index, one.text, gold, (), one.number)
        for one in chance.sample(strangers, min(_STRANGERS, len(strangers))):
            yield Example("gone", index, one.text, frozenset(), (), one.number)


def read_questions(path: Path, *, known: Mapping[str, object]) -> list[Asked]:
    """Read the labelled messages; of their entries, those that are *known*."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        entries = frozenset(entry for entry in row["entries"] if entry in known)
        found.append(Asked(row["text"], entries, _kind(row, entries), number))
    return found


def _kind(row: Mapping[str, str], entries: frozenset[str]) -> str:
    if row["topic"] == "none":
        return "chat"
    if row.get("intent", "policy_question") != "policy_question":
        return "matter"
    return "question" if entries else "unanswerable"


def _without(document: Document, fold: int) -> Document:
    kept = tuple(text for at, text in enumerate(document.variants) if at != fold)
    return replace(document, variants=kept)
