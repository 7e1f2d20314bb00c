"""When a new model may take the place of the one in use."""

from pathlib import Path

import pytest

from nlu.training import choice
from nlu.training.gate import Figures, HeldOutError, consider, read_held_out, reasons_against

OLD = Figures(intent_macro_f1=0.80, topic_accuracy=0.75, crisis_recall=0.90)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (OLD, []),
        (Figures(0.85, 0.80, 0.95), []),
        (Figures(0.795, 0.745, 0.90), []),
        (Figures(0.78, 0.80, 0.95), ["intent macro-F1"]),
        (Figures(0.85, 0.73, 0.95), ["topic accuracy"]),
        (Figures(0.85, 0.80, 0.8999), ["crises"]),
        (Figures(0.10, 0.10, 0.10), ["intent macro-F1", "topic accuracy", "crises"]),
    ],
)
def test_a_little_may_be_lost_but_no_crisis(new: Figures, words: list[str]) -> None:
    reasons = reasons_against(new, OLD, margin=0.01)

    assert len(reasons) == len(words)
    assert all(word in reason for word, reason in zip(words, reasons, strict=True))


def test_the_margin_may_be_set() -> None:
    worse = Figures(0.78, 0.73, 0.90)

    assert reasons_against(worse, OLD, margin=0.0) != []
    assert reasons_against(worse, OLD, margin=0.05) == []


def test_the_figures_stand_under_their_titles() -> None:
    assert OLD.row() == "          0.800           0.750          0.900"


def test_held_out_messages_are_those_of_a_file_or_of_every_file_in_a_folder(
    tmp_path: Path,
) -> None:
    line = '{"text": "你好", "intent": "greeting", "topic": "none", "urgency": "normal"}\n'
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(line, "utf-8")

    assert len(read_held_out(tmp_path)) == 2
    assert len(read_held_out(tmp_path / "a.jsonl")) == 1
    assert read_held_out(tmp_path / "nowhere") == []


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"text": "你好"}'])
def test_a_broken_held_out_file_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text(line, "utf-8")

    with pytest.raises(HeldOutError, match=r"a\.jsonl"):
        read_held_out(tmp_path / "a.jsonl")


def test_the_first_model_is_taken_into_use_unjudged(tmp_path: Path) -> None:
    new = _archive(tmp_path, "new")

    consider(tmp_path, new.name, in_use=None, held_out=tmp_path, margin=0.01)

    assert choice.chosen(tmp_path) == new


def test_without_held_out_messages_a_new_model_is_taken_and_that_is_told(tmp_path: Path) -> None:
    old, new = _archive(tmp_path, "old"), _archive(tmp_path, "new")

    told = consider(tmp_path, new.name, in_use=old, held_out=tmp_path / "none", margin=0.01)

    assert "not judged" in told[0]
    assert choice.read(tmp_path) == choice.Choice(new.name, old.name)


def test_a_model_that_cannot_be_loaded_is_refused(model_path: Path, tmp_path: Path) -> None:
    new = _archive(tmp_path, "new")
    held_out = tmp_path / "a.jsonl"
    held_out.write_text('{"text": "你好", "intent": "greeting", "topic": "none"}', "utf-8")

    told = consider(tmp_path, new.name, in_use=model_path, held_out=held_out, margin=0.01)

    assert "cannot load" in told[-1]
    assert choice.read(tmp_path) == choice.Choice(model_path.name, "", (new.name,))


def test_a_model_in_use_that_cannot_be_loaded_any_more_makes_way(
    model_path: Path, tmp_path: Path
) -> None:
    old = _archive(tmp_path, "old")
    (tmp_path / model_path.name).symlink_to(model_path)
    held_out = tmp_path / "a.jsonl"
    held_out.write_text('{"text": "你好", "intent": "greeting", "topic": "none"}', "utf-8")

    consider(tmp_path, model_path.name, in_use=old, held_out=held_out, margin=0.01)

    assert choice.read(tmp_path) == choice.Choice(model_path.name, old.name)


def _archive(folder: Path, name: str) -> Path:
    path = folder / f"nlu-{name}.tar.gz"
    path.write_bytes(b"no model")
    return path
