"""`make scale`: several hosts, as network namespaces, that fail and are upgraded under traffic."""
