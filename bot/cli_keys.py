"""The commands for the data keys: `python -m bot keys …`."""

import secrets

import click

from bot import kept_files, sealing
from bot.db.engine import engine_at
from bot.settings import load_settings
from bot.upkeep.resealing import seal_again


@click.group("keys")
def keys_group() -> None:
    """Make and change the keys that stored stories are encrypted with."""


@keys_group.command("new")
@click.option("--search", is_flag=True, help="The key of the search index instead.")
def keys_new(*, search: bool) -> None:
    """
    Print a fresh key for privacy.keys.

    To change keys put it before the old one, with a comma between, restart
    everything, run `keys seal`, and take the old one out.
    """
    click.echo(secrets.token_hex(32) if search else sealing.new_key())


@keys_group.command("seal")
def keys_seal() -> None:
    """Encrypt with the first key whatever is stored under none or another."""
    settings = load_settings()
    with engine_at(settings.database_url) as engine:
        done = seal_again(engine)
    files = kept_files.seal_again(settings.service.data_dir)
    click.echo(f"encrypted again with {sealing.newest()}: {done} rows, {files} files")
