"""Every table, so that migrations and tests see the whole database."""

import bot.audit
import bot.casefile.tables
import bot.chores.tables
import bot.conversation.tables
import bot.desk.tables
import bot.disputes.tables
import bot.finding.tables
import bot.inbox
import bot.knowledge.tables
import bot.media
import bot.notices.tables
import bot.outbox
import bot.people.signin.tables
import bot.people.tables
import bot.privacy.tables
import bot.processes
import bot.replies.tables
import bot.reports.tables
import bot.tickets.alarm.tables
import bot.tickets.approvals.tables
import bot.tickets.clocks.tables
import bot.tickets.sealed.tables
import bot.tickets.tables
import bot.understanding.tables
import bot.wechat.tables
import bot.workdays.tables  # noqa: F401
from bot.db.engine import Base

metadata = Base.metadata
