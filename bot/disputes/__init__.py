"""Disputes: who against whom, for what, with which evidence, and until when it can be fought."""
