"""The commands that keep an installation: `python -m bot backup | restore | copy-database`."""

import os
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from bot import clock, durable
from bot.db.engine import engine_at
from bot.errors import UpkeepError
from bot.settings import Settings
from bot.upkeep import backup
from bot.upkeep.copying import copy_database
from bot.upkeep.restore import restore


@click.group("backup")
def backup_group() -> None:
    """Encrypted backups of the database and of the files beside it."""


@backup_group.command("key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """
    Make a key pair: the private key goes into FILE, the public one is printed.

    Put the public key into backup.recipients.  Take FILE off this machine, to
    two safe places: without it no backup can be read, by you either.
    """
    private, public = backup.new_key()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        msg = f"{file} is there already; nothing is written over"
        raise UpkeepError(msg) from None
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(f"# public key: {public}\n{private}\n".encode("ascii"))
        durable.to_disk(opened)
    durable.names_to_disk(file.absolute().parent)
    click.echo(public)


@backup_group.command("create")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep-days", type=click.IntRange(1), help="Then delete older ones there.")
@click.pass_obj
def backup_create(settings: Settings, folder: Path, keep_days: int | None) -> None:
    """Write a backup of this moment into FOLDER, while the service runs on."""
    now = clock.now()
    with engine_at(settings.database_url) as engine:
        target, kept = backup.back_up_into(folder, engine, settings, now=now)
    click.echo(f"{target}: {kept.rows} rows, {kept.files} files, {kept.bytes} bytes")
    if keep_days:
        for path in backup.delete_old(folder, keep_days, now=now):
            click.echo(f"{path}: deleted, older than {keep_days} days")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the private key.",
)
@click.pass_obj
def restore_command(settings: Settings, file: Path, key_file: Path) -> None:
    """Bring back the backup FILE into a new database and an empty data folder."""
    began = clock.now()
    with engine_at(settings.database_url) as engine:
        rows, files = restore(
            engine, settings.service.data_dir, file, identity=key_file.read_text("ascii")
        )
    seconds = (clock.now() - began).total_seconds()
    click.echo(f"restored {rows} rows and {files} files in {seconds:.1f} s; all sums agree")


@click.command("copy-database")
@click.option("--to", "target", required=True, help="postgresql+psycopg://user@host/name")
@click.pass_obj
def copy_command(settings: Settings, target: str) -> None:
    """Copy everything into another, empty database and compare; stop the service before."""
    if make_url(target) == make_url(settings.database_url):
        msg = "that is the database in use"
        raise UpkeepError(msg)
    with engine_at(settings.database_url) as old, engine_at(target) as new:
        copied = copy_database(old, new)
    for one in copied:
        click.echo(f"{one.table:<32} {one.after.rows:>9} rows  {one.after.digest % 2**64:016x}")
    click.echo(f"{len(copied)} tables, all the same; now set database.url to the new address")
