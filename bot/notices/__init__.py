"""Telling staff: what happened, on which channels, whether it arrived, whether it was seen."""
