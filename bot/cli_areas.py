"""The commands of `python -m bot areas`."""

from pathlib import Path

import click

from bot.db.engine import engine_at, transaction
from bot.people.areas import load_areas
from bot.people.places import compare, read_places, store
from bot.settings import Settings


@click.group("areas")
def areas_group() -> None:
    """Townships and villages, below the counties that are built in."""


@areas_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say what would change.")
@click.pass_obj
def areas_import(settings: Settings, file: Path, *, check: bool) -> None:
    """
    Import townships and villages from FILE; the whole list or nothing.

    CSV with the columns code,name: official division codes of 9 digits for a
    township (530111001,关上街道) and 12 for a village (530111001001,关上社区),
    or all of 12 with zeros at the end.  UTF-8 or GBK.  Places that FILE does not
    name stay as they are.
    """
    places = read_places(file.read_bytes())
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        found = compare(session, places) if check else store(session, places)
    for code, before, name in found.renamed:
        click.echo(f"{code}  {before} → {name}")
    done = "would be imported" if check else "imported"
    click.echo(
        f"{len(places)} places {done}: {found.new} new, {len(found.renamed)} renamed,"
        f" {found.unchanged} unchanged"
    )


@areas_group.command("list")
def areas_list() -> None:
    """Print the prefectures and counties that are built in, with their codes."""
    for area in load_areas().by_code.values():
        click.echo(f"{area.code}  {area.name}")
