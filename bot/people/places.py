"""Townships and villages: an imported list, found by name or code, written in full."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError
from bot.people.areas import (
    COUNTY_DIGITS,
    TOWNSHIP_DIGITS,
    VILLAGE_DIGITS,
    find_area,
    full_name,
    load_areas,
    within,
)
from bot.people.tables import Place

LONGEST_NAME = 40
MOST_SHOWN = 10
HEADER = ["code", "name"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import would change, or changed."""

    new: int
    renamed: tuple[tuple[str, str, str], ...]
    """Code, name before, name now."""
    unchanged: int


def read_places(content: bytes) -> Mapping[str, str]:
    """
    Return the names by code of a list of townships (9 digits) and villages (12 digits).

    A list that starts higher up is welcome: its prefectures and counties are
    compared with ours.

    Raises:
        InvalidInputError: something in it is wrong; the text names every line, up to ten.
    """
    rows = _rows(_text(content))
    header = [cell.strip().lower() for cell in next(rows, [])]
    if header[: len(HEADER)] != HEADER:
        msg = "第一行要是 code,name 两列，例如：\ncode,name\n530111001,关上街道"
        raise InvalidInputError(msg)
    found: dict[str, str] = {}
    problems: list[str] = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        code, name = (cell.strip() for cell in (*row, "", "")[:2])
        code = shortened(code)
        wrong = _wrong(code, name, found)
        if wrong:
            problems.append(f"第{number}行：{wrong}")
        elif len(code) > COUNTY_DIGITS:
            found[code] = name
    if not problems and not found:
        problems.append("里面没有乡镇、街道或村、社区。")
    if problems:
        raise InvalidInputError(_all(problems))
    return found


def compare(session: Session, places: Mapping[str, str]) -> Imported:
    """
    Return what importing these would change.

    Raises:
        InvalidInputError: a village lies in a township that neither the list nor we have.
    """
    known = {place.code: place.name for place in session.scalars(select(Place))}
    townships = known.keys() | places.keys()
    orphans = [
        f"{code} {name}：它的乡镇（{code[:TOWNSHIP_DIGITS]}）不在表里，先加上那一行"
        for code, name in places.items()
        if len(code) == VILLAGE_DIGITS and code[:TOWNSHIP_DIGITS] not in townships
    ]
    if orphans:
        raise InvalidInputError(_all(orphans))
    renamed = tuple(
        (code, known[code], name)
        for code, name in places.items()
        if code in known and known[code] != name
    )
    new = len(places.keys() - known.keys())
    return Imported(new, renamed, len(places) - new - len(renamed))


def store(session: Session, places: Mapping[str, str]) -> Imported:
    """Add or rename these places; what the list does not name stays."""
    found = compare(session, places)
    known = {place.code: place for place in session.scalars(select(Place))}
    for code, name in places.items():
        if code in known:
            known[code].name = name
        else:
            session.add(Place(code=code, name=name))
    session.flush()
    return found


def find(session: Session, text: str) -> str:
    """
    Return the code of the place that *text* names, or an empty text.

    A code, a county, or a township or village with what it lies in before it;
    alone where only one place is called so.
    """
    text = text.strip()
    if text.isdigit():
        code = shortened(text)
        known = code in load_areas().by_code or session.get(Place, code) is not None
        return code if known else ""
    if text in load_areas().by_word:
        return load_areas().by_word[text]
    small = select(Place).where(literal(text).endswith(Place.name)).order_by(Place.code)
    named = session.scalars(small).all()
    if not named:
        return find_area(text)
    fitting = [it for it in named if _lies_in(session, it.code, text.removesuffix(it.name))]
    return fitting[0].code if len(fitting) == 1 else ""


def written(session: Session, code: str) -> str:
    """Return the place in full: 昆明市官渡区关上街道关上社区."""
    codes = [part for part in (code[:TOWNSHIP_DIGITS], code) if len(part) > COUNTY_DIGITS]
    names = {
        place.code: place.name
        for place in session.scalars(select(Place).where(Place.code.in_(codes)))
    }
    return full_name(code) + "".join(names.get(part, "") for part in dict.fromkeys(codes))


def shortened(code: str) -> str:
    """Return the code without the zeros that official lists fill up with."""
    if len(code) == VILLAGE_DIGITS:
        code = code.removesuffix("000")
        code = code.removesuffix("000") if len(code) == TOWNSHIP_DIGITS else code
    return code


def _lies_in(session: Session, code: str, before: str) -> bool:
    around = find(session, before) if before else ""
    return not before or (around != "" and within(code, around))


def _rows(text: str) -> Iterator[list[str]]:
    """Yield the rows; a file may end its lines as any system does."""
    try:
        yield from csv.reader(io.StringIO(text, newline=None))
    except csv.Error:
        msg = "这不是 CSV 文件，请从表格软件另存为 CSV（UTF-8）再试。"
        raise InvalidInputError(msg) from None


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = "读不出里面的字：请存成 CSV UTF-8。"
    raise InvalidInputError(msg)


def _wrong(code: str, name: str, found: Mapping[str, str]) -> str:
    """Return what is wrong with a line; empty: nothing."""
    areas = load_areas().by_code
    lengths = (COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS)
    if not (code.isascii() and code.isdigit() and len(code) in lengths):
        return f"代码“{code}”要是9位（乡镇、街道）或12位（村、社区）数字"
    if code[:COUNTY_DIGITS] not in areas:
        return f"代码{code}不在云南的129个县市区里"
    if len(code) == COUNTY_DIGITS:
        ours = areas[code].name
        return "" if name == ours else f"{code}应是{ours}，表里写的是“{name}”"
    if not 0 < len(name) <= LONGEST_NAME:
        return f"代码{code}没有名称，或名称超过{LONGEST_NAME}个字"
    return f"代码{code}出现了两次" if code in found else ""


def _all(problems: list[str]) -> str:
    more = len(problems) - MOST_SHOWN
    shown: Iterator[str] = iter(problems[:MOST_SHOWN])
    return "\n".join([*shown, *([f"还有{more}处"] if more > 0 else [])])
