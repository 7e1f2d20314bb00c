"""Places in Yunnan down to the county, the locality that follows, and where else people go."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from nlu.entities.span import Span

_LISTS = Path(__file__).parents[1] / "lists" / "places.yml"
_SUFFIX = r"(?:[一-鿿]{2,12}?自治[县州]|州|市|县|区)"
# A locality is a short name and one of these; the signs kept out of the name
# are those that begin ordinary words after a place (昆明打工, 会泽老乡, 官渡一个村).
_NOT_IN_NAME = (
    "的一个那这打找去来到做在有是我你他她们搬住买卖租开跑干"
    "也都和跟还没不给着老同本全各每几家农城里头"
)
_LOCALITY = rf"[^{_NOT_IN_NAME}\W\d]{{1,3}}(?:街道|社区|镇|乡|村|寨|铺|营|屯|坝|箐)(?!下|民|里人)"
_STREET = "路|街|大道|巷"
_WORDS_NOT_PLACES = r"普洱(?=茶)|红塔(?=山|集团)|大理(?=石)|昆明(?=湖)"


def find_places(flat: str, text: str) -> Iterator[Span]:
    """Yield each place of *flat*; one followed at once by a smaller one is a single place."""
    for found in _pattern().finditer(flat):
        surface = text[found.start() : found.end()]
        yield Span("place", found.group(), surface, found.start(), found.end())


@functools.cache
def _pattern() -> re.Pattern[str]:
    lists = yaml.safe_load(_LISTS.read_text("utf-8"))
    counties = {name for names in lists["prefectures"].values() for name in names}
    strict = set(lists["only_with_suffix"])
    free = (counties | set(lists["prefectures"]) | set(lists["also"])) - strict
    localities = _any(lists["localities"])
    sure = rf"(?:{_any(free)}){_SUFFIX}?省?"
    # 威信 is a county after 在, and authority after 没得.
    doubtful = rf"(?:{_any(strict)})"
    unsure = rf"{doubtful}(?:{_SUFFIX}|(?={localities}))|(?<=[在到去回从家是]){doubtful}"
    within = rf"(?:{sure}|{unsure})+(?:{localities}|{_LOCALITY})?|{localities}"
    beyond = rf"(?:{_any(lists['elsewhere'])})省?"
    return re.compile(rf"(?!{_WORDS_NOT_PLACES})(?:{within}|{beyond})(?!{_STREET})")


def _any(names: set[str] | list[str]) -> str:
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))
