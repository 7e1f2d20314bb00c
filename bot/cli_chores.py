"""Chores from the command line: `python -m bot chores …`."""

import click
from sqlalchemy import select

from bot import clock
from bot.chore_kinds import BY_HAND, KINDS
from bot.chores import ledger
from bot.chores.tables import Chore, ChoreState
from bot.db.engine import engine_at, reading, transaction
from bot.errors import UpkeepError
from bot.settings import Settings
from bot.wechat.client import make_wechat_api
from bot.wiring import make_line
from bot.worker import Worker, run_chores
from bot.worker_chores import make_chores


@click.group("chores")
def chores_group() -> None:
    """Work that is not a message: files, conversions, reports, backups, training."""


@chores_group.command("run")
@click.pass_obj
def chores_run(settings: Settings) -> None:
    """Do nothing but chores in this process; workers with `worker.chores: 0` then do none."""
    with engine_at(settings.database_url) as engine:
        line = make_line(settings, engine=engine)
        api = make_wechat_api(settings, engine=engine, clock=clock.now)
        run_chores(Worker(line=line, api=api, chores=make_chores(line, KINDS), name="chores"))


@chores_group.command("list")
@click.pass_obj
def chores_list(settings: Settings) -> None:
    """List what is not done yet, and what failed."""
    undone = select(Chore).where(Chore.state != ChoreState.DONE).order_by(Chore.id)
    with engine_at(settings.database_url) as engine, reading(engine) as session:
        for it in session.scalars(undone):
            due = it.due_at.astimezone(settings.zone)
            about = f"{it.kind} {it.subject}"
            click.echo(
                f"{it.id:>6} {about:<32} {it.state:<8} {it.tries} {due:%m-%d %H:%M} {it.error}"
            )


@chores_group.command("ask")
@click.argument("kind", type=click.Choice(BY_HAND))
@click.pass_obj
def chores_ask(settings: Settings, kind: str) -> None:
    """Have a chore of this KIND done now, by whichever worker comes first."""
    now = clock.now()
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        asked = ledger.ask(session, kind, f"{now:%Y-%m-%dT%H:%M}", now=now)
    click.echo("asked for" if asked else "asked for this minute already")


@chores_group.command("again")
@click.argument("number", type=int)
@click.pass_obj
def chores_again(settings: Settings, number: int) -> None:
    """Let the chore NUMBER, which failed, be tried anew."""
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        if not ledger.again(session, number, now=clock.now()):
            msg = f"chore {number} did not fail"
            raise UpkeepError(msg)
    click.echo("it is tried again")
