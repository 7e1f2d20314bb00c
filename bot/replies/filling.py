"""Filling in what a ready phrase leaves open."""

from datetime import datetime

from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.tables import Ticket

NAME, NUMBER, TIME = "〔姓名〕", "〔编号〕", "〔时间〕"
OPEN = {
    NAME: "您的名字",
    NUMBER: "这件事的编号",
    TIME: "答应回复的时间，如“明天下午5点”",
}
SOON = "今天"
"""What is promised where the promised time is over."""


def fill(text: str, *, ticket: Ticket, staff: Staff, now: datetime, settings: Settings) -> str:
    """Return the phrase with the person's name, the ticket's number and the promised time."""
    late = ticket.reply_due_at <= now
    promised = SOON if late else hours.promise(ticket.reply_due_at, now, settings=settings)
    filled = text.replace(NAME, staff.name).replace(NUMBER, ticket.number)
    return filled.replace(TIME, promised)
