"""Numbers as people say and type them: 三万五, 1.2万, 3千5, 八十五, 两千多."""

import re

_DIGITS = dict(zip("零〇一二三四五六七八九", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], strict=True))
_DIGITS |= {"两": 2, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1_000, "k": 1_000, "K": 1_000}
_GREAT = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}

HUNDREDS_UP = "百千万亿wWkK"
SPOKEN = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,15}"
_AFTER_UNIT = r"[零\d一二三四五六七八九百千万]{0,8}"
WRITTEN = rf"\d{{1,9}}(?:,\d{{3}}){{0,3}}(?:\.\d{{1,2}})?(?:[{HUNDREDS_UP}]{_AFTER_UNIT})?"
NUMERAL = rf"(?:{WRITTEN}|{SPOKEN})"

_PARTS = re.compile(r"\d+(?:\.\d+)?|.")
_DIGIT_RUN = re.compile(r"[〇一二两三四五六七八九幺]{2,}")
_MOST = 10**12


def number(surface: str) -> float | None:
    """Return what *surface* says, None when it is no single number (七八, 几十)."""
    plain = surface.replace(",", "")
    if not plain or _DIGIT_RUN.search(plain):
        return None
    value = _value(_PARTS.findall(plain))
    return value if value is not None and value < _MOST else None


def whole(surface: str) -> int | None:
    """Return *surface* as a whole number, None when it is not one."""
    value = number(surface)
    return int(value) if value is not None and value == int(value) else None


def _value(parts: list[str]) -> float | None:
    total = section = digit = 0.0
    rest = 1.0
    for part in parts:
        if part in _UNITS:
            section += (digit or 1) * _UNITS[part]
            digit, rest = 0, _UNITS[part] / 10
        elif part in _GREAT:
            total = (total + section + digit or 1) * _GREAT[part]
            section, digit, rest = 0, 0, _GREAT[part] / 10
        elif part in _DIGITS:
            digit = _DIGITS[part]
            rest = 1 if part in "零〇" else rest
        elif part[0].isdigit():
            digit = float(part)
            # 3万05 and 3万500 say every place; 3万5 leaves the next unit unsaid.
            rest = rest if len(part) == 1 else 1
        else:
            return None
    return total + section + digit * rest
