"""The farmers' calendar: which days its months are, and its feasts."""

from datetime import date, timedelta

# New Year's Day as month and day, then the length of each month (1: 30 days, 0: 29), a leap
# month counted where it stands, and the number of the month that the leap month repeats.
_YEARS = {
    2014: ("01-31", "0101010110101", 9),
    2015: ("02-19", "010010111010", 0),
    2016: ("02-08", "101001011011", 0),
    2017: ("01-28", "0101001010111", 6),
    2018: ("02-16", "010100101011", 0),
    2019: ("02-05", "101010010011", 0),
    2020: ("01-25", "0111010010101", 4),
    2021: ("02-12", "011010101010", 0),
    2022: ("02-01", "101011010101", 0),
    2023: ("01-22", "0100110110101", 2),
    2024: ("02-10", "010010110110", 0),
    2025: ("01-29", "1010010101110", 6),
    2026: ("02-17", "101001001110", 0),
    2027: ("02-06", "110100100110", 0),
    2028: ("01-26", "1110100100110", 5),
    2029: ("02-13", "110101010011", 0),
    2030: ("02-03", "010110101010", 0),
    2031: ("01-23", "0110101101010", 3),
    2032: ("02-11", "100101101101", 0),
    2033: ("01-31", "0100101011101", 11),
    2034: ("02-19", "010010101101", 0),
    2035: ("02-08", "101001001101", 0),
    2036: ("01-28", "1101001001011", 6),
    2037: ("02-15", "110100100101", 0),
    2038: ("02-04", "110101010010", 0),
    2039: ("01-24", "1101101010100", 5),
    2040: ("02-12", "101101011010", 0),
}
FIRST, LAST = min(_YEARS), max(_YEARS)


def month(year: int, number: int) -> tuple[date, date]:
    """
    Return the first and last day of a month of a lunar year; never its leap month.

    Raises:
        KeyError: the year is outside FIRST to LAST.
    """
    new_year, lengths, leap = _YEARS[year]
    before = number - 1 + (1 if leap and number > leap else 0)
    start = date.fromisoformat(f"{year}-{new_year}")
    days = [29 + int(length) for length in lengths]
    first = start + timedelta(days=sum(days[:before]))
    return first, first + timedelta(days=days[before] - 1)


def day(year: int, month_number: int, day_number: int) -> date:
    """
    Return a day of a lunar year.

    Raises:
        KeyError: the year is outside FIRST to LAST.
    """
    return month(year, month_number)[0] + timedelta(days=day_number - 1)
