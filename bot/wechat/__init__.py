"""The platform's edge: envelope, client, token, reply budget."""
