"""
Makes lists/townships.txt: Yunnan's townships by county, as names and codes of divisions.

It reads the table that jionlp (Apache-2.0) ships; neither training nor service needs jionlp:

    python3.10 -m pip install --target /tmp/jionlp jionlp==1.5.31
    PYTHONPATH=/tmp/jionlp python3.10 nlu/townships.py nlu/lists/townships.txt
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# The table is older than two counties' change into cities.
RENAMED = {"530422": ("530481", "澄江市"), "532331": ("532302", "禄丰市")}
_PEOPLES = (
    "阿昌|白|布朗|布依|藏|傣|德昂|独龙|哈尼|回|基诺|景颇|拉祜|傈僳|满|蒙古|苗|纳西|怒|普米|水|佤|瑶"
    "|彝|壮|各"
)
_ENDING = re.compile(f"(?:(?:{_PEOPLES})族)*(?:街道|镇|乡)$")
_FARM = re.compile(r"^[一-鿿]{2,3}农场$")


def lines(province: Mapping[str, Any]) -> Iterator[str]:
    """Yield `code prefecture county township…`; `·` parts a township's name from its kind."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for prefecture, counties in _named(province):
        for county, townships in _named(counties):
            code, name = RENAMED.get(townships["_admin_code"], (townships["_admin_code"], county))
            marked = {_marked(township) for township, _ in _named(townships)}
            found[code, prefecture, name] |= marked - {""}
    for head, names in sorted(found.items()):
        yield " ".join((*head, *sorted(names)))


def _named(division: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, within) for name, within in division.items() if not name.startswith("_"))


def _marked(township: str) -> str:
    """Return 塘房·镇; an empty text for parks, reserves and a prison, where nobody is at home."""
    if ending := _ENDING.search(township):
        return f"{township[: ending.start()]}·{ending.group()}"
    return f"{township}·" if _FARM.match(township) else ""


def main() -> None:
    """Write the list to the file named as argument."""
    import jionlp  # noqa: PLC0415  (installed for this run only)

    table = jionlp.china_location_loader(detail=True)
    text = "".join(f"{line}\n" for line in lines(table["云南省"]))
    Path(sys.argv[1]).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
