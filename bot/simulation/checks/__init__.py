"""
What must hold after a simulated month, looked at in its tables and its log.

A check yields once for each thing it looked at: nothing where it is as it must
be, else what is wrong with it.  So a check that looked at nothing shows, too.
"""

from collections.abc import Callable, Iterator

from bot.simulation.books import Books
from bot.simulation.checks.alarms import calls_end_by_acceptance, promises_climb_once
from bot.simulation.checks.endings import nobody_approves_alone, nothing_closes_alone
from bot.simulation.checks.logs import as_the_log_says
from bot.simulation.checks.owners import nobody_is_overtaken, somebody_has_it
from bot.simulation.checks.scopes import counts_and_search, notices
from bot.simulation.checks.words import (
    bot_is_silent,
    one_effect,
    sent_is_taken,
    words_are_kept,
)

Check = Callable[[Books], Iterator[str | None]]
CHECKS: dict[str, Check] = {
    "1 one effect of each message": one_effect,
    "2 one owner, or in the queue with an alarm": somebody_has_it,
    "3 sent is what the platform took": sent_is_taken,
    "4 state, counts and due times are what the log says": as_the_log_says,
    "5 no end without a code, solved by two keys": nothing_closes_alone,
    "6 nobody approves what they asked for": nobody_approves_alone,
    "11 notices go to whose matter it is": notices,
    "11 counts and search within the scope": counts_and_search,
    "12 no words are lost": words_are_kept,
    "16 a crisis call ends by acceptance": calls_end_by_acceptance,
    "18 the bot is silent while a person speaks": bot_is_silent,
    "nothing overtaken without a stored reason": nobody_is_overtaken,
    "each step of a ladder once": promises_climb_once,
}


def looked_at(books: Books, beginning: str = "") -> tuple[dict[str, int], list[str]]:
    """Return how many things each check looked at, and all that must not be; or only some."""
    counted: dict[str, int] = {}
    wrong: list[str] = []
    for name, check in CHECKS.items():
        if not name.startswith(beginning):
            continue
        found = list(check(books))
        counted[name] = len(found)
        wrong += [f"{name}: {text}" for text in found if text is not None]
    return counted, wrong
