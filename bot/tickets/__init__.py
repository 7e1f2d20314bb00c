"""Tickets: opening, routing, moving, closing."""
