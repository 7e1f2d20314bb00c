"""How somebody stays logged in, and proves a second time that it is them."""
