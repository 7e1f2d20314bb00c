"""Finding any of many words in a text, in a time that does not grow with their number."""

from collections.abc import Iterable, Iterator


class Lexicon:
    """A set of words, asked for those that stand at a position."""

    def __init__(self, words: Iterable[str]) -> None:
        lengths: dict[str, set[int]] = {}
        self._words = frozenset(words)
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def at(self, text: str, start: int) -> Iterator[str]:
        """Yield the words that stand at *start* of *text*, the longest first."""
        for length in self._lengths.get(text[start : start + 1], ()):
            word = text[start : start + length]
            if word in self._words:
                yield word
