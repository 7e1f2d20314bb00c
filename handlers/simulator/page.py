"""The page: phones side by side, and the developer panel."""

from flask import Blueprint, render_template, request

from handlers.simulator import faults
from handlers.simulator.guard import refuse_other_sites
from handlers.simulator.here import simulator

EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - only compared with

page = Blueprint(
    "page",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@page.get("/")
def phones() -> str:
    """Show the phones."""
    settings = simulator().settings
    refuse_other_sites(settings.simulator.host)
    return render_template(
        "simulator/phones.html",
        account=settings.service.name,
        console_url=_reachable(settings.console.host, settings.console.port),
        faults=faults.KINDS,
    )


@page.get("/health")
def health() -> str:
    """Say that the simulator runs."""
    return "ok"


def _reachable(host: str, port: int) -> str:
    """Return an address a browser can open; one that listens everywhere is where we are."""
    if host in EVERYWHERE:
        host = request.host.partition(":")[0]
    return f"http://{host}:{port}/"
