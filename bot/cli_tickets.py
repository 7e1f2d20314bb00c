"""The commands of `python -m bot tickets` and `python -m bot drill`."""

import json
import sys
from dataclasses import asdict

import click
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import engine_at, one_moment, reading, transaction
from bot.settings import Settings
from bot.tickets import check
from bot.tickets.alarm import drill


@click.group("tickets")
def tickets_group() -> None:
    """Tickets and their logs."""


@tickets_group.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def tickets_check(settings: Settings, *, as_json: bool) -> None:
    """
    Recompute every ticket and clock from its log, and print what differs.

    Ends with status 1 where anything does.
    """
    found = 0
    # At one moment: what a busy service writes meanwhile is no difference.
    with engine_at(settings.database_url) as engine, one_moment(engine) as moment:
        session = Session(moment)
        for difference in check.differences(session, settings):
            found += 1
            said = asdict(difference)
            text = "{number}  {what}: stored {stored}, by the log {recomputed}".format(**said)
            click.echo(json.dumps(said, ensure_ascii=False) if as_json else text)
    if not as_json:
        click.echo(f"tickets: {found} differences" if found else "tickets: as their logs say")
    sys.exit(bool(found))


@click.group("drill")
def drill_group() -> None:
    """Practising the alarm."""


@drill_group.command("crisis")
@click.pass_obj
def drill_crisis(settings: Settings) -> None:
    """Call the duty roster as in a crisis; the worker goes on until somebody accepts."""
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        started = drill.start(session, now=clock.now(), by=None)
        click.echo(f"drill {started.id}: the first on duty is called; see `drill list`")


@drill_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def drill_list(settings: Settings, *, as_json: bool) -> None:
    """Print the newest drills: who was called, who came, and after how long."""
    with engine_at(settings.database_url) as engine, reading(engine) as session:
        found = drill.drills(session)
    for it in found:
        seconds = int(it.took.total_seconds()) if it.took else None
        if as_json:
            said = {"id": it.id, "started_at": it.started_at.isoformat(), "seconds": seconds}
            said |= {"called": it.called, "accepted_by": it.accepted_by}
            click.echo(json.dumps(said, ensure_ascii=False))
            continue
        end = f"{it.accepted_by} after {seconds} s" if it.took else "nobody yet"
        click.echo(f"{it.id}  {it.started_at:%Y-%m-%d %H:%M}  {len(it.called)} called  {end}")
