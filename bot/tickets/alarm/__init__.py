"""Calling people to a crisis, one after another, until somebody accepts; and practising it."""
