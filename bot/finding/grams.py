"""
What the index keeps of a text: pairs of characters, whole words, whole numbers.

Weighed against the full-text search of each database (FTS5 trigram, pg_trgm):
those need the text itself, find nothing for a word of two characters, which
most Chinese words are, and are two code paths.  Pairs are one, and go on
working when the texts are encrypted, as only numbers made of them are stored.
The numbers are made with a secret key: who has the database alone can see that
tickets share a pair, and not which.
"""

import re
import unicodedata

from bot.sealing import number

RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
PHONE = re.compile(r"(?<!\d)(1\d{2})[ -](\d{4})[ -](\d{4})(?!\d)")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
PAIR = 2
LEAST_PHONE = 7
TAIL = 4
"""People know a phone by its last four digits."""
MOST_TERMS = 8


def normal(text: str) -> str:
    """Return the text as it is compared: one width, small letters, blanks for punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = THOUSANDS.sub("", PHONE.sub(r"\1\2\3", plain))
    return re.sub(r"[\W_]+", " ", plain).strip()


def terms(words: str) -> list[str]:
    """Return what has to be found, each on its own: what stands between blanks."""
    return list(dict.fromkeys(normal(words).split()))[:MOST_TERMS]


def kept(text: str) -> set[int]:
    """Return what the index keeps of a text."""
    return {
        number(atom) for run in RUN.findall(normal(text)) for atom in (*_atoms(run), *_tail(run))
    }


def wanted(term: str) -> set[int]:
    """Return what a ticket must have to hold the term; nothing for a single character."""
    return {number(atom) for run in RUN.findall(term) for atom in _atoms(run)}


def sure(term: str) -> bool:
    """Say whether having what is wanted is having the term, so that nobody need look."""
    runs = RUN.findall(term)
    return len(runs) == 1 and len(_atoms(runs[0])) == 1


def is_phone(term: str) -> bool:
    """Say whether the term may be somebody's phone or identity number."""
    return any(run.isdecimal() and len(run) >= LEAST_PHONE for run in RUN.findall(term))


def _atoms(run: str) -> list[str]:
    if run.isascii():
        return [run]
    return [run[at : at + PAIR] for at in range(len(run) - 1)]


def _tail(run: str) -> list[str]:
    return [run[-TAIL:]] if run.isascii() and run.isdecimal() and len(run) >= LEAST_PHONE else []
