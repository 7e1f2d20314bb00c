"""What is promised, by when, and how that is kept true."""
