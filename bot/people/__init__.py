"""Residents, staff and areas."""
