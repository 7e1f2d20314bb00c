"""The Rasa NLU project: which intent and topic a message has, and what it names."""
