"""Caseworkers who write to the service account from a bound WeChat: accept, answer, on and off."""
