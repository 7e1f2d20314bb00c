"""What happens to the hosts one after the other, and what is measured of it."""

import http.client
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine, inspect, select

from bot.clock import now
from bot.contracts import Source
from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage, ReplyVia
from bot.jobs import LOCK
from bot.knowledge import entries
from bot.knowledge.drafts import Draft
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Staff
from bot.processes import Lock
from tests.chaos.platform import Platform
from tests.e2e.running import until
from tests.scale.hosts import INNER, OUTER
from tests.scale.installation import HOSTS, NLU_PORTS, Installation, processes

DOWN_SECONDS = 8.0
HEALTHY_SECONDS = 120.0
SETTLE_SECONDS = 300.0
QUESTION = "云岭彩虹补贴怎么申请"
ANSWER = "带上身份证到村委会登记，七天后到卡。"
NEW_TABLE = '''"""a table of the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("of_the_upgrade", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("of_the_upgrade")
'''


def kill_and_start(whole: Installation, host: str, name: str) -> None:
    """Kill a process, leave it down for some seconds, and start it again."""
    whole.hosts[host].kill(name)
    time.sleep(DOWN_SECONDS)
    whole.run(host, name)
    wait_until_healthy(whole, host, name)


def take_over(whole: Installation, engine: Engine) -> float:
    """Kill the worker that holds the timetable; return the seconds until another has it."""
    holder = _holder(engine)
    pid = int(holder.rsplit(":", 1)[1])
    [host] = [it for it in NLU_PORTS if whole.hosts[it].running["worker"].pid == pid]
    began = time.monotonic()
    whole.hosts[host].kill("worker")
    until(lambda: _holder(engine) != holder, 60)
    took = time.monotonic() - began
    whole.run(host, "worker")
    wait_until_healthy(whole, host, "worker")
    return took


def publish(whole: Installation, engine: Engine) -> dict[str, float]:
    """Publish an entry; return the seconds until each web process answers with it."""
    draft = Draft(
        question=QUESTION, variants=("彩虹补贴", "云岭彩虹补贴在哪里领"), answer=ANSWER,
        sources=(Source("云岭彩虹补贴办法", "第二条", effective_date="2026年1月1日"),),
        topic="wages", subject="补贴",
    )  # fmt: skip
    with transaction(engine) as session:
        author, approver = session.scalars(select(Staff.id).limit(2))
        version = entries.create(session, draft, author_id=author, now=now())
    with transaction(engine) as session:
        entries.publish(session, version.entry_id, staff_id=approver, now=now())
    began, found = time.monotonic(), dict[str, float]()
    for number in range(1000):
        for host in NLU_PORTS:
            web = f"http://{INNER}.{HOSTS[host]}:8000"
            asked = Platform(web, whole.platform.envelope)
            one = asked.push(
                f"o-asks-{host}-{number}", QUESTION, f"{HOSTS[host]}{10**12 + number}"
            )
            if ANSWER[:8] in one.reply or QUESTION in one.reply:
                found.setdefault(host, time.monotonic() - began)
        if len(found) == len(NLU_PORTS):
            return found
        assert time.monotonic() - began < 30, found
    raise AssertionError


def upgrade(whole: Installation) -> None:
    """Put new code in place with a migration that adds a table, as deploy/README.md says."""
    before = {host: _children(whole, host) for host in NLU_PORTS}
    versions = whole.code / "bot/db/migrations/versions"
    last = max(path.name[:4] for path in versions.glob("0*.py"))
    number = f"{int(last) + 1:04d}"
    added = NEW_TABLE.format(number=number, before=last)
    (versions / f"{number}_of_the_upgrade.py").write_text(added)
    whole.command("migrate")
    for host in NLU_PORTS:
        for name in ("web", "console"):
            whole.reload(host, name)
        for name in processes(host)[:-2]:
            whole.hosts[host].stop(name)
            whole.run(host, name)
            wait_until_healthy(whole, host, name)
    until(lambda: all(not before[host] & _children(whole, host) for host in NLU_PORTS), 60)


def settle(engine: Engine) -> None:
    """Wait until nothing is left to answer, to fetch or to send."""
    undone = (
        select(InboundMessage.id).where(InboundMessage.answered_at.is_(None)),
        select(InboundMessage.id).where(
            InboundMessage.reply_via == ReplyVia.PASSIVE, InboundMessage.handed_at.is_(None)
        ),
        select(OutboundMessage.id).where(OutboundMessage.state == SendState.QUEUED),
    )

    def done() -> bool:
        with reading(engine) as session:
            return all(session.scalar(it.limit(1)) is None for it in undone)

    until(done, SETTLE_SECONDS)


def has_new_table(engine: Engine) -> bool:
    """Say whether the migration was run."""
    return inspect(engine).has_table("of_the_upgrade")


def reached(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what somebody outside, and somebody in the office, gets of what is not public."""
    front, inner = f"{OUTER}.{HOSTS['front']}", f"{INNER}.{HOSTS['front']}"
    for path in ("/console", "/healthy", "/metrics", "/login", "/"):
        yield f"outside, {path}", _get(folder, front, path, "wx.example.org")
    yield "outside, the console's name", _get(folder, front, "/login", "console.example.org")
    yield "the office, the console's name", _get(folder, inner, "/login", "console.example.org")
    for port in (8000, 8001, 8003, 5005):
        host = f"{INNER}.{HOSTS['a']}"
        argv = ["ip", "netns", "exec", "yq-front", "curl", "-sm2", f"http://{host}:{port}/metrics"]
        done = subprocess.run(argv, check=False, capture_output=True, text=True)
        what = "nothing" if "yunqiao_" not in done.stdout else "numbers"
        yield f"another host, port {port} /metrics", what


def wait_until_healthy(whole: Installation, host: str, name: str) -> None:
    """Wait until a process serves."""
    ports = {"web": 8000, "console": 8001}
    if name not in ports:
        inside = {"worker": 8003, "nlu": 5005, "nlu-2": 5006}[name]
        argv = ["ip", "netns", "exec", f"yq-{host}", "curl", "-sfm2"]
        ask = [*argv, f"http://127.0.0.1:{inside}/healthy"]
        _wait(lambda: subprocess.run(ask, check=False, capture_output=True).returncode == 0)
        return
    _wait(lambda: _plain(f"{INNER}.{HOSTS[host]}", ports[name]) == 200)


def _wait(condition: Callable[[], bool]) -> None:
    until(condition, HEALTHY_SECONDS)


def _plain(address: str, port: int) -> int:
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/healthy")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _get(folder: Path, address: str, path: str, name: str) -> str:
    trusted = ssl.create_default_context(cafile=str(folder / "nginx/crt"))
    connection = http.client.HTTPSConnection(address, timeout=5, context=trusted)
    try:
        connection.request("GET", path, headers={"Host": name})
        return f"HTTP {connection.getresponse().status}"
    except (OSError, http.client.HTTPException):
        return "hung up on"
    finally:
        connection.close()


def _holder(engine: Engine) -> str:
    with reading(engine) as session:
        row = session.get(Lock, LOCK)
        return row.holder if row else ""


def _children(whole: Installation, host: str) -> set[int]:
    """Return the processes that answer there, below those that only watch over them."""
    found: set[int] = set()
    for name in ("web", "console"):
        pid = whole.hosts[host].running[name].pid
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
        found |= {int(part) for part in told.split()}
    return found
