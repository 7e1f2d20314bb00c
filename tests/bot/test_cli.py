"""The command line: every command is there, and none brings more than it needs."""

import subprocess
import sys

import click
import pytest

from bot.cli import WHERE, main

HEAVY = {"numpy", "sqlalchemy", "requests", "openpyxl", "weasyprint"}


@pytest.mark.parametrize("name", sorted(WHERE))
def test_every_command_is_where_it_is_said_to_be(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name


def test_an_unknown_command_is_none() -> None:
    assert main.get_command(click.Context(main), "no-such") is None


def test_who_starts_the_processes_carries_none_of_their_parts() -> None:
    code = "import bot.cli, bot.cli_run, sys; print(*{name.split('.')[0] for name in sys.modules})"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert HEAVY & set(loaded.stdout.split()) == set()
