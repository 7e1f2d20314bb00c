"""Measurements of the whole line; nothing here is a test.  Run with `make bench`."""
