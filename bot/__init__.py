"""What the service does. Knows no Flask."""
