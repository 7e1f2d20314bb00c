"""A few simulated days break no rule, are told truly, and are the same twice."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.engine import Base, engine_at, reading, transaction
from bot.errors import UpkeepError
from bot.inbox import InboundMessage
from bot.settings import ROOT, SECRETS_FILE, Settings
from bot.simulation.month import Month
from bot.simulation.report import report
from bot.simulation.run import simulate
from bot.simulation.scenario import Scenario, first_messages, load_script
from tests.bot.simulation.conftest import FEW
from tests.builders import a_caseworker, a_resident


def test_a_few_days_break_no_rule(month: Month) -> None:
    found = report(month)

    with reading(month.line.engine) as session:
        stored = session.scalar(select(func.count(InboundMessage.id)))
    assert found.violations == []
    assert found.messages == stored
    assert sum(found.states.values()) == found.tickets > 0
    assert sum(worker.tickets for worker in found.workers) > 0
    # A check that looked at nothing says nothing.
    assert all(found.checked.values()), found.checked


def test_nothing_is_played_among_real_people(settings: Settings, database_url: str) -> None:
    for somebody, table in ((a_caseworker, "staff"), (a_resident, "resident")):
        with engine_at(database_url) as engine:
            with transaction(engine) as session:
                somebody(session)
                before = _rows(session)

            with pytest.raises(UpkeepError, match=f"in use .*{table}"):
                simulate(settings, FEW, url=database_url)

            with transaction(engine) as session:
                assert _rows(session) == before


def _rows(session: Session) -> dict[str, int]:
    counted = {it.name: select(func.count()).select_from(it) for it in Base.metadata.sorted_tables}
    return {name: session.scalar(count) or 0 for name, count in counted.items()}


def test_the_policy_day_has_eight_times_as_many() -> None:
    scenario = Scenario(days=9, residents=300)
    a_day = scenario.residents / 30

    number = sum(1 for _ in first_messages(scenario, load_script()))

    assert number == a_day * (scenario.days - 1 + 8)


def test_the_same_seed_gives_the_same_month() -> None:
    twice = [list(first_messages(FEW, load_script())) for _ in range(2)]
    other = list(first_messages(Scenario(days=3, residents=60, staff=6, seed=4), load_script()))

    assert twice[0] == twice[1] != other


def test_the_command_prints_figures_for_machines(settings: Settings) -> None:
    env = os.environ | {"YUNQIAO_SERVICE__DATA_DIR": str(settings.service.data_dir)}
    env.pop(SECRETS_FILE)  # a demo makes its own
    options = ["--days", "3", "--residents", "10", "--staff", "3", "--json"]

    done = subprocess.run(
        [sys.executable, "-m", "bot", "simulate", *options],
        cwd=ROOT, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip

    figures = json.loads(done.stdout)
    assert {"messages", "tickets", "spread", "clocks", "checked", "violations"} <= figures.keys()
