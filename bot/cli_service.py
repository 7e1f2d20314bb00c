"""Commands that look after one installation: its database, its content, its WeChat account."""

import json
import sys

import click

from bot import clock, kept_files
from bot.ask import ask_all
from bot.db.engine import engine_at, reading, transaction
from bot.db.form import is_current, is_later
from bot.db.migrate import migrate, write_migration
from bot.doctor import run_doctor
from bot.knowledge.load import load_cards
from bot.people.demo import ensure_demo_staff
from bot.reports.messages import export
from bot.settings import Settings
from bot.upkeep.resealing import seal_again
from bot.wechat.client import make_wechat_api
from bot.wechat.menu import push_menu
from bot.wiring import DATA


@click.command("migrate")
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


@click.command("new-migration")
@click.argument("what")
def new_migration(what: str) -> None:
    """Write a migration for changed tables; WHAT becomes its name.  For developers."""
    click.echo(f"written: {write_migration(what)}; read it before you commit it")


@click.command("load-content")
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


@click.command("ask")
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


@click.group("messages")
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


@click.command("push-menu")
@click.pass_obj
def push_menu_command(settings: Settings) -> None:
    """Put the service's menu (bot/wechat/menu.py) under the account's chat."""
    with engine_at(settings.database_url) as engine:
        push_menu(make_wechat_api(settings, engine=engine, clock=clock.now))
    click.echo("menu: WeChat has it; phones show it within five minutes")


@click.command("doctor")
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
