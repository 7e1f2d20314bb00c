"""The commands of `python -m bot calendar`."""

from pathlib import Path

import click

from bot import clock
from bot.db.engine import engine_at, reading, transaction
from bot.settings import Settings
from bot.understanding import lunar
from bot.workdays import calendar
from bot.workdays.calendar import Origin
from bot.workdays.change import changes, load_list
from bot.workdays.holidays import LAW_SINCE
from bot.workdays.lists import read_list

_SAID = {
    Origin.ANNOUNCED: "",
    Origin.STATUTORY: "  provisional",
    Origin.OWN: "  of our own",
}


@click.group("calendar")
def calendar_group() -> None:
    """Public holidays, make-up days, and days of our own."""


@calendar_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say what would change.")
@click.pass_obj
def calendar_load(settings: Settings, file: Path, *, check: bool) -> None:
    """
    Load the holidays announced for one year from FILE; the whole list or nothing.

    CSV with the columns date,works,why (2027-02-05,off,春节), or JSON, a list of
    {"date": "2027-02-05", "works": false, "why": "春节"}.  A list of the same
    year that was loaded before is replaced; days of our own stay.
    """
    announced = read_list(file.read_bytes())
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        found = changes(calendar.load(session, settings), announced)
        if not check:
            load_list(session, announced, by=None, now=clock.now())
    for change in found:
        works = "worked from now on" if change.works else "off from now on"
        click.echo(f"{change.day:%Y-%m-%d %a}  {works}  {change.why}".rstrip())
    done = "would be loaded" if check else "loaded"
    click.echo(f"{announced.year}: {len(announced.days)} days {done}, {len(found)} change")


@calendar_group.command("show")
@click.argument("year", type=click.IntRange(LAW_SINCE, lunar.LAST))
@click.pass_obj
def calendar_show(settings: Settings, year: int) -> None:
    """Print the days of YEAR that are not simply as their weekday."""
    with engine_at(settings.database_url) as engine, reading(engine) as session:
        found = calendar.load(session, settings)
    provisional = found.provisional(year)
    state = "PROVISIONAL: only the law's own days; load the list" if provisional else "announced"
    click.echo(f"{year}: {state}, {sum(map(found.works, calendar.days_of(year)))} working days")
    for day, mark in found.marks(year):
        works = "work" if mark.works else "off "
        click.echo(f"{day:%Y-%m-%d %a}  {works}  {mark.why}{_SAID[mark.origin]}")
