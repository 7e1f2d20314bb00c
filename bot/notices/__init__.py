"""Telling staff: what happened, over which channels, whether it arrived, and whether it was seen."""
