"""A virtual environment that is exactly what its lock file says, or is made anew."""

import hashlib
import platform
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.up import interpreters, problems
from bot.up.steps import ROOT, Steps
from bot.up.terminal import UpError

STAMP = "installed.sha256"
RASA_PYTHON = (3, 10)
APT = {"DEBIAN_FRONTEND": "noninteractive"}


@dataclass(frozen=True, slots=True)
class Environment:
    """A folder and the lock file that says what belongs in it."""

    folder: Path
    lock: Path

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"

    def is_ready(self) -> bool:
        """Say whether the last installation ended and nothing has changed since."""
        return self.is_whole() and self._stamp.read_text("ascii") == self._fingerprint()

    def is_whole(self) -> bool:
        """Say whether some installation ended; a killed one leaves no stamp."""
        return self.python.exists() and self._stamp.exists()

    def mark_unfinished(self) -> None:
        """Remove the stamp: an installation that is killed now leaves none."""
        self._stamp.unlink(missing_ok=True)

    def mark_finished(self) -> None:
        """Write the stamp; the last act of an installation."""
        self._stamp.write_text(self._fingerprint(), "ascii")

    @property
    def _stamp(self) -> Path:
        return self.folder / STAMP

    def _fingerprint(self) -> str:
        """Of the lock and of pyvenv.cfg, which names the Python and its version."""
        parts = (self.lock, self.folder / "pyvenv.cfg")
        return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


WEB = Environment(ROOT / ".venv", ROOT / "requirements/web.txt")
DEV = Environment(ROOT / ".venv", ROOT / "requirements/dev.txt")
NLU = Environment(ROOT / "nlu/.venv", ROOT / "requirements/nlu.txt")
UV = WEB.folder / "bin" / "uv"


def prepare(steps: Steps, environment: Environment) -> None:
    """Make the web environment and the installer in it, unless a whole one is there."""
    if environment.is_whole() and UV.exists():
        return
    with steps.step("创建 Python 环境", "creating the Python environment"):
        shutil.rmtree(environment.folder, ignore_errors=True)
        _require_venv(steps)
        steps.command(sys.executable, "-m", "venv", environment.folder)
        bootstrap = (environment.python, "-m", "pip", "install", "-q", "--require-hashes")
        _fetch(steps, *bootstrap, "-r", ROOT / "requirements/bootstrap.txt")


def install(steps: Steps, environment: Environment) -> None:
    """Bring the web environment to its lock."""
    with steps.step("安装网页服务的依赖", "installing the web packages"):
        environment.mark_unfinished()
        _sync(steps, environment)
        environment.mark_finished()


def install_nlu(steps: Steps) -> None:
    """
    Bring the NLU environment to its lock; Rasa needs a Python of its own.

    Raises:
        UpError: this machine cannot have it; the line says what to do.
    """
    with steps.step("安装语言理解的依赖（Rasa）", "installing the NLU packages (Rasa)"):
        _require_platform()
        if not NLU.is_whole():
            shutil.rmtree(NLU.folder, ignore_errors=True)
            _make_nlu(steps)
        NLU.mark_unfinished()
        _sync(steps, NLU)
        NLU.mark_finished()


def _sync(steps: Steps, environment: Environment) -> None:
    options = ("-q", "--require-hashes", "--python", environment.python)
    _fetch(steps, UV, "pip", "sync", *options, environment.lock)


def _fetch(steps: Steps, *argv: str | Path) -> None:
    try:
        steps.command(*argv)
    except UpError as error:
        raise problems.packages_not_installed(error.details) from error


def _make_nlu(steps: Steps) -> None:
    python = interpreters.find(RASA_PYTHON)
    wanted: tuple[str | Path, ...] = ("--python", python) if python else _managed()
    try:
        steps.command(UV, "venv", "-q", *wanted, NLU.folder)
    except UpError as error:
        raise problems.no_python_for_rasa() from error


def _managed() -> tuple[str, ...]:
    return ("--managed-python", "--python", ".".join(str(part) for part in RASA_PYTHON))


def _require_platform() -> None:
    if platform.system() == "Linux" and platform.machine() == "x86_64":
        return
    raise problems.wrong_platform_for_rasa()


def _require_venv(steps: Steps) -> None:
    """Debian's python3 comes without the means to make an environment with pip in it."""
    complete = (sys.executable, "-c", "import ensurepip, venv")
    with suppress(UpError):
        steps.command(*complete)
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    try:
        steps.command("apt-get", "install", "-y", "-qq", package, env=APT)
        steps.command(*complete)
    except UpError as error:
        raise problems.no_venv(package) from error
