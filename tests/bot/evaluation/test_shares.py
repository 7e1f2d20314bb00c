"""Figures that were worked out by hand."""

import pytest

from bot.evaluation.shares import (
    bins,
    calibration_error,
    f1,
    label_f1,
    macro_f1,
    percentiles,
    share,
)


def test_a_share_keeps_what_it_was_counted_from() -> None:
    found = share([True, False, True, True])

    assert (found.hits, found.of, found.rate) == (3, 4, 0.75)


def test_a_share_of_nothing_has_no_rate() -> None:
    assert share([]).rate is None


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    # precision 2/4, recall 2/3
    assert f1(2, expected=3, named=4) == pytest.approx(2 * (1 / 2) * (2 / 3) / (1 / 2 + 2 / 3))
    assert f1(0, expected=0, named=0) is None


def test_macro_f1_is_the_mean_over_what_was_expected() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "c")]

    # a: 1 hit, 2 expected, 1 named; b: 1 hit, 2 expected, 2 named; c was never expected
    assert label_f1(pairs, "a") == pytest.approx(2 / 3)
    assert label_f1(pairs, "b") == pytest.approx(1 / 2)
    assert macro_f1(pairs) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert macro_f1([]) is None


def test_confidence_falls_into_ten_bins() -> None:
    found = bins([(0.0, False), (0.65, True), (0.69, False), (1.0, True)])

    assert [one.number for one in found] == [1, 0, 0, 0, 0, 0, 2, 0, 0, 1]
    assert (found[6].low, found[6].high) == (0.6, 0.7)
    assert found[6].confidence == pytest.approx(0.67)
    assert found[6].right == 0.5
    assert found[1].confidence is None


def test_the_calibration_error_weighs_the_bins_by_their_size() -> None:
    judged = [(0.95, True), (0.95, False), (0.25, False), (0.25, False)]

    # |.95 - .5| for a half, |.25 - 0| for the other half
    assert calibration_error(judged) == pytest.approx(0.45 / 2 + 0.25 / 2)
    assert calibration_error([]) is None


def test_percentiles_are_times_that_were_seen() -> None:
    found = percentiles(range(200, 0, -1))

    assert (found.number, found.p50, found.p95, found.p99) == (200, 100, 190, 198)


def test_one_time_is_every_percentile_and_none_is_none() -> None:
    assert percentiles([7.26]).p99 == 7.3
    assert percentiles([]).p50 is None
