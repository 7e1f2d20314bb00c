"""Is every ticket what its log says it is?"""

from collections.abc import Iterator

from bot.simulation.books import Books
from bot.tickets.check import differences


def as_the_log_says(books: Books) -> Iterator[str | None]:
    """Recompute every ticket from its events, and its due times from rules and calendar."""
    yield from (None for _ in books.tickets)
    for found in differences(books.session, books.month.line.tools.settings):
        yield (f"{found.number}: {found.what} is {found.stored}, by its events {found.recomputed}")
