"""The command line: `python -m bot <command>`."""

import json
import sys

import click

from bot import clock, kept_files
from bot.ask import ask_all
from bot.chore_kinds import KINDS
from bot.cli_areas import areas_group
from bot.cli_audit import audit_group
from bot.cli_calendar import calendar_group
from bot.cli_chores import chores_group
from bot.cli_keys import keys_group
from bot.cli_knowledge import knowledge_group
from bot.cli_privacy import privacy_group
from bot.cli_simulate import simulate_command
from bot.cli_tickets import drill_group, tickets_group
from bot.cli_upkeep import backup_group, copy_command, restore_command
from bot.db.engine import engine_at, reading, transaction
from bot.db.migrate import is_current, is_later, migrate, write_migration
from bot.doctor import run_doctor
from bot.errors import YunqiaoError
from bot.evaluation.command import evaluate_group
from bot.knowledge.load import load_cards
from bot.logs import configure_logs
from bot.notices.posts import make_posts
from bot.people.demo import ensure_demo_staff
from bot.reports.messages import export
from bot.settings import Settings, load_settings
from bot.up.model_commands import nlu_group
from bot.up.reload import SERVED, reload_process
from bot.up.run import up
from bot.up.single import become
from bot.upkeep.resealing import seal_again
from bot.wechat.client import make_wechat_api
from bot.wechat.menu import push_menu
from bot.wiring import DATA, make_line
from bot.worker import Worker, run
from bot.worker_chores import make_chores


class Commands(click.Group):
    """Shows our own errors as one plain line each."""

    def invoke(self, context: click.Context) -> object:
        """Run the command; a wrong setting is not a stack trace."""
        try:
            return super().invoke(context)
        except YunqiaoError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Yunqiao 云桥: run and look after the service."""
    configure_logs(context.invoked_subcommand or "bot")
    if context.invoked_subcommand != "keys":  # which makes what the settings lack
        context.obj = load_settings()


@main.command("up")
@click.pass_obj
def up_command(settings: Settings) -> None:
    """Start everything on this machine and say what to open; Ctrl-C stops it."""
    sys.exit(up(settings))


@main.command("run")
@click.argument("process")
@click.pass_obj
def run_command(settings: Settings, process: str) -> None:
    """Be one PROCESS of the service: web, console, worker, nlu.  For systemd; see deploy/."""
    become(settings, process)


@main.command("reload")
@click.argument("process", type=click.Choice(SERVED))
@click.argument("pid", type=int)
@click.pass_obj
def reload_command(settings: Settings, process: str, pid: int) -> None:
    """Bring new code into the web or console PROCESS whose gunicorn is PID; no call is refused."""
    number = reload_process(settings, process, pid)
    click.echo(f"{process}: {number} serve with the new code")


@main.command("migrate")
@click.pass_obj
def migrate_command(settings: Settings) -> None:
    """Bring the database to the newest form; safe to run twice."""
    with engine_at(settings.database_url) as engine:
        if is_later(engine):
            click.echo("database: of a later version, which only adds; left as it is")
            return
        before = is_current(engine)
        migrate(engine)
        sealed = 0 if before else seal_again(engine)
        files = 0 if before else kept_files.seal_again(settings.service.data_dir)
    click.echo("database: nothing to do" if before else "database: migrated")
    if sealed or files:
        click.echo(f"encrypted: {sealed} rows, {files} files")


@main.command("new-migration")
@click.argument("what")
def new_migration(what: str) -> None:
    """Write a migration for changed tables; WHAT becomes its name.  For developers."""
    click.echo(f"written: {write_migration(what)}; read it before you commit it")


@main.command("load-content")
@click.pass_obj
def load_content(settings: Settings) -> None:
    """Load the starter knowledge base and, in a demo, its staff; keeps what was edited."""
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        report = load_cards(session, DATA / "knowledge" / "cards.jsonl", now=clock.now())
        ensure_demo_staff(session, settings=settings, now=clock.now())
    click.echo(
        f"knowledge: {report.added} added, {report.updated} updated,"
        f" {report.unchanged} unchanged, {report.kept} kept as edited"
    )


@main.command("worker")
@click.pass_obj
def worker_command(settings: Settings) -> None:
    """Run the worker: outbox, leftovers, timetable."""
    with engine_at(settings.database_url) as engine:
        line = make_line(settings, engine=engine)
        api = make_wechat_api(settings, engine=engine, clock=clock.now)
        chores = make_chores(line, KINDS)
        run(Worker(line=line, api=api, posts=make_posts(settings, api), chores=chores))


@main.command("ask")
@click.option("--json", "as_json", is_flag=True, required=True, help="One JSON object a line.")
@click.pass_obj
def ask_command(settings: Settings, *, as_json: bool) -> None:
    """
    Answer messages from standard input, each the first of a new resident.

    Reads {"id": …, "text": …} a line and prints one JSON object a line, in the
    same order.  Works on the starter content in a throw-away database.
    """
    del as_json
    for answered in ask_all(settings, sys.stdin):
        click.echo(json.dumps(answered, ensure_ascii=False))


main.add_command(areas_group)
main.add_command(audit_group)
main.add_command(calendar_group)
main.add_command(chores_group)
main.add_command(drill_group)
main.add_command(keys_group)
main.add_command(tickets_group)
main.add_command(knowledge_group)
main.add_command(evaluate_group)
main.add_command(nlu_group)
main.add_command(backup_group)
main.add_command(privacy_group)
main.add_command(simulate_command)
main.add_command(restore_command)
main.add_command(copy_command)


@main.group("messages")
def messages_group() -> None:
    """Inbound messages and what became of them."""


@messages_group.command("export")
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line.")
@click.pass_obj
def messages_export(settings: Settings, *, jsonl: bool) -> None:
    """Print every inbound message with its reply, delivery state and ticket; no names."""
    del jsonl
    key = settings.console.secret_key.get_secret_value().encode()
    with engine_at(settings.database_url) as engine, reading(engine) as session:
        for record in export(session, key=key):
            click.echo(json.dumps(record, ensure_ascii=False))


@main.command("push-menu")
@click.pass_obj
def push_menu_command(settings: Settings) -> None:
    """Put the service's menu (bot/wechat/menu.py) under the account's chat."""
    with engine_at(settings.database_url) as engine:
        push_menu(make_wechat_api(settings, engine=engine, clock=clock.now))
    click.echo("menu: WeChat has it; phones show it within five minutes")


@main.command("doctor")
@click.pass_obj
def doctor_command(settings: Settings) -> None:
    """Check the installation from WeChat's side and say in plain words what to fix."""
    with engine_at(settings.database_url) as engine:
        findings = run_doctor(settings, engine=engine, now=clock.now)
    for finding in findings:
        click.echo(f"{finding.level:<5} {finding.what}")
        if finding.fix:
            click.echo(f"      → {finding.fix}")
    sys.exit(any(finding.level == "fail" for finding in findings))
