"""`make chaos`: the whole service under a crowd, while everything around it fails."""
