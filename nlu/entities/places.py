"""Places in Yunnan down to the township, the locality that follows, and where else people go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlu.entities.gazetteer import Gazetteer, Place, Trust, load_gazetteer
from nlu.entities.span import Span

# A locality is a short name and one of these; the signs kept out of the name
# are those that begin ordinary words after a place (昆明打工, 会泽老乡, 官渡一个村).
_NOT_IN_NAME = (
    "的一个那这打找去来到做在有是我你他她们搬住买卖租开跑干"
    "也都和跟还没不给着老同本全各每几家农城里头下"
)
_LOCALITY = re.compile(
    rf"[^{_NOT_IN_NAME}\W\d]{{1,3}}(?:街道|社区|镇|乡|村|寨|铺|营|屯|坝|箐)(?!下|民|里人)"
)
_NO_TOWNSHIP = re.compile("[下亲里间民音愁镇]")
_STREET = re.compile(r"路(?![上边费过程远口])|街(?![头上边面道])|大道|巷(?!子)")
_AFTER = re.compile("那边|那点|那头|那里|这边|县城|来的|老家|人(?!员)")
_BEFORE = "在到去回从家是住来往"


@dataclass(frozen=True, slots=True)
class _Chain:
    """Names that follow each other, from large to small; `place` is the smallest."""

    place: Place
    end: int


def find_places(flat: str, text: str) -> Iterator[Span]:
    """
    Yield each place of *flat*; one followed at once by a smaller one is a single place.

    The value is the official name where only one place can be meant, else what was written.
    """
    gazetteer = load_gazetteer()
    start = 0
    while start < len(flat):
        chain = _chain(gazetteer, flat, start)
        if chain is None:
            start += 1
            continue
        if chain.place.trust and not _STREET.match(flat, chain.end):
            surface = text[start : chain.end]
            name = "".join(chain.place.path) or flat[start : chain.end]
            yield Span("place", name, surface, start, chain.end)
        start = chain.end


def _chain(gazetteer: Gazetteer, flat: str, start: int) -> _Chain | None:
    for name in gazetteer.names.at(flat, start):
        for place in gazetteer.places[name]:
            end = start + len(name)
            if place.trust is Trust.NOTHING:
                return _Chain(place, end)
            if name[-1] == "乡" and _NO_TOWNSHIP.match(flat, end):
                continue
            longer = _extended(gazetteer, flat, _Chain(place, end))
            if _is_meant(place, flat, start, end, larger=longer.end > end):
                return _with_locality(flat, _unmistakable(gazetteer, name, longer, end))
    return None


def _is_meant(place: Place, flat: str, start: int, end: int, *, larger: bool) -> bool:
    if place.trust is Trust.IN_CONTEXT:
        before = start > 0 and flat[start - 1] in _BEFORE
        return larger or before or _AFTER.match(flat, end) is not None
    return place.trust is Trust.ALWAYS


def _extended(gazetteer: Gazetteer, flat: str, chain: _Chain) -> _Chain:
    """Follow the chain into the smaller places that stand right behind."""
    for name in gazetteer.names.at(flat, chain.end):
        end = chain.end + len(name)
        places = gazetteer.places[name]
        if places[-1].trust is Trust.NOTHING:
            return chain
        if name[-1] == "乡" and _NO_TOWNSHIP.match(flat, end):
            continue
        within = next((place for place in places if place.lies_in(chain.place)), None)
        if within and (chain.place.path or within.trust > Trust.IN_PLACE):
            return _extended(gazetteer, flat, _Chain(within, end))
        if any(place.trust > Trust.IN_PLACE and not place.path for place in places):
            return _Chain(chain.place, end)
    return chain


def _unmistakable(gazetteer: Gazetteer, name: str, chain: _Chain, end: int) -> _Chain:
    """A township of a name that several counties have is named, but not which."""
    sure = (place for place in gazetteer.places[name] if place.trust is Trust.ALWAYS)
    alike = {place.path for place in sure if place.path}
    township = 3
    if chain.end == end and len(chain.place.path) == township and len(alike) > 1:
        return _Chain(Place((), chain.place.trust), chain.end)
    return chain


def _with_locality(flat: str, chain: _Chain) -> _Chain:
    follows = _LOCALITY.match(flat, chain.end)
    return _Chain(chain.place, follows.end()) if follows else chain
