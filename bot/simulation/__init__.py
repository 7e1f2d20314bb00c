"""A month that did not happen: traffic on a virtual clock through the real services."""
