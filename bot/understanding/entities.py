"""The few facts that the stand-in reads from a text without any model."""

import re
from collections.abc import Mapping
from typing import Any

from bot.understanding.normalise import normalise

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8})(?!\d)")
_DIGIT = "[零〇一二两三四五六七八九十百千万亿半]"
_START = rf"(?:\d+(?:\.\d+)?|{_DIGIT})"
_MONEY = re.compile(
    rf"{_START}(?:\d|{_DIGIT}|,(?=\d{{3}}))*\s*(?:元|块钱|块(?![田地土瓦砖布木石肉儿去走克吃喝干]))"
)
_WAN = re.compile(rf"(?:\d+(?:\.\d+)?|{_DIGIT}+)万{_DIGIT}*\d*(?:元|块)?")
_VALUES = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_AGE = re.compile(r"(\d{1,3}|[一二两三四五六七八九十]{1,3})岁")
_PEOPLE = re.compile(
    r"(\d{1,4}|[一二两三四五六七八九十]{1,3})(?:个|名|位|多个|几个)"
    r"(?:人|工友|工人|老乡|民工|兄弟)"
)
_OLDEST = 120


def read_entities(text: str) -> Mapping[str, Any]:
    """
    Return phone, amount (as written), amount_yuan, age and people_count, where found.

    An identity number leaves only `id_number: True`.
    """
    plain, hidden = _ID_NUMBER.subn("□", normalise(text))
    found: dict[str, Any] = {"id_number": True} if hidden else {}
    phone = _PHONE.search(plain)
    if phone:
        found["phone"] = re.sub(r"\D", "", phone.group())
    found.update(_money(_PHONE.sub("□", plain)))
    for name, pattern, most in (("age", _AGE, _OLDEST), ("people_count", _PEOPLE, 10_000)):
        match = pattern.search(plain)
        number = amount_of(match.group(1)) if match else None
        if number is not None and 0 < number <= most:
            found[name] = int(number)
    return found


def amount_of(written: str) -> float | None:
    """Return the number of a Chinese or Arabic numeral such as 三千二, 1.2万, 8千五; else None."""
    total, section, digit, unit = 0.0, 0.0, 0.0, 1
    for part in re.findall(rf"\d+(?:\.\d+)?|{_DIGIT}", written.replace(",", "")):
        if part in _UNITS:
            unit = _UNITS[part]
            if unit >= _UNITS["万"]:
                total, section, digit = total + (section + digit or 1) * unit, 0.0, 0.0
            else:
                section, digit = section + (digit or 1) * unit, 0.0
        elif part == "半":
            digit += unit / 2
        else:
            digit, unit = _digit(part, digit), (1 if part in "零〇" else unit)
    # 三千二 means 3200: a last digit counts in the place below the unit before it.
    ends_short = unit > 1 and 0 < digit < _UNITS["十"] and "半" not in written
    value = total + section + (digit * unit / 10 if ends_short else digit)
    return value if re.search(rf"\d|{_DIGIT}", written) else None


def _digit(part: str, before: float) -> float:
    return float(part) if part[0].isdigit() else before * 10 + _VALUES[part]


def _money(plain: str) -> dict[str, Any]:
    found = sorted(
        {*_MONEY.finditer(plain), *_WAN.finditer(plain)}, key=lambda match: match.start()
    )
    texts = list(dict.fromkeys(match.group().strip() for match in found))
    if not texts:
        return {}
    value = amount_of(texts[0].rstrip("元块钱"))
    amount: dict[str, Any] = {"amount": texts}
    if value:
        amount["amount_yuan"] = int(value) if value.is_integer() else value
    return amount
