"""Keeping an installation: backup, restore, and the move to a larger database."""
