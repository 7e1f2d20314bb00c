"""Numbers as people say and type them: 三万五, 1.2万, 八十五, 两千多."""

import re

_DIGITS = dict(zip("零〇一二三四五六七八九", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], strict=True))
_DIGITS |= {"两": 2, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_GREAT = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}

SPOKEN = r"[一二两三四五六七八九十](?:[零〇一二两三四五六七八九十百千万亿]*)"
WRITTEN = r"\d+(?:,\d{3})*(?:\.\d+)?(?:[万千百wW]\d*[千百]?)?"
NUMERAL = rf"(?:{WRITTEN}|{SPOKEN})"

_WRITTEN_PARTS = re.compile(r"(\d+(?:\.\d+)?)([万千百wW]?)(\d*)([千百]?)")
_DIGIT_RUN = re.compile(r"[零〇一二两三四五六七八九幺]{2,}")


def number(surface: str) -> float | None:
    """Return what *surface* says, None when it is no single number (七八, 几十)."""
    plain = surface.replace(",", "")
    if written := _WRITTEN_PARTS.fullmatch(plain):
        return _written(*written.groups())
    return None if _DIGIT_RUN.search(plain.replace("零", "")) else _spoken(plain)


def whole(surface: str) -> int | None:
    """Return *surface* as a whole number, None when it is not one."""
    value = number(surface)
    return int(value) if value is not None and value == int(value) else None


def _written(lead: str, unit: str, rest: str, rest_unit: str) -> float:
    scale = _UNITS.get(unit) or _GREAT.get(unit) or 1
    value = float(lead) * scale
    if rest:
        # 3万5 leaves the next unit unsaid: 3万5千.
        value += int(rest) * (_UNITS.get(rest_unit) or scale / 10 ** len(rest))
    return value


def _spoken(plain: str) -> float | None:
    total = section = digit = 0
    last_unit = 10
    for sign in plain:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            last_unit = 10 if sign in "零〇" else last_unit
        elif sign in _UNITS:
            section += (digit or 1) * _UNITS[sign]
            digit, last_unit = 0, _UNITS[sign]
        elif sign in _GREAT:
            total = (total + section + digit) * _GREAT[sign]
            section, digit, last_unit = 0, 0, _GREAT[sign]
        else:
            return None
    # 一千三 leaves the last unit unsaid: 一千三百.
    return float(total + section + digit * (last_unit // 10))
