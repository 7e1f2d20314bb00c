"""The command `python -m bot simulate`."""

import json
import logging
import sys

import click

from bot.logs import configure_logs
from bot.settings import Settings
from bot.simulation.report import Report
from bot.simulation.run import simulate
from bot.simulation.scenario import Scenario

FAIR = 1.25
MOST_TOLD = 50


@click.command("simulate")
@click.option("--days", type=click.IntRange(3, 366), default=30, show_default=True)
@click.option("--residents", type=click.IntRange(10), default=2000, show_default=True)
@click.option("--staff", type=click.IntRange(3, 200), default=12, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--database", default="", help="An empty one; without it one is made and deleted.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def simulate_command(  # noqa: PLR0913 (the options of the command)
    settings: Settings, *, days: int, residents: int, staff: int, seed: int, database: str,
    as_json: bool,
) -> None:  # fmt: skip
    """
    Live through a month that did not happen, and say how it went.

    Traffic with a day of eight times as much, leaves, holidays and a day
    without a timetable, through the real services on a virtual clock.  Ends
    with 1 where something was that must not be.
    """
    configure_logs("simulate", least=logging.ERROR)
    scenario = Scenario(days=days, residents=residents, staff=staff, seed=seed)
    found = simulate(settings, scenario, url=database)
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else _text(found))
    sys.exit(1 if found.violations else 0)


def _text(found: Report) -> str:
    return "\n".join((*_work(found), *_promises(found), *_checks(found)))


def _work(found: Report) -> list[str]:
    fair = "fair" if found.spread <= FAIR else f"more than {FAIR}"
    return [
        f"{found.messages} messages ({found.brought_again} came twice), {found.tickets} tickets",
        "", "caseworkers",
        *(
            f"  {it.name:<6} group {it.group}  {it.tickets:>4} tickets  weight {it.weight:>4}"
            f"  {it.days_there:>5.1f} days there  load {it.load:>6.1f}"
            for it in found.workers
        ),
        f"busiest by median of the same skills: {found.spread} ({fair})",
        f"where they stand: {found.states}", f"how they ended: {found.codes}",
    ]  # fmt: skip


def _promises(found: Report) -> list[str]:
    crises = found.crises
    return [
        "", "promises broken",
        *(
            f"  {it.clock:<12} {it.level:<9} {it.broken:>4} of {it.made}"
            for it in found.clocks
        ),
        (f"longest without an owner: {found.oldest_unassigned_hours} hours, of them "
        f"{found.oldest_unassigned_working_hours} worked"),
        f"escalations by rung: {found.escalations or 'none'}",
        (f"crises: {crises.called}, {crises.calls} calls; accepted {crises.accepted}, "
        f"after {crises.median_minutes} minutes (median), {crises.longest_minutes} at most"),
        f"beyond the budget: {found.budget or 'nothing'}",
    ]  # fmt: skip


def _checks(found: Report) -> list[str]:
    return [
        "", "looked at",
        *(f"  {number:>6}  {name}" for name, number in found.checked.items()),
        "", f"what must not be: {len(found.violations) or 'nothing'}",
        *(f"  {text}" for text in found.violations[:MOST_TOLD]),
    ]  # fmt: skip
