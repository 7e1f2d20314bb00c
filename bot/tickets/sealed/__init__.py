"""Opening what runs in a confidential lane: with a reason, for a while, and heard by others."""
