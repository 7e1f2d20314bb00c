"""Questions whose right entry is known, for measuring the search and its confidence."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from bot.contracts import Hit
from bot.knowledge.documents import Document
from bot.knowledge.drafts import Draft
from bot.knowledge.heard import Asked, beside, heard_of, read_questions, shipped
from bot.knowledge.index import Index
from bot.knowledge.vectors import Halves, Text, Vectors, digest, texts_of

DATA = Path(__file__).parents[2] / "data" / "knowledge"
FOLDS = 6
MESSAGE_FOLDS = 5
"""As many as the confidence is fitted in: what judges a message has not seen it at all."""
SIZES = (3, 6, 12, 25, 50, 100)
"""Entries of the small knowledge bases that are cut out of a large one."""
DRAWS = 3
_STRANGERS = 40
"""Messages put to a small knowledge base that has no answer to them."""
_FEW_VARIANTS = (0, 2)
"""Other ways to ask that each entry of a new knowledge base keeps; some have all of theirs."""
_NEW_SIZES = (12, 25, 40, 60, 100)

Encode = Callable[[Sequence[Text]], Vectors]
"""Makes the vectors of texts, as far as it can."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question, put to an index that has never seen it."""

    kind: str
    """
    `question`, `matter` (a worker would enclose the entry), `unanswerable` or `chat`:
    messages; `variant`, `removed`: phrasings held out; `few`, `gone`: messages put to a
    small part of the knowledge base, with and without the entry that answers them.  Put to
    entries of which nothing was heard, and that have few phrasings: `brief` (answered) and
    `unsaid`, by all entries; by some, `small`, `near` (none answers it, one of these is closest)
    and `strange` (another entry answers it).
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


def starter_texts(cards: Mapping[str, Draft]) -> list[Text]:
    """Return every text of the starter content that is compared by what it means."""
    heard = shipped()
    together = beside(documents(cards), heard)
    unanswered: list[Text] = [("query", text) for text in heard.unanswered]
    return [*(text for document in together for text in texts_of(document)), *unanswered]


def examples(
    cards: Mapping[str, Draft], encode: Encode, path: Path = DATA / "questions.jsonl"
) -> list[Example]:
    """Return every example there is for these cards and the messages in *path*."""
    everything, asked = documents(cards), read_questions(path, known=cards)
    vectors = _encoded(everything, asked, encode)
    found = [
        *held_out(everything, vectors),
        *labelled(everything, asked, vectors),
        *in_small(everything, asked, vectors),
    ]
    return _with_vectors(found, vectors)


def new_examples(
    cards: Mapping[str, Draft], encode: Encode, path: Path = DATA / "questions.jsonl"
) -> list[Example]:
    """Return the same messages, put to the cards as if they were new: nothing was heard of any."""
    everything, asked = documents(cards), read_questions(path, known=cards)
    asked = [one for one in asked if one.kind != "matter"]
    vectors = _encoded(everything, asked, encode)
    found = [*unheard(everything, asked, vectors), *in_new(everything, asked, vectors)]
    return _with_vectors(found, vectors)


def _encoded(everything: Sequence[Document], asked: Sequence[Asked], encode: Encode) -> Vectors:
    texts = [text for document in everything for text in texts_of(document)]
    queries: list[Text] = [("query", one.text) for one in asked]
    return encode(list(dict.fromkeys([*texts, *queries])))


def _with_vectors(found: Iterable[Example], vectors: Vectors) -> list[Example]:
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
    """
    Yield residents' messages, put to the whole knowledge base.

    The others are what was heard of its entries; a message never meets itself, nor
    those of its fold.
    """
    for fold in range(MESSAGE_FOLDS):
        own = [one for one in asked if one.number % MESSAGE_FOLDS == fold]
        heard = heard_of([one for one in asked if one.number % MESSAGE_FOLDS != fold])
        index = Index(beside(everything, heard), vectors, heard.unanswered)
        for one in own:
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


def unheard(
    everything: Sequence[Document], asked: Sequence[Asked], vectors: Vectors
) -> Iterator[Example]:
    """Yield messages put to the whole knowledge base, with all phrasings and with few."""
    index = Index(everything, vectors)
    for one in asked:
        yield Example(one.kind, index, one.text, one.entries, (), one.number)
    for many in _FEW_VARIANTS:
        index = Index([_with_few(document, many) for document in everything], vectors)
        for one in asked:
            kind = "brief" if one.entries else "unsaid"
            yield Example(kind, index, one.text, one.entries, (), one.number)


def in_new(
    everything: Sequence[Document], asked: Sequence[Asked], vectors: Vectors
) -> Iterator[Example]:
    """Yield messages put to parts of the knowledge base, drawn the same way each time."""
    chance = random.Random(5)  # noqa: S311  (no secret)
    whole = Index(everything, vectors)
    nearest = {
        one.number: everything[int(whole.match(one.text).parts["entry"].argmax())].hit.entry_id
        for one in asked
        if not one.entries
    }
    for size in _NEW_SIZES:
        for many in (*_FEW_VARIANTS, None):
            part = chance.sample(everything, min(size, len(everything)))
            ids = {document.hit.entry_id for document in part}
            index = Index([_with_few(document, many) for document in part], vectors)
            for one in asked:
                kind = _kind_in(ids, one, nearest)
                if kind == "strange" and chance.random() > size / len(everything) / 3:
                    continue
                if kind:
                    yield Example(kind, index, one.text, one.entries & ids, (), one.number)


def _kind_in(ids: AbstractSet[str], one: Asked, nearest: Mapping[int, str]) -> str:
    """Return what a message is to a part of the knowledge base; empty: of no interest."""
    if one.entries:
        return "small" if one.entries & ids else "strange"
    return "near" if nearest[one.number] in ids else ""


def _with_few(document: Document, many: int | None) -> Document:
    return replace(document, variants=document.variants[:many])


def _without(document: Document, fold: int) -> Document:
    kept = tuple(text for at, text in enumerate(document.variants) if at != fold)
    return replace(document, variants=kept)
