"""`python -m bot up`, `run` and `reload`: starting processes needs nothing of what they do."""

import sys

import click

from bot.settings import Settings
from bot.up.reload import SERVED, reload_process
from bot.up.run import up
from bot.up.single import become


@click.command("up")
@click.pass_obj
def up_command(settings: Settings) -> None:
    """Start everything on this machine and say what to open; Ctrl-C stops it."""
    sys.exit(up(settings))


@click.command("run")
@click.argument("process")
@click.pass_obj
def run_command(settings: Settings, process: str) -> None:
    """Be one PROCESS of the service: web, console, worker, nlu.  For systemd; see deploy/."""
    become(settings, process)


@click.command("reload")
@click.argument("process", type=click.Choice(SERVED))
@click.argument("pid", type=int)
@click.pass_obj
def reload_command(settings: Settings, process: str, pid: int) -> None:
    """Bring new code into the web or console PROCESS whose gunicorn is PID; no call is refused."""
    number = reload_process(settings, process, pid)
    click.echo(f"{process}: {number} serve with the new code")
