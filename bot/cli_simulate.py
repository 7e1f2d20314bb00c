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
    lines = [f"{found.messages} messages, {found.tickets} tickets", "", "caseworkers"]
    lines += [
        f"  {it.name:<6} group {it.group}  {it.tickets:>4} tickets  weight {it.weight:>4}"
        f"  {it.days_there:>4.0f} days there  {it.weight_a_day:>5.2f} a day"
        for it in found.workers
    ]
    fair = "fair" if found.spread <= FAIR else f"more than {FAIR}"
    lines += [
        f"busiest by median of the same skills: {found.spread} ({fair})",
        f"longest without an owner: {found.oldest_unassigned_hours} hours",
        f"escalations: {found.escalations}",
        f"refused by WeChat's budget: {found.budget_refusals or 'none'}",
        "", "clocks overdue",
        *(f"  {kind:<12} {share}" for kind, share in sorted(found.breaches.items())),
        "", f"where they stand: {found.states}", f"how they ended: {found.codes}",
        "", f"what must not be: {len(found.violations) or 'nothing'}",
        *(f"  {text}" for text in found.violations[:50]),
    ]  # fmt: skip
    return "\n".join(lines)
