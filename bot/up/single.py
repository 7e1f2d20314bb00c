"""One process of the service on its own, for whoever keeps processes up otherwise (systemd)."""

import os
from typing import NoReturn

from bot.errors import SettingsError
from bot.settings import Settings
from bot.up.programs import others, programs
from bot.up.steps import ROOT


def become(settings: Settings, name: str) -> NoReturn:
    """
    Turn this process into the one that `up` would start under that name.

    Raises:
        SettingsError: there is none of that name here.
    """
    known = {program.name: program for program in (*programs(settings), *others())}
    if name not in known:
        msg = f"no process {name!r} here; there are {', '.join(sorted(known))}"
        raise SettingsError(msg)
    program = known[name]
    os.chdir(ROOT)
    os.execve(program.argv[0], program.argv, dict(program.env))  # noqa: S606 (our own command)
