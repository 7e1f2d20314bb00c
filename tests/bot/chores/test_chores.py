"""Chores are done once, whoever dies: in one file, and with PostgreSQL and Redis."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.chores import ledger
from bot.chores.tables import Chore, ChoreState
from bot.db.engine import reading, transaction
from bot.line import Line
from bot.sections import Redis
from bot.settings import Settings
from bot.worker_chores import Chores, Kind, do_next, hand_out, make_chores, renew
from tests.bot.chat import a_line
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

MINUTE = timedelta(minutes=1)


@dataclass
class Host:
    """A process that does chores, as far as it is needed here."""

    chores: Chores | None


@dataclass
class Place:
    """Database and queue that hosts share."""

    engine: Engine
    settings: Settings
    clock: SetClock

    def host(self, do: Callable[[Line, str], None], *, give_up: object = None) -> Host:
        line = a_line(self.engine, self.settings, FakeNlu(), self.clock)
        return Host(make_chores(line, {"sweep": Kind(do, give_up)}))  # type: ignore[arg-type]

    def ask(self, subject: str = "1", kind: str = "sweep") -> bool:
        with transaction(self.engine) as session:
            return ledger.ask(session, kind, subject, now=self.clock())

    def states(self) -> list[tuple[str, int, str]]:
        with reading(self.engine) as session:
            rows = session.execute(
                select(Chore.state, Chore.tries, Chore.error).order_by(Chore.id)
            )
            return [(state, tries, error) for state, tries, error in rows]


@pytest.fixture
def embedded(engine: Engine, settings: Settings) -> Place:
    return Place(engine, settings, SetClock())


@pytest.fixture
def scaled(postgres_engine: Engine, redis_url: str, settings: Settings) -> Place:
    shared = settings.model_copy(update={"redis": Redis(url=redis_url)})
    return Place(postgres_engine, shared, SetClock())


@pytest.fixture(params=["embedded", "scaled"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


class KilledError(BaseException):
    """The process is gone in the middle of it, and nothing of it is heard again."""


def test_two_hosts_do_a_chore_once(place: Place) -> None:
    done: list[str] = []
    hosts = [place.host(lambda line, subject: done.append(subject)) for _ in range(2)]
    for number in range(10):
        place.ask(str(number))

    for host in hosts:  # both see that it is due
        hand_out(host)
    together = [threading.Thread(target=_all, args=(host,)) for host in hosts]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()

    assert sorted(done) == sorted(map(str, range(10)))
    assert {state for state, *_ in place.states()} == {ChoreState.DONE}


def _all(host: Host) -> None:
    while do_next(host):
        pass


def test_what_was_asked_for_twice_is_done_once(place: Place) -> None:
    assert [place.ask(), place.ask()] == [True, False]


def test_a_chore_whose_host_was_killed_is_done_by_another(place: Place) -> None:
    done: list[str] = []

    def dies(line: Line, subject: str) -> None:
        raise KilledError

    place.ask()
    first, second = place.host(dies), place.host(lambda line, subject: done.append(subject))
    hand_out(first)
    with pytest.raises(KilledError):
        do_next(first)
    assert not hand_out(second)  # it may still be at it

    place.clock.at += ledger.LEASE + MINUTE
    hand_out(second)
    do_next(second)

    assert done == ["1"]
    assert place.states() == [(ChoreState.DONE, 2, "")]


def test_a_number_lost_in_the_queue_is_handed_out_again(place: Place) -> None:
    done: list[str] = []
    host = place.host(lambda line, subject: done.append(subject))
    place.ask()
    hand_out(host)
    assert host.chores
    host.chores.queue.flush()

    assert not do_next(host)
    place.clock.at += ledger.IN_QUEUE
    hand_out(host)
    do_next(host)

    assert done == ["1"]


def test_what_takes_long_stays_with_who_does_it(place: Place) -> None:
    def takes_long(line: Line, subject: str) -> None:
        for _ in range(5):
            place.clock.at += ledger.LEASE / 2
            renew(host)
            assert not hand_out(other)

    host, other = place.host(takes_long), place.host(takes_long)
    place.ask()
    hand_out(host)
    do_next(host)

    assert place.states() == [(ChoreState.DONE, 1, "")]


def test_an_end_that_comes_too_late_is_not_noted(embedded: Place) -> None:
    def stalls(line: Line, subject: str) -> None:
        embedded.clock.at += ledger.LEASE + MINUTE
        hand_out(other)

    host, other = embedded.host(stalls), embedded.host(lambda line, subject: None)
    embedded.ask()
    hand_out(host)
    do_next(host)
    assert embedded.states() == [(ChoreState.HANDED, 1, "")]

    do_next(other)

    assert embedded.states() == [(ChoreState.DONE, 2, "")]


def test_what_fails_is_tried_some_more_then_given_up_and_may_be_asked_for_anew(
    embedded: Place,
) -> None:
    given_up: list[str] = []

    def breaks(line: Line, subject: str) -> None:
        raise OSError("a story")

    host = embedded.host(breaks, give_up=lambda line, subject: given_up.append(subject))
    embedded.ask()
    for _ in range(ledger.MOST_TRIES + 1):
        hand_out(host)
        do_next(host)
        embedded.clock.at += timedelta(hours=2)

    assert embedded.states() == [(ChoreState.FAILED, ledger.MOST_TRIES, "OSError")]
    assert given_up == ["1"]
    with transaction(embedded.engine) as session:
        assert ledger.standing(session) == {"open": 0, "failed": 1}
        assert ledger.again(session, 1, now=embedded.clock())
    assert hand_out(host)


def test_a_kind_of_a_newer_version_waits_for_one(embedded: Place) -> None:
    host = embedded.host(lambda line, subject: None)
    embedded.ask(kind="newer")
    hand_out(host)

    do_next(host)

    assert embedded.states() == [(ChoreState.HANDED, 0, "")]


def test_what_lies_in_the_queue_is_a_number_and_nothing_is_unpickled(embedded: Place) -> None:
    host = embedded.host(lambda line, subject: None)
    embedded.ask()
    hand_out(host)
    assert host.chores

    [lies] = host.chores.queue.storage.enqueued_items()

    assert bytes(lies).endswith(b", 1]")
    host.chores.queue.storage.enqueue(b"cposix\nsystem\n(S'true'\ntR.")
    do_next(host)
    with pytest.raises(ValueError):  # noqa: PT011
        do_next(host)


def test_what_was_done_a_week_ago_is_forgotten(embedded: Place) -> None:
    host = embedded.host(lambda line, subject: None)
    embedded.ask()
    hand_out(host)
    do_next(host)

    with transaction(embedded.engine) as session:
        soon, later = (
            ledger.tidy(session, now=NOW + timedelta(days=days), settings=embedded.settings)
            for days in (6, 8)
        )

    assert (soon, later) == (0, 1)
