"""
The life of a ticket as one table: what may happen from where, who does it, what it leads to.

Everything that happens is an event of one of these names; where a ticket
stands is the fold of its events (bot/tickets/fold.py).  `T…` are the numbers of
the transitions as casework names them.  T1 to T3 of what a machine settles by
itself leave no ticket: an answer with its source is a message, and only what a
person must work on is registered, straight into the queue.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.tickets.tables import LIVE, State

TRIAGE, DISPATCHED, WORKING = State.TRIAGE, State.DISPATCHED, State.IN_PROGRESS
WAITING, PARTNER, RESOLVED = State.WAITING_RESIDENT, State.WAITING_PARTNER, State.RESOLVED
CLOSED, MERGED = State.CLOSED, State.MERGED
OWNED = (DISPATCHED, WORKING, WAITING, PARTNER)
BEGUN = (WORKING, WAITING, PARTNER)
ANY = tuple(State)


class By(StrEnum):
    """Who may do it."""

    STAFF = "staff"  # whoever may see the ticket
    OWNER = "owner"  # whose it is
    SUPERVISOR = "supervisor"
    ANOTHER = "another"  # staff, but not whose it is
    RESIDENT = "resident"
    SERVICE = "service"


STAFF, OWNER, SUPERVISOR, ANOTHER = By.STAFF, By.OWNER, By.SUPERVISOR, By.ANOTHER
RESIDENT, SERVICE = By.RESIDENT, By.SERVICE


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    number: str
    name: str
    """What is done: a form of the console, a job, a word of the resident."""
    event: str
    """What is written into the log."""
    by: By
    start: tuple[State, ...]
    to: State | None
    """None: it stays where it is, or the event says where it goes."""
    effects: str = ""
    """What happens to the clocks, in this order: start, stop, pause, rebase, …"""
    guard: str = ""
    """What is asked for besides; the deed of this name enforces it."""

    @property
    def clocks(self) -> tuple[str, ...]:
        """The effects one by one."""
        return tuple(filter(None, self.effects.split(", ")))


_ANSWERED = "stop dispatch, stop accept, stop first_reply, stop reply"
_AGAIN = "stop confirm, start reply, start resolve"
# fmt: off
TRANSITIONS = (
    Transition("T1 T3", "open", "opened", SERVICE, (), TRIAGE,
               "start ack, start first_reply, start reply, start resolve",
               "one live ticket for each resident and strand"),
    Transition("", "queue", "queued", SERVICE, (TRIAGE,), TRIAGE, "start dispatch",
               "nobody is fit and on duty"),
    Transition("T4 T7", "assign", "assigned", STAFF, LIVE, DISPATCHED,
               "stop dispatch, stop accept, start accept",
               "that person takes tickets; the reason is kept"),
    Transition("T7", "give_back", "given_back", SUPERVISOR, (DISPATCHED,), None, "stop accept",
               "undoes one's own bulk deed, as long as nobody acted"),
    Transition("T5 T7", "accept", "accepted", STAFF, LIVE, WORKING, "stop dispatch, stop accept"),
    Transition("T6", "hand_back", "handed_back", OWNER, OWNED, TRIAGE,
               "stop accept, stop partner, start dispatch",
               "a reason, who should have it; the third time a supervisor decides"),
    Transition("T7", "put_back", "put_back", SERVICE, OWNED, TRIAGE,
               "stop accept, stop partner, start dispatch",
               "whose it was is away, and nobody fit is there"),
    Transition("", "reply", "reply", STAFF, LIVE, None, _ANSWERED, "its owner; else taken too"),
    Transition("", "hold", "unsent", SERVICE, LIVE, None,
               "unstop first_reply, unstop reply", "no answer to the last words has gone out"),
    Transition("", "go_out", "went_out", SERVICE, LIVE, None, "stop first_reply, stop reply"),
    Transition("", "reach", "reached", STAFF, LIVE, None, "stop first_reply, stop reply",
               "they were spoken with otherwise than in WeChat"),
    Transition("T8", "wait", "waiting", OWNER, (WORKING,), WAITING,
               "pause first_reply, pause reply, pause resolve", "never in a crisis; capped"),
    Transition("T8", "wait_over", "waiting_over", SERVICE, (WAITING,), WORKING, "",
               "the cap is reached"),
    Transition("T8", "hear", "heard", RESIDENT, LIVE, None, "start reply"),
    Transition("", "add", "added", RESIDENT, (*LIVE, MERGED), None, "start reply"),
    Transition("T9", "ask_partner", "partner_asked", OWNER, (WORKING,), PARTNER, "start partner",
               "the resident agrees to what is passed on"),
    Transition("T10", "partner_answered", "partner_answered", OWNER, (PARTNER,), WORKING,
               "stop partner", "what came of it"),
    Transition("T11", "ask_extension", "extension_asked", OWNER, OWNED, None, "",
               "before it is due; the reason is one the resident is told"),
    Transition("T11", "decide_extension", "extension_decided", SUPERVISOR, ANY, None,
               "extend resolve", "not who asked; the second not who granted the first"),
    Transition("T12", "resolve", "resolved", OWNER, BEGUN, RESOLVED,
               f"{_ANSWERED}, stop partner, stop resolve, start confirm",
               "an outcome the resident can read"),
    Transition("T13", "rate_solved", "rated", RESIDENT, (RESOLVED,), CLOSED, "stop all"),
    Transition("T14", "rate_unsolved", "rated", RESIDENT, (RESOLVED,), WORKING, _AGAIN,
               "the second time it is supervised"),
    Transition("T13 T14", "call_back", "called_back", ANOTHER, (RESOLVED,), None, _AGAIN,
               "not who brought the outcome"),
    Transition("", "try_contact", "tried", STAFF, (*LIVE, RESOLVED), None),
    Transition("T15", "unreachable", "closed", STAFF, (*BEGUN, RESOLVED), CLOSED, "stop all",
               "3 tries in 2 ways on 2 days"),
    Transition("T2", "unconfirmed", "closed", SERVICE, (RESOLVED,), CLOSED, "stop all",
               "silence; never counted as solved"),
    Transition("T16", "ask_close", "close_asked", OWNER, OWNED, None, "",
               "who is responsible, and the lawful way on"),
    Transition("T16", "close", "closed", STAFF, LIVE, CLOSED, "stop all",
               "unsolved, refused or referred: a supervisor who did not ask"),
    Transition("", "refuse_close", "close_refused", SUPERVISOR, ANY, None, "", "not who asked"),
    Transition("T17", "reopen", "reopened", STAFF, (RESOLVED, CLOSED), WORKING, _AGAIN),
    Transition("T17", "take_up_again", "reopened", RESIDENT, (CLOSED, MERGED), WORKING, _AGAIN,
               "within ten working days; later a new ticket that is linked"),
    Transition("", "withdraw", "withdrawn", RESIDENT, LIVE, CLOSED, "stop all"),
    Transition("T18", "merge", "merged", STAFF, (*LIVE, RESOLVED), MERGED, "stop all",
               "the other is live"),
    Transition("T18", "unmerge", "unmerged", STAFF, (MERGED,), None,
               "unstop all, recount all"),
    Transition("T18", "take_in", "took_in", STAFF, LIVE, None, "sooner reply, sooner resolve"),
    Transition("T18", "give_out", "gave_out", STAFF, ANY, None, "own reply, own resolve"),
    Transition("T19", "relevel", "level", STAFF, ANY, None, "rebase all",
               "anybody raises; out of a crisis only together with another"),
    Transition("T19", "ask_calm", "calm_asked", STAFF, LIVE, None, "", "of a crisis"),
    Transition("T19", "refuse_calm", "calm_refused", STAFF, ANY, None, "", "not who asked"),
    Transition("T20", "supervise", "supervised", SUPERVISOR, LIVE, None),
    Transition("T20", "end_supervision", "supervision_over", SUPERVISOR, ANY, None),
    Transition("", "note", "note", STAFF, ANY, None),
    Transition("", "link", "linked", STAFF, ANY, None),
    Transition("", "unlink", "unlinked", STAFF, ANY, None),
    Transition("", "split", "split", OWNER, OWNED, None, "", "a matter of its own"),
    # of the timetable
    Transition("", "warn", "reminded", SERVICE, ANY, None, "warn named"),
    Transition("", "escalate", "escalated", SERVICE, ANY, None, "breach named"),
    Transition("", "acknowledge", "acknowledged", SERVICE, ANY, None, "stop ack"),
    Transition("", "recount", "recounted", SERVICE, ANY, None, "recount all",
               "the calendar or the rules changed"),
    Transition("", "erase", "erased", SERVICE, (CLOSED, MERGED), None, "",
               "of bot/privacy: its words are deleted"),
    # of bot/disputes
    Transition("", "set_rights", "rights", STAFF, ANY, None, "set rights"),
)
# fmt: on
BY_NAME = {row.name: row for row in TRANSITIONS}
TARGETS = {row.event: row.to for row in TRANSITIONS if row.event not in {"rated", "closed"}}
EFFECTS = {row.event: row.clocks for row in TRANSITIONS}
"""What an event does to the clocks; `rated` as it is where nothing was solved."""
