"""The service on several hosts, set up with the files of deploy/."""

import base64
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from bot import sealing
from handlers.simulator.crypto import Envelope
from tests.chaos.platform import ACCOUNT, Platform, serve
from tests.e2e.running import until
from tests.scale.hosts import INNER, OUTER, Host, network

ROOT = Path(__file__).parents[2]
HOSTS = {"data": 10, "front": 20, "a": 31, "b": 32}
API_PORT = 8399
NLU_PORTS = {"a": (5005, 5006), "b": (5005,)}
OUTSIDE = f"https://{OUTER}.{HOSTS['front']}"
CODE = ("bot", "handlers", "nlu", "data", "deploy", "config.yaml")
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path())


@dataclass
class Installation:
    """Everything that runs, and how to reach it."""

    folder: Path
    hosts: Mapping[str, Host]
    platform: Platform

    @property
    def code(self) -> Path:
        """What on a server is /opt/yunqiao; new code is put there for an upgrade."""
        return self.folder / "yunqiao"

    @property
    def database_url(self) -> str:
        return f"postgresql+psycopg://app@{INNER}.{HOSTS['data']}/app"

    def env(self, host: str = "a") -> dict[str, str]:
        """Return what a unit file hands on, and where on this host things listen."""
        address = f"{INNER}.{HOSTS[host]}"
        nlu = ",".join(f"http://127.0.0.1:{port}" for port in NLU_PORTS[host])
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "YUNQIAO_SECRETS_FILE": str(self.folder / "yunqiao.env"),
            "YUNQIAO_WEB__HOST": address,
            "YUNQIAO_CONSOLE__HOST": address,
            "YUNQIAO_NLU__URLS": nlu,
        }

    def reload(self, host: str, name: str) -> None:
        """Do what `systemctl reload yunqiao@NAME` does there."""
        pid = str(self.hosts[host].running[name].pid)
        self.command("reload", name, pid, **self.env(host))

    def command(self, *arguments: str, **more: str) -> str:
        """Run `python -m bot …` as an operator does; *more* goes into its environment."""
        done = subprocess.run(
            [_python(self.code), "-m", "bot", *arguments],
            cwd=self.code, env=self.env() | more, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def run(self, host: str, name: str) -> None:
        """Start what `systemctl start yunqiao@NAME` starts there."""
        self.hosts[host].start(
            name, [_python(self.code), "-m", "bot", "run", name],
            env=self.env(host), folder=self.code,
        )  # fmt: skip


def processes(host: str) -> list[str]:
    """Return the names of what runs on a host of the service."""
    nlus = [f"nlu-{number}" if number > 1 else "nlu" for number in range(1, 4)]
    return [*nlus[: len(NLU_PORTS[host])], "worker", "console", "web"]


@contextmanager
def installation(folder: Path, models: Path | None) -> Iterator[Installation]:
    """Set up database, Redis, nginx and two hosts of the service; stop all afterwards."""
    with ExitStack() as stack:
        logs = folder / "logs"
        logs.mkdir()
        hosts = stack.enter_context(network(HOSTS, outside="front", logs=logs))
        platform = Platform(OUTSIDE, Envelope("", "", ""))
        server = serve(platform, f"{INNER}.1", API_PORT)
        stack.callback(server.shutdown)
        whole = Installation(folder, hosts, platform)
        _lay_code(whole.code)
        _write_secrets(folder, platform)
        stack.callback(_stop_postgres, folder)
        _start_data(whole)
        if models:
            shutil.copytree(models, folder / "var" / "models")
        whole.command("migrate")
        whole.command("load-content", YUNQIAO_SERVICE__MODE="demo")  # with the people of a demo
        whole.command("nlu", "train")
        for host in NLU_PORTS:
            for name in processes(host):
                whole.run(host, name)
        _start_nginx(whole)
        yield whole


def _python(code: Path) -> str:
    return str(code / ".venv/bin/python")


def _lay_code(target: Path) -> None:
    target.mkdir()
    ignore = shutil.ignore_patterns(".venv", "__pycache__", "models", "tests")
    for name in CODE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=ignore)
        else:
            shutil.copy(ROOT / name, target / name)
    for place in (".venv", "nlu/.venv"):
        (target / place).symlink_to((ROOT / place).resolve())


def _write_secrets(folder: Path, platform: Platform) -> None:
    """Fill in the template of deploy/, as an operator does."""
    (folder / "var").mkdir()
    filled = {
        "SERVICE__DATA_DIR": str(folder / "var"),
        "CONSOLE__SECURE_COOKIES": "true",
        "CONSOLE__SECRET_KEY": secrets.token_hex(32),
        "NLU__TOKEN": secrets.token_hex(32),
        "PRIVACY__KEYS": f"a:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "PRIVACY__SEARCH_KEY": secrets.token_hex(32),
        "WECHAT__TOKEN": secrets.token_hex(8),
        "WECHAT__AES_KEY": secrets.token_hex(22)[:43],
        "WECHAT__APP_ID": "wx77scale77scale77",
        "WECHAT__APP_SECRET": secrets.token_hex(16),
        "DATABASE__URL": f"postgresql+psycopg://app@{INNER}.{HOSTS['data']}/app",
        "REDIS__URL": f"redis://{INNER}.{HOSTS['data']}:6379/0",
    }
    text = (ROOT / "deploy/yunqiao.env").read_text("utf-8")
    for name, value in filled.items():
        text, found = re.subn(rf"(?m)^#?YUNQIAO_{name}=.*$", f"YUNQIAO_{name}={value}", text)
        assert found == 1, name
    text += f"YUNQIAO_WECHAT__ACCOUNT_ID={ACCOUNT}\n"
    text += f"YUNQIAO_WECHAT__API_BASE=http://{INNER}.1:{API_PORT}\n"
    path = folder / "yunqiao.env"
    path.write_text(text, "utf-8")
    known = dotenv_values(path)
    names = ("TOKEN", "AES_KEY", "APP_ID")
    platform.envelope = Envelope(*(str(known[f"YUNQIAO_WECHAT__{name}"]) for name in names))
    keys = sealing.parse(str(known["YUNQIAO_PRIVACY__KEYS"]))
    sealing.use(keys, search=str(known["YUNQIAO_PRIVACY__SEARCH_KEY"]))


def _start_data(whole: Installation) -> None:
    host, folder = whole.hosts["data"], whole.folder / "postgres"
    folder.mkdir()
    shutil.chown(folder, "postgres")
    as_postgres = ("runuser", "-u", "postgres", "--")
    data = folder / "data"
    made = [str(POSTGRES / "initdb"), "-D", str(data), "-A", "trust", "-U", "app"]
    subprocess.run([*as_postgres, *made], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    with (data / "pg_hba.conf").open("a") as hba:
        hba.write(f"host all app {INNER}.0/24 trust\n")
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    listen = ("-c", f"listen_addresses={host.address}", "-c", "max_connections=300")
    argv = [*as_postgres, str(POSTGRES / "postgres"), "-D", str(data), "-k", str(folder), *listen]
    host.start("postgres", argv, env=env, folder=folder)
    redis = ["redis-server", "--bind", host.address, "--protected-mode", "no", "--save", ""]
    host.start("redis", redis, env=env, folder=whole.folder)
    create = [str(POSTGRES / "createdb"), "-h", host.address, "-U", "app", "app"]
    until(lambda: subprocess.run(create, check=False, capture_output=True).returncode == 0)


def _stop_postgres(folder: Path) -> None:
    """It changed its user, and so is not tied to us."""
    stop = [str(POSTGRES / "pg_ctl"), "-D", str(folder / "postgres/data"), "-m", "immediate"]
    subprocess.run(
        ["runuser", "-u", "postgres", "--", *stop, "stop"],
        check=False, capture_output=True, cwd=folder,
    )  # fmt: skip


def _start_nginx(whole: Installation) -> None:
    """Use the shipped file, with names, certificate and hosts changed as it says."""
    folder = whole.folder / "nginx"
    folder.mkdir()
    front = f"{OUTER}.{HOSTS['front']}"
    names = f"subjectAltName=IP:{front},IP:{INNER}.{HOSTS['front']}"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=yunqiao", "-addext", names, "-keyout", folder / "key", "-out", folder / "crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (ROOT / "deploy/nginx/yunqiao.conf").read_text("utf-8")
    for port in (8000, 8001):
        servers = "".join(f"server {INNER}.{HOSTS[host]}:{port}; " for host in NLU_PORTS)
        text = text.replace(f"server 127.0.0.1:{port};", servers)
    text = re.sub(r"/etc/yunqiao/tls/\w+\.(crt|key)", rf"{folder}/\1", text)
    text = text.replace("/var/log/nginx", str(folder))
    (folder / "yunqiao.conf").write_text(text)
    top = f"pid {folder}/pid; user root; events {{}}\nhttp {{ include {folder}/yunqiao.conf; }}\n"
    (folder / "nginx.conf").write_text(top)
    argv = ["nginx", "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*argv, "-t"], check=True, capture_output=True)
    whole.hosts["front"].start(
        "nginx", [*argv, "-g", "daemon off;"], env={"PATH": "/usr/sbin:/usr/bin"}, folder=folder
    )
