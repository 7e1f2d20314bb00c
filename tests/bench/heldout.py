"""The labelled messages that nobody trains on."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from tests.bench.recipes import NLU

LONG = 60
"""Characters beyond which a message is long."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message, its intent, and the entries that answer it."""

    text: str
    intent: str
    gold: frozenset[str]

    @property
    def is_question(self) -> bool:
        """Whether it is a policy question that an entry answers."""
        return self.intent == "policy_question" and bool(self.gold)


def messages(*, trained_on: Collection[str]) -> list[Message]:
    """Return the held-out messages, without those that stand in the training data as well."""
    known = {text.strip() for text in trained_on}
    found = []
    for path in sorted((NLU / "heldout").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["text"].strip() not in known:
                gold = frozenset(row.get("gold_fact_ids") or ())
                found.append(Message(row["text"], row["intent"], gold))
    return found
