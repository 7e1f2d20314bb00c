"""What the service did, for audit."""
