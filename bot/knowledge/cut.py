"""What is computed of a document once in its life, for every index it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.documents import Document
from bot.knowledge.lexical import Bag, Words
from bot.knowledge.tokens import asked, bare, grams_kept
from bot.knowledge.vectors import Names, names_of


@dataclass(frozen=True, slots=True)
class Spelt:
    """A document's texts without punctuation and spaces, to look a bare word up in."""

    subject: str
    question: str
    whole: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A document in terms; it depends on nothing but the document."""

    said: tuple[str, ...]
    spoken: tuple[Bag, ...]
    """Of each of `said`."""
    asked: tuple[Bag, ...]
    """Of each way to ask."""
    entry: Bag
    """Of all of it; its subject counts twice."""
    passage: Bag
    """Of question and answer."""
    plain: tuple[str, ...]
    """Each phrasing in one way of asking."""
    names: Names
    """Under which its vectors are kept."""
    spelt: Spelt


class Cuts:
    """The cuts of the documents of the last index, for the next; for one builder at a time."""

    def __init__(self) -> None:
        """Begin without any."""
        self.words = Words()
        self._cuts: dict[Document, Cut] = {}
        self._bags: dict[str, Bag] = {}

    def of(self, documents: Sequence[Document]) -> list[Cut]:
        """Return the cuts of these documents; those of others are forgotten."""
        known, words = self._cuts, self.words
        found = [known.get(document) or _cut(document, words) for document in documents]
        self._cuts = dict(zip(documents, found, strict=True))
        return found

    def bags(self, texts: Sequence[str]) -> list[Bag]:
        """Return the bags of texts that belong to no document; those of others are forgotten."""
        bag, known = self.words.bag, self._bags
        found = {text: known.get(text) or bag(grams_kept(text)) for text in dict.fromkeys(texts)}
        self._bags = found
        return [found[text] for text in texts]


def _cut(document: Document, words: Words) -> Cut:
    said = (*document.phrasings, *document.heard)
    spoken = [grams_kept(text) for text in said]
    answer = grams_kept(document.hit.answer)
    subject = grams_kept(document.subject) * 2
    return Cut(
        said,
        tuple(words.bag(terms) for terms in spoken),
        tuple(words.bag(grams_kept(text)) for text in document.ways_to_ask),
        words.bag([*(term for terms in spoken for term in terms), *subject, *answer]),
        words.bag([*spoken[0], *answer]),
        tuple(asked(text) for text in document.phrasings),
        names_of(document),
        _spelt(document),
    )


def _spelt(document: Document) -> Spelt:
    hit = document.hit
    whole = "\n".join(bare(text) for text in (hit.question, *document.variants, hit.answer))
    return Spelt(bare(document.subject), bare(hit.question), whole)
