"""The ways in: WeChat's callback, the consoles, the phone simulator."""
