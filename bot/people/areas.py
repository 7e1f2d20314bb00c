"""The places of Yunnan: finding them in what people write, and what lies within what."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "data" / "areas.yaml"
COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 6, 9, 12
COUNTY_ENDINGS = "县市区"
HERE = re.compile(r"(在|住|到|来|去)(云南省?)?$")
ORIGIN_BEFORE = re.compile(r"(老家|家乡|户口|户籍|来自|籍贯)[是在:: ]*(云南省?)?$")
# Where somebody lives, not where they pass through or once were.
HOME = re.compile(
    r"(我们?家?|俺|咱们?家?)(人|现在|目前|就|都|也|还|一家|一家人|一直|是|刚|刚刚|已经)*"
    r"(在|住在?|搬到|搬来|搬去|搬家到|租在|租房在)(云南省?)?$"
)
MOVED = re.compile(r"^(已经|刚|刚刚)?(搬到|搬来|搬去|搬家到|换到)(云南省?)?$")
PASSING = re.compile(
    r"^(的)?(火车|汽车|高铁|客运|长水|机场|车站|站|医院|人民医院|时候|那阵|那时|那年|那几年)"
)
HOME_END = re.compile(
    r"^(这边|那边|这里|那里|住|上班|打工|来|去|生活|了|啦|咯|啊|呢|的|[。.！!，,～~\s])*$"
)
# Around a place that stands for itself: 我是祥云县的, 官渡这边的.
AROUND = (
    re.compile(
        r"^(那么?|要是|如果)?(我们?|咱们?|我家)?(这边|这里)?(是|在|住|属于|问的?是)?(云南省?)?$"
    ),
    re.compile(
        r"^(这边|那边|这里|那里|城里|县城|农村|乡下|下面|本地)?的?(人|户口|话)?(呢|嘛|啊|吧)*[。.！!，,～~？?\s]*$"
    ),
)
SCENE_CODE = re.compile(r"(?<!\d)53\d{4}(?!\d)")
ORIGIN_AFTER = re.compile(r"^(那边|那里)?(老?人|来的|户口|户籍|老家)")


@dataclass(frozen=True, slots=True)
class Area:
    """One division: 6-digit code, official name, and the code it lies in."""

    code: str
    name: str
    short: str
    parent: str


@dataclass(frozen=True, slots=True)
class Areas:
    """All divisions, and the pattern that finds them."""

    by_code: Mapping[str, Area]
    by_word: Mapping[str, str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Found:
    code: str
    start: int
    end: int


@cache
def load_areas(path: Path = FILE) -> Areas:
    """Read the divisions once per process."""
    content = yaml.safe_load(path.read_text("utf-8"))
    areas = list(_rows(content))
    by_code = {area.code: area for area in areas}
    by_word = {word: area.code for area in areas for word in _words(area, by_code)}
    # A word that only holds a place's name takes the text first, and means nothing.
    by_word |= dict.fromkeys(content["no_places"], "")
    longest_first = sorted(by_word, key=len, reverse=True)
    return Areas(by_code, by_word, re.compile("|".join(map(re.escape, longest_first))))


def find_area(text: str) -> str:
    """
    Return the code of the place *text* is about, or an empty text.

    Where somebody is counts more than where they come from; of two places
    the smaller one counts, and of two alike the one named first.
    """
    areas = load_areas()
    found = _joined(areas, text)
    best = max(found, key=lambda hit: (_nearness(text, hit), exactness(hit.code)), default=None)
    return best.code if best else ""


def place_meant(text: str, home: str) -> str:
    """
    Return the code of the place whose rules *text* asks for; *home* where it names none.

    Where somebody comes from does not count.  Of two places that do not lie in one
    another nobody knows which is meant: then *home* counts, which may be empty.
    """
    stated = home_stated(text)
    named = [hit.code for hit in _joined(load_areas(), text) if _nearness(text, hit) >= 0]
    best = stated or max(named, key=exactness, default="")
    if not best or within(home, best):
        return home
    return best if stated or all(within(best, code) for code in named) else home


def home_stated(text: str) -> str:
    """Return the code of the place where the writer says they live, or an empty text."""
    for hit in _joined(load_areas(), text):
        before, after = text[: hit.start], text[hit.end :]
        if (HOME.search(before) or MOVED.search(before)) and not PASSING.search(after):
            return hit.code
    return ""


def only_says_home(text: str) -> bool:
    """Say whether a text is nothing but where its writer lives: 我搬到曲靖了."""
    found = _joined(load_areas(), text)
    if len(found) != 1:
        return False
    before, after = text[: found[0].start].strip(), text[found[0].end :]
    told = HOME.fullmatch(before) or MOVED.fullmatch(before)
    return told is not None and HOME_END.fullmatch(after) is not None


def only_place(text: str) -> str:
    """Return the code of the place that a text is nothing but: 曲靖会泽的, 我是祥云县的."""
    found = _joined(load_areas(), text)
    if len(found) != 1:
        return ""
    before, after = text[: found[0].start].strip(), text[found[0].end :]
    alone = AROUND[0].fullmatch(before) and AROUND[1].fullmatch(after)
    return found[0].code if alone else ""


def area_in_scene(scene: str) -> str:
    """Return the division code that the scene of a QR code holds (village-530111), if any."""
    return next((c for c in SCENE_CODE.findall(scene) if c in load_areas().by_code), "")


def area_name(code: str) -> str:
    """Return the official name, of a village its county's; an unknown code gives an empty text."""
    area = _known(code)
    return area.name if area else ""


def full_name(code: str) -> str:
    """Return the name with the prefecture's before it: 昆明市官渡区."""
    areas = load_areas().by_code
    area = _known(code)
    if area is None:
        return ""
    parent = areas.get(area.parent)
    return area.name if parent is None or parent.parent == "" else f"{parent.name}{area.name}"


def short_name(code: str) -> str:
    """Return what people call it, with the prefecture before it: 昆明官渡."""
    areas = load_areas().by_code
    area = _known(code)
    if area is None:
        return ""
    parent = areas.get(area.parent)
    own = area.short or area.name
    return own if parent is None or parent.parent == "" else f"{parent.short}{own}"


def _known(code: str) -> Area | None:
    return load_areas().by_code.get(code[:COUNTY_DIGITS])


def within(code: str, ancestor_code: str) -> bool:
    """Say whether *code* is *ancestor_code* or lies in it, down to townships and villages."""
    return bool(ancestor_code) and code.startswith(_stem(ancestor_code))


def exactness(code: str) -> int:
    """Return a number that is larger for a smaller division."""
    return len(_stem(code))


def _stem(code: str) -> str:
    """A division's code without the zeros that mean "all of it"."""
    if len(code) <= COUNTY_DIGITS:
        return code.removesuffix("00").removesuffix("00")
    # Townships have 9 digits and villages 12; a township is also written with three zeros more.
    return code.removesuffix("000") if len(code) == VILLAGE_DIGITS else code


def _rows(content: dict[str, Any]) -> Iterator[Area]:
    province = content["province"]
    yield Area(province["code"], province["name"], province["short"], "")
    for prefecture in content["prefectures"]:
        code = prefecture["code"]
        yield Area(code, prefecture["name"], prefecture["short"], province["code"])
        for county in prefecture["counties"]:
            yield Area(county["code"], county["name"], county.get("short", ""), code)


def _words(area: Area, by_code: Mapping[str, Area]) -> Iterator[str]:
    """Everything people call the place."""
    yield area.name
    if area.short:
        yield area.short
    parent = by_code.get(area.parent)
    if parent is None:
        return
    if parent.parent == "":
        yield f"{area.short}{area.name[-1]}"
        return
    bare = _bare(area)
    # Whole with its ending, or 昆明官渡区 leaves a 区 that seems to say something.
    county = f"{bare}{area.name[-1]}" if area.name[-1] in COUNTY_ENDINGS else bare
    for ending in ("", "市", "州"):
        yield from (f"{parent.short}{ending}{name}" for name in (bare, county, area.name))
    if area.short:
        yield county


def _bare(area: Area) -> str:
    name = area.short or area.name
    return name[:-1] if len(name) > 2 and name[-1] in COUNTY_ENDINGS else name  # noqa: PLR2004 (芒市, 云县)


def _joined(areas: Areas, text: str) -> list[_Found]:
    """Every place named; one that follows its own prefecture at once is one place with it."""
    found: list[_Found] = []
    for match in areas.pattern.finditer(text):
        code = areas.by_word[match.group()]
        if not code:
            continue
        start = match.start()
        if found and found[-1].end == start and within(code, found[-1].code):
            start = found.pop().start
        found.append(_Found(code, start, match.end()))
    return found


def _nearness(text: str, found: _Found) -> int:
    """Tell where somebody is (1) from a place merely named (0) and where they come from (-1)."""
    before, after = text[: found.start], text[found.end :]
    if ORIGIN_BEFORE.search(before) or ORIGIN_AFTER.search(after):
        return -1
    return 1 if HERE.search(before) else 0
