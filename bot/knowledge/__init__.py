"""The knowledge base: entries, versions, search."""
