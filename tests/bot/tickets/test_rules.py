"""Rules of who gets what, as reviewed data."""

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.knowledge.topics import load_topics
from bot.tickets.fitting import STEPS
from bot.tickets.rules import FILE, load_rules
from bot.understanding.crisis import CrisisKind


def test_every_rule_the_code_knows_stands_in_the_file_with_a_sentence() -> None:
    steps = load_rules().steps

    assert {step.id for step in steps} == STEPS.keys()
    assert all(step.says for step in steps)


def test_lanes_speak_of_topics_and_dangers_that_there_are() -> None:
    for lane in load_rules().lanes.values():
        assert {*lane.topics, *lane.unless_topics} <= set(load_topics().keys)
        assert set(lane.crisis_kinds) <= set(CrisisKind)
        assert all(re.compile(pattern) for pattern in lane.any)


def test_the_alarm_of_each_level_rings_later_the_second_time() -> None:
    for spans in load_rules().unassigned_alarm.values():
        assert list(spans) == sorted(set(spans))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{id: room, kind: must", "{id: room, kind: perhaps", "steps.8.kind"),
        (", none: 合适的人手上都到上限了", "", "a must needs `none`"),
        ("crisis: 3, ", "", "nothing for"),
        ("{id: roster,", "{id: room,", "twice"),
        ("days: 14", "days: fourteen", "fairness.days"),
        ("crisis: [5m, 15m]", "crisis: [5 minutes]", "unassigned_alarm"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_the_place_named(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = FILE.read_text("utf-8")
    assert before in text
    path = tmp_path / "routing.yaml"
    path.write_text(text.replace(before, after, 1), "utf-8")

    with pytest.raises(SettingsError, match=re.escape(said)):
        load_rules(path)
