"""Where and when it was measured."""

import os
import platform
import re
from pathlib import Path

from bot import clock


def described() -> dict[str, object]:
    """Return processor, cores, memory, system, day, and how busy the machine is."""
    return {
        "processor": _first("/proc/cpuinfo", r"model name\s*:\s*(.+)"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(_first("/proc/meminfo", r"MemTotal:\s+(\d+)") or 0) / 2**20),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "measured_on": clock.now().date().isoformat(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _first(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text("utf-8"))
    except OSError:
        found = None
    return found.group(1).strip() if found else ""
