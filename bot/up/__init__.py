"""From a fresh clone to a running service: environments, supervision, what the terminal says."""
