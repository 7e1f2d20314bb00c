"""A notice ready to go out."""

from bot.notices.sending import Parcel
from bot.notices.tables import Channel
from tests.conftest import NOW

PARCEL = Parcel(
    deliveries={7: 1},
    staff_id=1,
    channel=Channel.EMAIL,
    name="王芳",
    text="您有新的工单，请到工作台查看",
    numbers=("2611-0041",),
    at=NOW,
    address="wang@example.org",
)
LINK = "https://console.example.org/tickets/2611-0041"
