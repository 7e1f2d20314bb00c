"""Things that go wrong on purpose, until switched off, used up or out of time."""

from dataclasses import replace
from datetime import datetime

from handlers.simulator.model import Fault, State
from handlers.simulator.world import World

KINDS = {
    "api_slow": "接口变慢",
    "api_5xx": "接口返回 502",
    "api_html": "接口返回网页",
    "api_errcode": "接口返回错误码",
    "token_expired": "令牌失效",
    "template_block": "服务通知被对方屏蔽",
    "push_duplicate": "同一消息推两次",
    "push_out_of_order": "两条消息换序",
    "push_slow": "网络慢（回复晚到）",
    "push_plaintext": "推送用明文模式",
    "push_compat": "推送用兼容模式",
    "push_bad_signature": "推送签名不对",
    "push_stale": "推送时间戳过旧",
    "push_control_chars": "推送带控制字符",
    "push_doctype": "推送带 DOCTYPE",
}


class FaultDesk:
    """Switches faults on and off and says when one strikes."""

    def __init__(self, world: World) -> None:
        """Keep the faults in *world*."""
        self._world = world

    def switch_on(self, fault: Fault) -> None:
        """Set *fault*, in place of an earlier one of its kind."""
        with self._world.changing() as state:
            state.faults[fault.kind] = fault

    def switch_off(self, kind: str = "") -> None:
        """Remove one kind of fault, or all."""
        with self._world.changing() as state:
            if kind:
                state.faults.pop(kind, None)
            else:
                state.faults.clear()

    def active(self) -> list[Fault]:
        """Return the faults that are on."""
        with self._world.changing() as state:
            _drop_ended(state, self._world.real_now())
            return list(state.faults.values())

    def is_on(self, kind: str) -> bool:
        """Say whether a fault is on, without using it up."""
        return any(fault.kind == kind for fault in self.active())

    def take(self, kind: str, path: str = "") -> Fault | None:
        """Return the fault if it strikes now, and count it."""
        with self._world.changing() as state:
            _drop_ended(state, self._world.real_now())
            fault = state.faults.get(kind)
            if fault is None or not _applies(fault, path):
                return None
            if fault.left is not None:
                state.faults[kind] = replace(fault, left=fault.left - 1)
                _drop_ended(state, self._world.real_now())
            return fault


def _applies(fault: Fault, path: str) -> bool:
    # Most tests want the messages to fail, not the way to a token.
    return fault.path in path if fault.path else not path.endswith("token")


def _drop_ended(state: State, now: datetime) -> None:
    for kind, fault in list(state.faults.items()):
        spent = fault.left is not None and fault.left <= 0
        late = fault.until is not None and fault.until <= now
        if spent or late:
            del state.faults[kind]
