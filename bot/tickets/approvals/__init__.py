"""What needs a second person's word before it is done to a ticket."""
