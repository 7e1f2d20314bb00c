"""What the proxy lets through is what has to be reached from outside, and nothing else."""

import re

from bot.settings import ROOT
from tests.handlers.web.conftest import Phone

PROXY = ROOT / "deploy" / "nginx" / "yunqiao.conf"
FOR_THIS_MACHINE = {"/healthy", "/metrics"}


def test_the_proxy_publishes_what_wechat_has_to_reach(phone: Phone) -> None:
    routes = {rule.rule for rule in phone.client.application.url_map.iter_rules()}
    published = set(re.findall(r"location = (\S+) \{", PROXY.read_text("utf-8")))

    assert published == routes - FOR_THIS_MACHINE


def test_the_proxy_lets_a_rush_from_one_address_of_wechat_through() -> None:
    """The service takes a hundred messages a second, which WeChat may send from one address."""
    [rate] = re.findall(r"zone=yunqiao_scan:\S+ rate=(\d+)r/s", PROXY.read_text("utf-8"))

    assert int(rate) >= 2 * 100
