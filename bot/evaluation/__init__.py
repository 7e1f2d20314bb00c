"""How good the service is on labelled messages: `python -m bot evaluate messages FILE`."""
