"""What the labels have to do with each other."""

# Messages of these intents are about no topic, and all others are about one.
SOCIAL_INTENTS = frozenset(
    {
        "human_handoff",
        "ticket_status",
        "feedback_complaint",
        "greeting",
        "thanks",
        "out_of_scope",
    }
)
NO_TOPIC = "none"
