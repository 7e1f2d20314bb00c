"""The channels that leave the house: WeChat's template message, the group robot, e-mail."""

from collections.abc import Mapping

from bot.notices.mail import Mailer
from bot.notices.preferences import template
from bot.notices.robot import Robot
from bot.notices.sending import Parcel, Post
from bot.notices.tables import Channel
from bot.settings import Settings
from bot.wechat.client import WeChatApi
from bot.wechat.staff_calls import send_template

LONGEST_FIELD = 20
NO_NUMBER = "-"


class TemplatePost:
    """Sends a WeChat template message to the account the person bound."""

    def __init__(self, settings: Settings, api: WeChatApi) -> None:
        self._settings = settings
        self._api = api

    def send(self, parcel: Parcel) -> str:
        """Send it; WeChat takes the same one once in ten minutes, and reports on it later."""
        ours = self._settings.alerts
        at = parcel.at.astimezone(self._settings.zone)
        fields = {
            ours.template_what: parcel.text[:LONGEST_FIELD],
            ours.template_number: parcel.numbers[0] if parcel.numbers else NO_NUMBER,
            ours.template_at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
        }
        return send_template(
            self._api,
            parcel.address,
            template_id=template(self._settings),
            fields={name: value for name, value in fields.items() if name},
            url=link(self._settings, parcel),
            once=parcel.once,
        )


class RobotPost:
    """Speaks in the WeCom group, to the person where their name there is known."""

    def __init__(self, settings: Settings, robot: Robot) -> None:
        self._settings = settings
        self._robot = robot

    def send(self, parcel: Parcel) -> str:
        """Send it; the robot says nothing about it later."""
        who = f"<@{parcel.address}>" if parcel.address != "@" else parcel.name
        lines = [f"{who} {parcel.text}", "、".join(parcel.numbers)]
        address = link(self._settings, parcel)
        lines.append(f"[打开工作台]({address})" if address else "")
        self._robot.say("\n".join(line for line in lines if line))
        return ""


class MailPost:
    """Sends an e-mail."""

    def __init__(self, settings: Settings, mailer: Mailer) -> None:
        self._settings = settings
        self._mailer = mailer

    def send(self, parcel: Parcel) -> str:
        """Send it; a mail server says nothing about it later."""
        lines = [f"{parcel.name}，您好：", "", f"{parcel.text}。"]
        if parcel.numbers:
            lines.append(f"编号：{'、'.join(parcel.numbers)}")
        address = link(self._settings, parcel)
        lines += [address, "", "不想收邮件，可以在工作台“我的”→“提醒方式”里改。"]
        self._mailer.send(
            to=parcel.address,
            subject=f"{self._settings.service.name}：{parcel.text}",
            text="\n".join(lines),
            once=parcel.once,
        )
        return ""


def link(settings: Settings, parcel: Parcel) -> str:
    """Return the page that says more, to whoever logs in; empty where no address is set."""
    base = settings.alerts.console_url.rstrip("/")
    if not base:
        return ""
    return f"{base}/tickets/{parcel.numbers[0]}" if len(parcel.numbers) == 1 else f"{base}/notices"


def make_posts(settings: Settings, api: WeChatApi) -> Mapping[Channel, Post]:
    """Return the channels this installation has."""
    posts: dict[Channel, Post] = {}
    if template(settings):
        posts[Channel.WECHAT] = TemplatePost(settings, api)
    if settings.alerts.wecom_webhook.get_secret_value():
        posts[Channel.WECOM] = RobotPost(settings, Robot(settings))
    if settings.mail.host and settings.mail.sender:
        posts[Channel.EMAIL] = MailPost(settings, Mailer(settings))
    return posts
