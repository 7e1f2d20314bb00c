"""
An announcement for 2027 that tests load.

Made up: the real one was not out when this was written.
"""

from datetime import date, timedelta

OFF = {
    "元旦": ("2027-01-01", 3),
    "春节": ("2027-02-05", 8),
    "清明": ("2027-04-03", 3),
    "劳动节": ("2027-05-01", 5),
    "端午": ("2027-06-09", 1),
    "中秋": ("2027-09-15", 1),
    "国庆节": ("2027-10-01", 7),
}
MAKE_UP = {"2027-02-20": "春节", "2027-05-08": "劳动节", "2027-10-09": "国庆节"}
OFF_DAYS = 28


def lines(*, without: str = "") -> list[str]:
    """The rows of the list, but for the day *without*."""
    found = [
        f"{date.fromisoformat(first) + timedelta(days=n)},off,{why}"
        for why, (first, count) in OFF.items()
        for n in range(count)
    ]
    found += [f"{day},work,{why}" for day, why in MAKE_UP.items()]
    return [line for line in found if not (without and line.startswith(without))]


def as_csv(*more: str, without: str = "") -> bytes:
    return "\n".join(["date,works,why", *lines(without=without), *more]).encode()
