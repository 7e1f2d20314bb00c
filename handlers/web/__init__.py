"""The public side: WeChat's callback and health."""
