"""Which model is chosen, and how one goes back."""

import os
from pathlib import Path

import pytest

from nlu.training import choice

A, B, C = (f"nlu-{letter}.tar.gz" for letter in "abc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three models, C the newest."""
    for age, name in enumerate((C, B, A)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_000 - age, 1_000 - age))
    return tmp_path


def test_where_nothing_was_chosen_the_newest_serves(folder: Path, tmp_path: Path) -> None:
    assert choice.read(folder) is None
    assert choice.chosen(folder) == folder / C
    assert choice.chosen(tmp_path / "nowhere") is None


def test_the_chosen_model_serves_and_not_the_newest(folder: Path) -> None:
    choice.switch(folder, A)

    assert choice.chosen(folder) == folder / A


def test_where_the_chosen_model_is_gone_the_newest_serves(folder: Path) -> None:
    choice.switch(folder, A)
    (folder / A).unlink()

    assert choice.chosen(folder) == folder / C


@pytest.mark.parametrize("body", ["", "{", "[]", '{"model": "x"}', '{"model": 1, "previous": ""}'])
def test_a_broken_file_counts_as_none(folder: Path, body: str) -> None:
    (folder / choice.FILE).write_text(body, "utf-8")

    assert choice.chosen(folder) == folder / C
    choice.switch(folder, A)
    assert choice.chosen(folder) == folder / A


def test_a_rollback_goes_back_and_keeps_the_model_from_coming_again(folder: Path) -> None:
    choice.switch(folder, A)
    choice.switch(folder, B)

    assert choice.roll_back(folder) == choice.Choice(A, B, (B,))
    assert choice.roll_back(folder) == choice.Choice(B, A, (A,))


def test_switching_to_the_same_model_keeps_what_a_rollback_goes_to(folder: Path) -> None:
    choice.switch(folder, A)
    choice.switch(folder, B)
    choice.switch(folder, B)

    assert choice.read(folder) == choice.Choice(B, A)


def test_there_is_no_way_back_to_a_model_that_is_gone(folder: Path) -> None:
    choice.switch(folder, A)
    with pytest.raises(choice.NoPreviousModelError):
        choice.roll_back(folder)
    choice.switch(folder, B)
    (folder / A).unlink()
    with pytest.raises(choice.NoPreviousModelError):
        choice.roll_back(folder)

    assert choice.chosen(folder) == folder / B


def test_what_was_refused_is_remembered_until_it_is_reconsidered_or_gone(folder: Path) -> None:
    choice.refuse(folder, B, before=A)
    choice.refuse(folder, C, before=A)
    assert choice.read(folder) == choice.Choice(A, "", (B, C))

    choice.reconsider(folder, B)
    assert choice.read(folder) == choice.Choice(A, "", (C,))

    (folder / C).unlink()
    choice.switch(folder, B)
    assert choice.read(folder) == choice.Choice(B, A)


def test_nothing_but_the_file_and_the_models_lies_about(folder: Path) -> None:
    choice.switch(folder, A)

    assert sorted(path.name for path in folder.iterdir()) == [choice.FILE, A, B, C]
