"""A reply goes one way and only one."""

from concurrent.futures import ThreadPoolExecutor

from bot.window import PassiveWindow


def test_a_claimed_window_cannot_be_closed() -> None:
    window = PassiveWindow(1)

    assert window.claim()
    assert not window.close()


def test_a_closed_window_cannot_be_claimed() -> None:
    window = PassiveWindow(1)

    assert window.close()
    assert not window.claim()


def test_no_seconds_is_a_closed_window() -> None:
    assert not PassiveWindow(0).claim()


def test_two_at_once_never_both_win() -> None:
    for _ in range(200):
        window = PassiveWindow(1)
        with ThreadPoolExecutor(2) as pool:
            claimed, closed = pool.submit(window.claim), pool.submit(window.close)

        assert claimed.result() is not closed.result()
