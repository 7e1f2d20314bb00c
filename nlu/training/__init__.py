"""Training, judging and checking: nothing here is loaded by the server."""
