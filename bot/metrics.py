"""Prometheus metrics; counts and seconds, never content."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

RECEIVED = Counter("yunqiao_received_total", "Messages and events stored", ["kind"])
REPEATS = Counter("yunqiao_repeats_total", "Pushes that were here already")
REFUSED = Counter("yunqiao_refused_pushes_total", "Pushes that were refused", ["reason"])
TURNS = Counter("yunqiao_turns_total", "Turns decided", ["action"])
LATE = Counter("yunqiao_late_replies_total", "Replies left to the outbox for lack of time")
LEFT = Counter("yunqiao_left_messages_total", "Messages stored and left to a worker in a rush")
ANEW = Counter("yunqiao_turns_anew_total", "Turns decided anew, as what they rest on had changed")
FAILED = Counter("yunqiao_failed_turns_total", "Turns that broke and will be tried again")
SENT = Counter("yunqiao_sent_total", "Customer-service messages by outcome", ["outcome"])
TYPING = Counter("yunqiao_typing_total", "Typing signs by outcome", ["outcome"])
NOTICES = Counter("yunqiao_notices_total", "Notices to staff by outcome", ["channel", "outcome"])
CHORES = Counter("yunqiao_chores_total", "Chores by outcome", ["kind", "outcome"])
CALLBACK_SECONDS = Histogram(
    "yunqiao_callback_seconds",
    "From WeChat's call to our answer",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 4.5, 5),
)


def numbers() -> bytes:
    """Return what is to be read: of this process, or of all of a server that has several."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
